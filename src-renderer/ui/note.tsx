/** A sentence that matters where it stands. */
import { Info } from 'lucide-react';
import type { ReactNode } from 'react';
import { StatusIcon, type Tone } from './status-icon.tsx';
import './note.css';

export interface NoteProps {
  readonly tone?: 'info' | Exclude<Tone, 'idle'>;
  readonly children: ReactNode;
}

export function Note({ tone = 'info', children }: NoteProps) {
  return (
    <div className={`note note--${tone}`} role={tone === 'bad' ? 'alert' : undefined}>
      {tone === 'info' ? <Info aria-hidden /> : <StatusIcon tone={tone} />}
      <div className="grow">{children}</div>
    </div>
  );
}
