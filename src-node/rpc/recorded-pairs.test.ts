import { isDeepStrictEqual } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { ManualClock, millis } from '../base/clock.ts';
import { silentLogger } from '../base/logger.ts';
import { TransactionPool } from '../chain/pool/transaction-pool.ts';
import { network } from '../networks/network.ts';
import { blocksIn, testChain } from '../testing/chains.ts';
import { readVector, readVectorJson } from '../testing/vectors.ts';
import { GasPriceOracle } from './gas-price-oracle.ts';
import { RpcServer } from './rpc-server.ts';

interface Answer {
  readonly id: number;
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly message: string };
}

interface Pair {
  readonly request?: { readonly id: number; readonly method: string; readonly params: readonly unknown[] };
  readonly response: Answer;
  /** In place of request and response: a text that is no proper request, and the whole text of its answer. */
  readonly requestRaw?: string;
  readonly responseRaw?: string;
  readonly note?: string;
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

describe('the recorded JSON-RPC answers', async () => {
  const config = network('dev');
  const chain = await testChain(config);
  const file = blocksIn(readVector('blocks/dev-chain.rlp'));
  await chain.importBlocks(file.slice(0, HEAD + 1));
  const clock = new ManualClock(millis(Number(chain.head.header.timeMillis)));
  const head = { stateAtHead: () => chain.stateAt(chain.head.header.stateRoot), gasLimitAtHead: () => chain.head.header.gasLimit };
  const pool = new TransactionPool({ chainId: config.chainId }, { head, clock, logger: silentLogger });
  const node = { clientVersion: 'test', peerCount: () => 0, isListening: () => true, isSealing: () => false, syncProgress: () => null };
  const oracle = new GasPriceOracle({ chain });
  const rpc = await RpcServer.start({ port: 0 }, { chain, pool, node, gasPrice: () => oracle.suggest(), clock, logger: silentLogger });
  afterAll(() => rpc.close());
  const post = (body: string): Promise<Response> => fetch(rpc.url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });

  const different: { readonly pair: Pair; readonly answer: Answer }[] = [];
  const notOffered = new Set<string>();
  const malformed: { readonly request: string; readonly recorded: string | undefined; readonly answer: string }[] = [];
  let equal = 0;
  for (const pair of readVectorJson<{ readonly pairs: readonly Pair[] }>('rpc/rpc-pairs.json').pairs) {
    if (pair.requestRaw !== undefined) malformed.push({ request: pair.requestRaw, recorded: pair.responseRaw, answer: await (await post(pair.requestRaw)).text() });
    if (pair.request === undefined) continue;
    if (pair.request.id === HIGHER_FROM) await chain.importBlocks(file.slice(HEAD + 1, HEAD + 3));
    const answer = (await (await post(JSON.stringify(pair.request))).json()) as Answer;
    if (isDeepStrictEqual(answer, pair.response)) equal += 1;
    else if (answer.error?.code === -32601) notOffered.add(pair.request.method);
    else different.push({ pair, answer });
  }

  it('are given again, word for word, unless they tell of the moment', () => {
    const unexplained = different.filter(({ pair }) => {
      const method = pair.request?.method ?? '';
      return !OF_THE_MOMENT.has(method) && !method.startsWith('eth_getBlockBy') && pair.note !== 'pending or just mined';
    });
    expect(unexplained.map(({ pair, answer }) => ({ request: pair.request, recorded: pair.response, answer }))).toEqual([]);
    expect(equal).toBe(190);
  });

  it('are given again to messages that are no proper requests, to the letter', () => {
    expect(malformed).toHaveLength(5);
    for (const { recorded, answer } of malformed) expect(answer).toBe(recorded);
  });

  it('are blocks with one field more, which readers insist on', () => {
    const blocks = different.filter(({ pair }) => pair.request?.method.startsWith('eth_getBlockBy') === true && pair.request.params[0] !== 'pending');
    expect(blocks.length).toBeGreaterThan(0);
    for (const { pair, answer } of blocks) expect(answer.result).toEqual({ difficulty: '0x0', ...(pair.response.result as object) });
  });

  it('are refused by name where a method would use keys, run the node, or is not served', () => {
    const others = [...notOffered].filter((name) => !/^(admin|admission|debug|dpor|miner|personal)_/.test(name));
    expect(others.sort()).toEqual(['eth_resend', 'eth_sendTransaction', 'eth_sign', 'eth_signTransaction']);
  });
});
