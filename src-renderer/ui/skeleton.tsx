/** The shape of rows to come; after two seconds it says what it waits for. */
import { useTranslation } from 'react-i18next';
import './note.css';

export interface SkeletonProps {
  readonly rows: number;
  /** What is awaited, in words. */
  readonly cause?: string | undefined;
}

export function Skeleton({ rows, cause }: SkeletonProps) {
  const { t } = useTranslation('ui');
  return (
    <div className="skeleton" role="status" aria-label={t('loading')}>
      {Array.from({ length: rows }, (_, index) => <span key={index} className="skeleton__row" aria-hidden><i /><i /></span>)}
      <span className="skeleton__cause t-small">{cause ?? t('loading_cause')}</span>
    </div>
  );
}
