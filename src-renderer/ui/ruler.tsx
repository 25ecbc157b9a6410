/** Progress whose end is known: ticks and a needle. */
import './ruler.css';

export interface RulerProps {
  readonly done: number;
  readonly total: number;
  /** What advances, for readers. */
  readonly label: string;
  /** How far it is, in words. */
  readonly text: string;
}

export function Ruler({ done, total, label, text }: RulerProps) {
  const share = total > 0 ? Math.min(1, done / total) : 0;
  return (
    <div className="ruler" role="progressbar" aria-label={label} aria-valuemin={0} aria-valuemax={100} aria-valuenow={Math.round(share * 100)} aria-valuetext={text}>
      <span className="ruler__done" style={{ width: `${share * 100}%` }} />
    </div>
  );
}
