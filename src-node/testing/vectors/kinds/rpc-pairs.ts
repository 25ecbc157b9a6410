/** Questions to a recorded node of the dev chain and its answers, asked of our server over HTTP. */
import { deepStrictEqual } from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import { ManualClock, millis } from '../../../base/clock.ts';
import { silentLogger } from '../../../base/logger.ts';
import type { Chain } from '../../../chain/chain.ts';
import { poolHeadOf } from '../../../chain/pool/chain-head.ts';
import { TransactionPool } from '../../../chain/pool/transaction-pool.ts';
import { MemoryStore } from '../../../db/memory-store.ts';
import { network } from '../../../networks/network.ts';
import { GasPriceOracle } from '../../../rpc/gas-price-oracle.ts';
import { reasonDeclined } from '../../../rpc/methods/declined.ts';
import { RpcServer } from '../../../rpc/rpc-server.ts';
import { blocksIn, testChain } from '../../chains.ts';
import { objectKind, same, type NotCompared, type VectorCase } from '../vector-kind.ts';

interface Answer {
  readonly id: number;
  readonly result?: unknown;
  readonly error?: { readonly code: number };
}

interface Pair {
  readonly request?: { readonly id: number; readonly method: string; readonly params: readonly unknown[] };
  readonly response: Answer;
  /** In place of request and response: a text that is no proper request, and the whole text of its answer. */
  readonly requestRaw?: string;
  readonly responseRaw?: string;
  readonly note?: string;
}

interface Recorded {
  readonly pairs: readonly Pair[];
  readonly ipcSubscription: readonly unknown[];
}

/** Head of the recorded node when most of the answers were written down, and from which request on it stood two blocks higher. */
const HEAD = 314;
const HIGHER_FROM = 281;

/** Answers that tell of the recorded node's own moment: its pool, peers, the names of its filters, and the key it held (ours never lists one). */
const OF_THE_MOMENT = new Set([
  'web3_clientVersion', 'net_peerCount', 'rpc_modules', 'eth_syncing', 'eth_pendingTransactions', 'txpool_status', 'txpool_content', 'txpool_inspect',
  'eth_newFilter', 'eth_newBlockFilter', 'eth_newPendingTransactionFilter', 'eth_getFilterLogs', 'eth_getFilterChanges', 'eth_uninstallFilter',
  'eth_sendRawTransaction', 'eth_accounts', 'eth_coinbase', 'eth_cpcbase',
]);
const MOMENT: NotCompared = { notCompared: 'tells of the moment of the recorded node' };

export const rpcPairs = objectKind<Recorded>('JSON-RPC', ['pairs', 'ipcSubscription'], async function* ({ pairs, ipcSubscription }, list) {
  const blocks = blocksIn(list.beside('../blocks/dev-chain.rlp').bytes);
  const chain = await testChain(network('dev'), new MemoryStore(), { archive: true });
  await chain.importBlocks(blocks.slice(0, HEAD + 1));
  const rpc = await serverOver(chain);
  const post = async (body: string): Promise<string> => (await fetch(rpc.url, { method: 'POST', headers: { 'content-type': 'application/json' }, body })).text();
  try {
    for (const [i, pair] of pairs.entries()) {
      if (pair.request?.id === HIGHER_FROM) await chain.importBlocks(blocks.slice(HEAD + 1, HEAD + 3));
      yield caseOf(pair, i, post);
    }
    for (const [i] of ipcSubscription.entries()) yield { name: `subscription ${i}`, check: () => MOMENT };
  } finally {
    await rpc.close();
  }
});

function serverOver(chain: Chain): Promise<RpcServer> {
  const clock = new ManualClock(millis(Number(chain.head.header.timeMillis)));
  const pool = new TransactionPool({ chainId: chain.network.chainId }, { head: poolHeadOf(chain), clock, logger: silentLogger });
  const node = { clientVersion: 'test', peerCount: () => 0, isListening: () => true, isSealing: () => false, syncProgress: () => null };
  const oracle = new GasPriceOracle({ chain });
  return RpcServer.start({ port: 0 }, { chain, pool, node, gasPrice: () => oracle.suggest(), clock, logger: silentLogger });
}

function caseOf(pair: Pair, index: number, post: (body: string) => Promise<string>): VectorCase {
  const { request, requestRaw, responseRaw, response } = pair;
  if (request === undefined) return requestRaw === undefined ? { name: `pair ${index}`, check: () => MOMENT } : same(requestRaw, () => post(requestRaw), responseRaw);
  return {
    name: `${request.method} (pair ${index})`,
    async check() {
      const answer = JSON.parse(await post(JSON.stringify(request))) as Answer;
      if (isDeepStrictEqual(answer, response)) return undefined;
      const declined = reasonDeclined(request.method);
      if (declined !== undefined && answer.error?.code === -32601) return { notCompared: `not offered: ${declined}` };
      if (hasTracer(request.params) && answer.error?.code === -32602) return { notCompared: 'not offered: programs that an execution is shown to' };
      if (isOfTheMoment(pair)) return MOMENT;
      deepStrictEqual(answer, isBlock(pair) ? withDifficulty(response) : response);
      return undefined;
    },
  };
}

function isOfTheMoment({ request, note }: Pair): boolean {
  return OF_THE_MOMENT.has(request?.method ?? '') || note === 'pending or just mined' || request?.params[0] === 'pending';
}

function hasTracer([, options]: readonly unknown[]): boolean {
  return typeof options === 'object' && options !== null && 'tracer' in options;
}

function isBlock({ request, response }: Pair): boolean {
  return request?.method.startsWith('eth_getBlockBy') === true && response.result !== null;
}

/** Readers insist on one field more than the recorded node gives. */
function withDifficulty(response: Answer): Answer {
  return { ...response, result: { ...(response.result as object), difficulty: '0x0' } };
}
