/** Two kinds of one place, beside each other: datasets and streams. */
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import '../../ui/segmented.css';
import './part-links.css';

const PARTS = {
  market: [['/market', 'datasets'], ['/market/streams', 'streams']],
  desk: [['/desk', 'datasets'], ['/desk/streams', 'streams']],
  node: [['/node', 'node'], ['/gateway', 'gateway']],
} as const;

export interface PartLinksProps {
  readonly of: keyof typeof PARTS;
  /** Position of the page that is open. */
  readonly at: 0 | 1;
}

export function PartLinks({ of, at }: PartLinksProps) {
  const { t } = useTranslation('shell');
  return (
    <nav className="segmented part-links" aria-label={t('parts')}>
      {PARTS[of].map(([to, key], index) => <Link key={key} to={to} className="segmented__item" data-state={index === at ? 'on' : undefined} activeOptions={{ exact: true }} aria-current={index === at ? 'page' : undefined}>{t(`part.${key}`)}</Link>)}
    </nav>
  );
}
