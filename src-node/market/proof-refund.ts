/** Money of a proven lie (docs/protocol/11 §4.6). */
import type { MarketParameters } from '../contracts/market-parameters.ts';

type EscrowNumbers = Pick<MarketParameters['escrow'], 'bondBps' | 'minReserve' | 'proofAllowance'>;

const BPS = 10_000n;

/** What an order takes of the bond when it becomes ready. */
export function reserveFor(price: bigint, { bondBps, minReserve }: Pick<EscrowNumbers, 'bondBps' | 'minReserve'>): bigint {
  const share = (price * BigInt(bondBps)) / BPS;
  return share > minReserve ? share : minReserve;
}

/** What the contract pays the buyer: the price, the allowance, half of the rest of the reserve. */
export function proofRefund(price: bigint, reserve: bigint, { proofAllowance }: Pick<EscrowNumbers, 'proofAllowance'>): bigint {
  return price + proofAllowance + (reserve - proofAllowance) / 2n;
}
