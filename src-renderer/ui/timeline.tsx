/** What happened, what happens now, what comes: one column of steps. */
import type { ReactNode } from 'react';
import './timeline.css';

export interface TimelineItem {
  readonly key: string;
  readonly state: 'done' | 'now' | 'next' | 'failed';
  readonly title: ReactNode;
  readonly aside?: ReactNode;
  readonly note?: ReactNode;
}

export function Timeline({ label, items }: { readonly label: string; readonly items: readonly TimelineItem[] }) {
  return (
    <ol className="timeline" aria-label={label}>
      {items.map(({ key, state, title, aside, note }) => (
        <li key={key} className={`timeline__item timeline__item--${state}`} aria-current={state === 'now' ? 'step' : undefined}>
          <span className="timeline__mark" aria-hidden>{state === 'done' ? '✓' : state === 'failed' ? '!' : ''}</span>
          <div className="grow">
            <div className="row apart"><span className="t-medium">{title}</span>{aside !== undefined && <span className="t-small c-3">{aside}</span>}</div>
            {note !== undefined && <div className="t-small c-2">{note}</div>}
          </div>
        </li>
      ))}
    </ol>
  );
}
