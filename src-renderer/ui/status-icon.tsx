/** Shape before colour: each of the five states has a shape of its own. */
import { CircleCheck, CircleDashed, CircleDot, OctagonX, TriangleAlert } from 'lucide-react';

export type Tone = 'ok' | 'wait' | 'warn' | 'bad' | 'idle';

const ICONS = { ok: CircleCheck, wait: CircleDashed, warn: TriangleAlert, bad: OctagonX, idle: CircleDot } as const;

export function StatusIcon({ tone }: { readonly tone: Tone }) {
  const Icon = ICONS[tone];
  return <Icon aria-hidden />;
}
