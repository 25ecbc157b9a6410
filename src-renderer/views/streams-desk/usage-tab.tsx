/** Messages by hour of the last day: bars from zero, and the same as a table. */
import { useTranslation } from 'react-i18next';
import type { PublishedStreamView } from '../../../src-node/api/contract/index.ts';
import { bytes, clock, grouped } from '../../models/format.ts';
import { Empty } from '../../ui/empty.tsx';

const LABEL_EVERY = 6;

export function UsageTab({ stream: { usage } }: { readonly stream: PublishedStreamView }) {
  const { t } = useTranslation('stream-desk');
  if (usage.length === 0) return <Empty title={t('usage.none')}>{t('usage.none_text')}</Empty>;
  const most = Math.max(1, ...usage.map(({ messages }) => messages));
  const sum = usage.reduce((total, { messages }) => total + messages, 0);
  const hour = (from: number): string => clock(from).slice(0, 5);
  return (
    <figure className="income usage">
      <div className="income__plot" role="img" aria-label={t('usage.label', { count: sum, messages: grouped(sum) })}>
        {[0, most].map((line) => <span key={line} className="income__line" style={{ bottom: `${(line / most) * 100}%` }}><span className="t-micro c-3">{grouped(line)}</span></span>)}
        <div className="income__bars">{usage.map(({ from, messages }) => <span key={from} className="income__day" title={`${hour(from)}: ${grouped(messages)}`}><span className="income__bar" style={{ height: `${(messages / most) * 100}%` }} /></span>)}</div>
      </div>
      <div className="income__labels t-micro c-3" aria-hidden>{usage.map(({ from }, i) => <span key={from}>{(usage.length - 1 - i) % LABEL_EVERY === 0 && <span>{hour(from)}</span>}</span>)}</div>
      <figcaption className="row apart t-small c-3">
        <span>{t('usage.sum', { count: sum, messages: grouped(sum) })}</span>
        <details className="income__table">
          <summary>{t('usage.table')}</summary>
          <table className="data-table data-table--tight">
            <caption className="unseen">{t('usage.table')}</caption>
            <thead><tr><th scope="col">{t('usage.hour')}</th><th scope="col" className="right">{t('usage.messages')}</th><th scope="col" className="right">{t('usage.size')}</th><th scope="col" className="right">{t('usage.readers')}</th></tr></thead>
            <tbody>{usage.map((one) => <tr key={one.from}><td>{hour(one.from)}</td><td className="right">{grouped(one.messages)}</td><td className="right">{bytes(one.bytes)}</td><td className="right">{one.readers}</td></tr>)}</tbody>
          </table>
        </details>
      </figcaption>
    </figure>
  );
}
