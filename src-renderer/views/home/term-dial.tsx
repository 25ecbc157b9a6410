/** The term that runs now. */
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { grouped } from '../../models/format.ts';
import { useNode } from '../../models/node.ts';
import { useRNode } from '../../models/rnode.ts';
import { useWallet } from '../../models/wallet.ts';
import { CommitteeRing } from '../../ui/committee-ring.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Pill } from '../../ui/pill.tsx';

export function TermDial() {
  const { t } = useTranslation('home');
  const node = useNode();
  const mine = (useRNode().data?.members ?? []).some((member) => member.mine);
  const own = (useWallet().data?.accounts ?? []).map(({ address }) => address.toLowerCase());
  return (
    <div className="home__dial">
      <Panel plain query={node} rows={3}>
        {(data) => {
          const blocks = data.termLen * data.viewLen;
          const seats = data.proposers.flatMap((address, seat) => (own.includes(address.toLowerCase()) ? [seat] : []));
          const place = { block: data.blockOfTerm + 1, blocks, term: grouped(data.term) };
          return (
            <div className="row gap-4">
              <CommitteeRing termLen={data.termLen} viewLen={data.viewLen} block={data.head === null ? null : data.blockOfTerm} mine={seats} figure={data.head === null ? '–' : data.blockOfTerm + 1} caption={t('dial.of', place)} label={t('dial.label', place)} />
              <div className="col gap-1">
                <span><Pill tone={mine ? 'ok' : 'idle'}>{t(mine ? 'dial.rnode' : 'dial.no_rnode')}</Pill></span>
                <p className="t-medium above-1">{t('dial.term', place)}</p>
                <p className="t-small c-2">{t(`dial.mode.${data.mode}`, { seats: data.termLen, seconds: data.periodMillis / 1000 })}</p>
                <Link to="/rnode" className="t-small">{t('dial.open')}</Link>
              </div>
            </div>
          );
        }}
      </Panel>
    </div>
  );
}
