/** What will be here, and how it gets here. */
import type { ReactNode } from 'react';
import { Dial } from './dial.tsx';
import './note.css';

export interface EmptyProps {
  readonly title: ReactNode;
  readonly children?: ReactNode;
  readonly action?: ReactNode;
}

export function Empty({ title, children, action }: EmptyProps) {
  return (
    <div className="empty">
      <Dial share={null} size={32} />
      <div className="t-h">{title}</div>
      {children !== undefined && <p className="c-2">{children}</p>}
      {action !== undefined && <div className="empty__actions">{action}</div>}
    </div>
  );
}
