/** The name of the page, where it belongs, and what can be done with it. */
import type { ReactNode } from 'react';
import './panel.css';

export interface PageHeadProps {
  readonly title: ReactNode;
  /** Sentence under the head. */
  readonly lead?: ReactNode;
  readonly crumbs?: ReactNode;
  readonly actions?: ReactNode;
}

export function PageHead({ title, lead, crumbs, actions }: PageHeadProps) {
  return (
    <header className="page-head">
      <div className="grow">
        {crumbs !== undefined && <nav className="page-head__crumbs t-small">{crumbs}</nav>}
        <h1 className="t-head">{title}</h1>
        {lead !== undefined && <p className="t-lead c-2">{lead}</p>}
      </div>
      {actions !== undefined && <div className="row">{actions}</div>}
    </header>
  );
}
