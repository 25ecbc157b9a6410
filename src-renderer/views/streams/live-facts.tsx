/** Measured, not claimed: the figures of a reading. */
import { useTranslation } from 'react-i18next';
import type { StreamGap, StreamReading } from '../../../src-node/api/contract/index.ts';
import { duration, grouped, threeFigures, type Language } from '../../models/format.ts';
import { Stat, StatStrip } from '../../ui/stat.tsx';
import { Time } from '../../ui/time.tsx';

export function LiveFacts({ reading, gaps, skipped }: { readonly reading: StreamReading; readonly gaps: readonly StreamGap[]; readonly skipped: number }) {
  const { t, i18n } = useTranslation('streams');
  const language: Language = i18n.language === 'zh' ? 'zh' : 'en';
  const { ratePerSecond, lagMillis, epoch, epochEndsAt, signature, refusedBatches } = reading;
  const missed = gaps.reduce((sum, { from, to }) => sum + ((to ?? reading.at) - from), 0);
  return (
    <div className="live__strip">
      <StatStrip>
        <Stat label={t('fact.rate')} value={ratePerSecond === null ? null : threeFigures(ratePerSecond)} unit={t('fact.rate_unit')} />
        <Stat label={t('fact.lag')} value={lagMillis === null ? null : (lagMillis / 1000).toFixed(1)} unit={t('fact.seconds')} />
        <Stat label={t('fact.signature')} value={<span className={signature === 'refused' ? 'c-bad' : undefined}>{t(`signature.${signature}`)}</span>} unit={signature === 'refused' ? t('fact.refused', { count: refusedBatches }) : t('fact.every_batch')} />
        <Stat label={t('fact.epoch')} value={epoch === null ? null : grouped(epoch)} unit={epochEndsAt === null ? undefined : <><Time at={epochEndsAt} style="left" /> {t('fact.left')}</>} />
        <Stat label={t('fact.gaps')} value={gaps.length} unit={gaps.length === 0 ? t('fact.no_gaps') : t('fact.gap_time', { time: duration(missed, language) })} />
      </StatStrip>
      {skipped > 0 && <p className="t-small c-3">{t('fact.skipped', { count: skipped, rows: grouped(skipped) })}</p>}
    </div>
  );
}
