/** The places of the program. A badge counts what needs the user, never what is unread. */
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Mark } from '../../ui/mark.tsx';
import { Tooltip } from '../../ui/tooltip.tsx';
import { PLACE_GROUPS, SETTINGS, type Place } from './places.ts';
import './rail.css';

export interface RailProps {
  /** Number of things that need the user, by place key. */
  readonly badges: Readonly<Record<string, number>>;
  readonly current: Place | undefined;
  readonly folded: boolean;
}

export function Rail({ badges, current, folded }: RailProps) {
  const { t } = useTranslation('shell');
  const item = (place: Place) => <RailItem key={place.path} place={place} on={place === current} badge={badges[place.key] ?? 0} folded={folded} />;
  return (
    <aside className="rail">
      <div className="rail__brand"><Mark /><span>CPChain</span></div>
      <nav aria-label={t('places')} className="rail__nav">
        {PLACE_GROUPS.map((group) => (
          <div key={group.key ?? 'first'} className="rail__group" role="group" aria-label={group.key === null ? undefined : t(`group.${group.key}`)}>
            {group.key !== null && <span className="rail__group-name" aria-hidden>{t(`group.${group.key}`)}</span>}
            {group.places.map(item)}
          </div>
        ))}
        <div className="rail__foot">{item(SETTINGS)}</div>
      </nav>
    </aside>
  );
}

function RailItem({ place, on, badge, folded }: { readonly place: Place; readonly on: boolean; readonly badge: number; readonly folded: boolean }) {
  const { t } = useTranslation('shell');
  const Icon = place.icon;
  const name = t(`place.${place.key}`);
  const link = (
    <Link to={place.path} className={on ? 'rail__item rail__item--on' : 'rail__item'} aria-current={on ? 'page' : undefined}>
      <Icon aria-hidden />
      <span className="rail__name">{name}</span>
      {badge > 0 && <span className="rail__badge"><span aria-hidden>{badge}</span><span className="unseen">{t('badge', { count: badge })}</span></span>}
    </Link>
  );
  return folded ? <Tooltip text={name} side="right" instant>{link}</Tooltip> : link;
}
