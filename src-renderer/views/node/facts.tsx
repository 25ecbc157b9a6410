/** Names and values, ruled. */
import type { ReactNode } from 'react';

export function Facts({ children }: { readonly children: ReactNode }) {
  return <dl className="facts">{children}</dl>;
}

export function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return <div className="facts__line"><dt>{name}</dt><dd>{children}</dd></div>;
}
