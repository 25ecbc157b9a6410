/** A sum of CPC: the fraction steps back, the unit follows small. */
import { amountParts } from '../format/amount.ts';
import { classNames } from './class-names.ts';
import './amount.css';

export interface AmountProps {
  /** Base units. */
  readonly value: bigint;
  readonly decimals?: number | undefined;
  /** With + for what comes in; for ledgers only. */
  readonly sign?: boolean;
  readonly size?: 'body' | 'figure' | 'hero';
  readonly unit?: boolean;
}

export function Amount({ value, decimals, sign = false, size = 'body', unit = false }: AmountProps) {
  const parts = amountParts(value, { decimals, sign });
  const dim = parts.integer !== '0';
  return (
    <span className={classNames('amount', size !== 'body' && `t-${size}`, sign && value > 0n && 'amount--in')}>
      {parts.sign}{parts.integer}
      {parts.fraction !== '' && <span className={dim ? 'amount__fraction' : undefined}>{parts.fraction}</span>}
      {unit && <span className="amount__unit">{'\u00a0'}CPC</span>}
    </span>
  );
}
