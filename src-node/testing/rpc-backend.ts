/** What a JSON-RPC server works on, over a chain of a test: an empty pool, no peers, no sealing, and a clock that stands at the head. */
import { ManualClock, millis } from '../base/clock.ts';
import { silentLogger } from '../base/logger.ts';
import type { Chain } from '../chain/chain.ts';
import { poolHeadOf } from '../chain/pool/chain-head.ts';
import { TransactionPool } from '../chain/pool/transaction-pool.ts';
import type { RpcBackend } from '../rpc/backend.ts';
import { Allowance } from '../rpc/protocol/allowance.ts';
import type { Caller } from '../rpc/protocol/caller.ts';
import { GasPriceOracle } from '../rpc/gas-price-oracle.ts';

export function testBackend(chain: Chain, logger = silentLogger): RpcBackend {
  const clock = new ManualClock(millis(Number(chain.head.header.timeMillis)));
  const pool = new TransactionPool({ chainId: chain.network.chainId }, { head: poolHeadOf(chain), clock, logger });
  const node = { clientVersion: 'test', peerCount: () => 0, isListening: () => true, isSealing: () => false, syncProgress: () => null };
  const oracle = new GasPriceOracle({ chain });
  return { chain, pool, node, gasPrice: () => oracle.suggest(), clock, logger };
}

/** A program that holds the token. */
export function testCaller(): Caller {
  return { access: 'private', allowance: new Allowance(), session: undefined, link: 'http', closed: new AbortController().signal };
}
