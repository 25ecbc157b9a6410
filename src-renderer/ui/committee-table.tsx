/** The table twin of the committee ring. */
import { useTranslation } from 'react-i18next';

export interface CommitteeTableProps {
  readonly termLen: number;
  readonly viewLen: number;
  readonly block: number | null;
  readonly mine: readonly number[];
}

export function CommitteeTable({ termLen, viewLen, block, mine }: CommitteeTableProps) {
  const { t } = useTranslation('ui');
  return (
    <table className="ring__table t-small">
      <caption className="unseen">{t('ring.caption')}</caption>
      <thead><tr><th>{t('ring.block')}</th><th>{t('ring.seat')}</th><th>{t('ring.view')}</th><th>{t('ring.state')}</th></tr></thead>
      <tbody>
        {Array.from({ length: termLen * viewLen }, (_, index) => (
          <tr key={index}>
            <td>{index + 1}</td>
            <td>{(index % termLen) + 1}{mine.includes(index % termLen) ? ` (${t('ring.yours')})` : ''}</td>
            <td>{Math.floor(index / termLen) + 1}</td>
            <td>{index <= (block ?? -1) ? t('ring.sealed') : t('ring.to_come')}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
