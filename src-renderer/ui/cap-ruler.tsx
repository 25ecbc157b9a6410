/** What was spent of what may be spent: ticks and a needle. */
import { classNames } from './class-names.ts';
import './ruler.css';

const TICKS = 48;
const LONG_EVERY = 8;

export interface CapRulerProps {
  /** 0..1; null without a cap: the ruler has no end and no needle. */
  readonly share: number | null;
  readonly tone: 'ok' | 'warn' | 'bad';
  readonly label: string;
  /** How far it is, in words. */
  readonly text: string;
}

export function CapRuler({ share, tone, label, text }: CapRulerProps) {
  const done = Math.min(1, share ?? 0);
  return (
    <div className={classNames('cap-ruler', `cap-ruler--${tone}`)} role="meter" aria-label={label} aria-valuemin={0} aria-valuemax={100} aria-valuenow={Math.round(done * 100)} aria-valuetext={text}>
      {Array.from({ length: TICKS + 1 }, (_, i) => <i key={i} className={classNames(i % LONG_EVERY === 0 && 'cap-ruler__long', share !== null && i / TICKS <= done && 'cap-ruler__done')} />)}
      {share !== null && <span className="cap-ruler__needle" style={{ left: `${done * 100}%` }} />}
    </div>
  );
}
