/** A state: shape, word and colour. */
import type { ReactNode } from 'react';
import { StatusIcon, type Tone } from './status-icon.tsx';
import './pill.css';

export interface PillProps {
  readonly tone: Tone;
  readonly children: ReactNode;
}

export function Pill({ tone, children }: PillProps) {
  return <span className={`pill pill--${tone}`}><StatusIcon tone={tone} />{children}</span>;
}
