/** Signed acts on their way and data that moves. */
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { bytes, duration, percent, rate, type Language } from '../../models/format.ts';
import { useRunning } from '../../models/running.ts';
import { Panel } from '../../ui/panel.tsx';
import { Pill } from '../../ui/pill.tsx';
import { Time } from '../../ui/time.tsx';

export function RunningNow() {
  const { t, i18n } = useTranslation(['home', 'sheet', 'shell']);
  const language: Language = i18n.language === 'zh' ? 'zh' : 'en';
  return (
    <div className="running">
      <Panel plain title={t('running.title')} query={useRunning()} rows={1} empty={({ acts, transfers }) => (acts.length + transfers.length > 0 ? null : <p className="c-3 home__quiet">{t('running.nothing')}</p>)}>
        {({ acts, transfers }) => (
          <ul>
            {acts.map((act) => (
              <li key={act.id} className="running__item">
                <div className="row apart"><span className="t-medium cut">{t(`sheet:kind.${act.kind}.title`)}{act.title !== '' && <>{t('shell:colon')}<bdi>{act.title}</bdi></>}</span><Pill tone="wait">{t(`sheet:state.${act.state}`)}</Pill></div>
                <p className="t-small c-2"><Time at={act.createdAt} style="age" /></p>
              </li>
            ))}
            {transfers.map(({ id, title, copy }) => (
              <li key={id} className="running__item">
                <div className="row apart"><Link to="/orders/$order" params={{ order: id }} className="t-medium cut c-1"><bdi>{title ?? id}</bdi></Link><span className="c-2 no-wrap">{t('running.of', { done: bytes(copy.bytesDone), total: bytes(copy.bytesTotal) })}</span></div>
                <div className="running__bar" role="progressbar" aria-label={t('running.loading', { title: title ?? id })} aria-valuenow={Math.floor((copy.bytesDone / copy.bytesTotal) * 100)} aria-valuetext={percent(copy.bytesDone / copy.bytesTotal)}><i style={{ transform: `scaleX(${copy.bytesDone / copy.bytesTotal})` }} /></div>
                {copy.rate !== null && copy.rate > 0 && <p className="t-small c-2">{t('running.rate', { rate: rate(copy.rate), left: duration(((copy.bytesTotal - copy.bytesDone) / copy.rate) * 1000, language) })}</p>}
              </li>
            ))}
          </ul>
        )}
      </Panel>
    </div>
  );
}
