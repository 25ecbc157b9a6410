import { fromHex, utf8 } from '../../../base/bytes.ts';
import { ManualClock, millis } from '../../../base/clock.ts';
import { CodedError } from '../../../base/errors.ts';
import { silentLogger } from '../../../base/logger.ts';
import { TransactionPool } from '../../../chain/pool/transaction-pool.ts';
import { network } from '../../../networks/network.ts';
import type { RpcBackend } from '../../../rpc/backend.ts';
import { BlockFeed } from '../../../rpc/filters/block-feed.ts';
import { FilterRegistry } from '../../../rpc/filters/filter-registry.ts';
import { allMethods } from '../../../rpc/methods/table.ts';
import { Dispatcher } from '../../../rpc/protocol/dispatcher.ts';
import type { WalletPort } from '../../../rpc/wallet-port.ts';
import { blocksIn, testChain } from '../../chains.ts';
import { readVector, readVectorJson } from '../../vectors.ts';
import type { FuzzTarget } from '../fuzz-target.ts';

/** The account that the recorded questions sign with. */
const HELD = fromHex('b3801b8743dea10c30b0c21cae8b1923d9625f84');

interface Recorded {
  readonly pairs: readonly { readonly request?: unknown; readonly requestRaw?: string }[];
}

/** Every body gets an answer of one line of JSON, and none finds a fault inside. */
export async function rpcBody(): Promise<FuzzTarget> {
  const chain = await testChain(network('dev'));
  await chain.importBlocks(blocksIn(readVector('blocks/dev-chain.rlp')));
  let fault: unknown;
  const logger = { ...silentLogger, error: (message: string, _context: unknown, error: unknown) => (fault = error ?? message) };
  const clock = new ManualClock(millis(Number(chain.head.header.timeMillis)));
  const head = { stateAtHead: () => chain.stateAt(chain.head.header.stateRoot), gasLimitAtHead: () => chain.head.header.gasLimit };
  const pool = new TransactionPool({ chainId: chain.network.chainId }, { head, clock, logger });
  const node = { clientVersion: 'test', peerCount: () => 0, isListening: () => true, isSealing: () => false, syncProgress: () => null };
  const declined = (): Promise<never> => Promise.reject(new CodedError('REQUEST_DECLINED', 'request declined in the wallet'));
  const wallet: WalletPort = { addresses: () => Promise.resolve([HELD]), isUnlocked: () => Promise.resolve(true), lock: () => Promise.resolve(), askTransaction: declined, askSignature: declined };
  const backend: RpcBackend = { chain, pool, node, wallet, gasPrice: () => 1n, clock, logger };
  const feed = new BlockFeed(backend);
  const filters = new FilterRegistry({ backend, feed });
  const dispatcher = new Dispatcher(allMethods(backend, feed, filters), backend);
  const { pairs } = readVectorJson<Recorded>('rpc/rpc-pairs.json');
  const decoder = new TextDecoder();
  return {
    seeds: pairs.flatMap(({ request, requestRaw }) => (request === undefined ? (requestRaw === undefined ? [] : [utf8(requestRaw)]) : [utf8(JSON.stringify(request))])),
    async check(input) {
      fault = undefined;
      const answer = await dispatcher.answer(decoder.decode(input), { access: 'private', session: undefined, link: 'socket', closed: new AbortController().signal });
      if (fault !== undefined) throw new TypeError('a method failed inside', { cause: fault });
      if (!answer.endsWith('\n') || answer.slice(0, -1).includes('\n')) throw new TypeError('the answer is not one line');
      JSON.parse(answer);
    },
    close: () => {
      filters.close();
      feed.close();
      return chain.close();
    },
  };
}
