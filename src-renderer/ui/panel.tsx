/** A region of a page with the state of its own query: loading, failed, empty, or the data. */
import { useId, type ReactNode } from 'react';
import { ErrorPanel } from './error-panel.tsx';
import { Skeleton } from './skeleton.tsx';
import './panel.css';

/** The part of a query's result that a panel reads. */
export interface PanelQuery<Data> {
  readonly data: Data | undefined;
  readonly error: unknown;
  readonly refetch: () => unknown;
}

export interface PanelProps<Data> {
  readonly title?: ReactNode;
  readonly aside?: ReactNode;
  readonly query: PanelQuery<Data>;
  /** Shown instead of the data where this says so. */
  readonly empty?: ((data: Data) => ReactNode) | undefined;
  readonly rows?: number;
  readonly cause?: string;
  /** Without the hairline above: for the first region of a page. */
  readonly plain?: boolean;
  readonly children: (data: Data) => ReactNode;
}

export function Panel<Data>({ title, aside, query, empty, rows = 4, cause, plain = false, children }: PanelProps<Data>) {
  const id = useId();
  return (
    <section className={plain ? 'panel panel--plain' : 'panel'} aria-labelledby={title === undefined ? undefined : id}>
      {(title !== undefined || aside !== undefined) && (
        <header className="panel__head"><h2 id={id} className="t-h">{title}</h2>{aside}</header>
      )}
      <PanelBody query={query} empty={empty} rows={rows} cause={cause}>{children}</PanelBody>
    </section>
  );
}

interface PanelBodyProps<Data> extends Pick<PanelProps<Data>, 'query' | 'empty' | 'children'> {
  readonly rows: number;
  readonly cause: string | undefined;
}

function PanelBody<Data>({ query, empty, rows, cause, children }: PanelBodyProps<Data>) {
  // Data that is here stays readable while a newer reading fails: the top bar says how old it is.
  if (query.data !== undefined) return <>{empty?.(query.data) ?? children(query.data)}</>;
  if (query.error !== null) return <ErrorPanel error={query.error} onRetry={() => void query.refetch()} />;
  return <Skeleton rows={rows} cause={cause} />;
}
