/** Where an order stands, as one word with its colour: the chain's state and the own copy together. */
import type { OrderView } from '../../../src-node/api/contract/index.ts';
import type { Tone } from '../../ui/status-icon.tsx';

export interface Standing {
  readonly tone: Tone;
  /** Below `orders:standing`. */
  readonly key: string;
  /** Between 0 and 1, of what is being fetched. */
  readonly share: number | null;
}

export function standingOf({ state, role, copy, problem, turn }: OrderView): Standing {
  const is = (tone: Tone, key: string, share: number | null = null): Standing => ({ tone, key, share });
  if (turn === 'anyone') return is('warn', 'over');
  if (state === 'settled') return is('idle', 'settled');
  if (state === 'fraud') return is('bad', 'fraud');
  if (state === 'expired') return is('warn', 'expired');
  if (state === 'cancelled' || state === 'lapsed') return is('idle', state);
  if (role === 'buyer' && problem !== null) return is('warn', 'problem');
  if (state === 'keyed' && role === 'buyer') return copy.state === 'verified' ? is('ok', 'verified') : copy.state === 'bad' ? is('bad', 'bad') : is('wait', 'opening');
  if (state === 'funded' && role === 'buyer' && copy.state === 'fetching') return is('wait', 'fetching', copy.bytesTotal === 0 ? null : copy.bytesDone / copy.bytesTotal);
  if (role === 'seller' && (state === 'ready' || state === 'cancelling')) return is('warn', state === 'ready' ? 'your_key' : 'cancelling');
  return is(state === 'cancelling' ? 'warn' : 'wait', role === 'seller' && state === 'keyed' ? 'checking' : state);
}
