/** A property of a thing. */
import type { ReactNode } from 'react';
import './pill.css';

export function Tag({ children }: { readonly children: ReactNode }) {
  return <span className="tag">{children}</span>;
}
