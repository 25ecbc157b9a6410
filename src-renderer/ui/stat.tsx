/** One figure with its label; in strips divided by hairlines, never in boxes. */
import type { ReactNode } from 'react';
import './stat.css';

export interface StatProps {
  readonly label: ReactNode;
  /** Null or undefined reads as unknown: an en dash. */
  readonly value: ReactNode;
  readonly unit?: ReactNode;
  readonly note?: ReactNode;
}

export function Stat({ label, value, unit, note }: StatProps) {
  return (
    <div className="stat">
      <dt className="t-label">{label}</dt>
      <dd className="stat__value">{value ?? '–'}{unit !== undefined && value !== null && <span className="stat__unit">{unit}</span>}</dd>
      {note !== undefined && <dd className="t-small c-3">{note}</dd>}
    </div>
  );
}

/** Figures in a row, with hairlines between. */
export function StatStrip({ children }: { readonly children: ReactNode }) {
  return <dl className="stat-strip">{children}</dl>;
}
