import { fromHex, utf8 } from '../../../base/bytes.ts';
import { CodedError } from '../../../base/errors.ts';
import { silentLogger } from '../../../base/logger.ts';
import { network } from '../../../networks/network.ts';
import type { RpcBackend } from '../../../rpc/backend.ts';
import { BlockFeed } from '../../../rpc/filters/block-feed.ts';
import { FilterRegistry } from '../../../rpc/filters/filter-registry.ts';
import { allMethods } from '../../../rpc/methods/table.ts';
import { Allowance } from '../../../rpc/protocol/allowance.ts';
import { Dispatcher } from '../../../rpc/protocol/dispatcher.ts';
import type { WalletPort } from '../../../rpc/wallet-port.ts';
import { WorkBudget } from '../../../rpc/protocol/work-budget.ts';
import { blocksIn, testChain } from '../../chains.ts';
import { testBackend } from '../../rpc-backend.ts';
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
  const declined = (): Promise<never> => Promise.reject(new CodedError('REQUEST_DECLINED', 'request declined in the wallet'));
  const wallet: WalletPort = { addresses: () => Promise.resolve([HELD]), isUnlocked: () => Promise.resolve(true), lock: () => Promise.resolve(), askTransaction: declined, askSignature: declined };
  const backend: RpcBackend = { ...testBackend(chain, logger), wallet };
  const feed = new BlockFeed(backend);
  const filters = new FilterRegistry({ backend, feed });
  const dispatcher = new Dispatcher(allMethods(backend, feed, filters), { logger, budget: new WorkBudget({ capacityMillis: Infinity, share: 1 }) }); // no input is refused for the work of those before
  const { pairs } = readVectorJson<Recorded>('rpc/rpc-pairs.json');
  const decoder = new TextDecoder();
  return {
    seeds: pairs.flatMap(({ request, requestRaw }) => (request === undefined ? (requestRaw === undefined ? [] : [utf8(requestRaw)]) : [utf8(JSON.stringify(request))])),
    async check(input) {
      fault = undefined;
      const answer = await dispatcher.answer(decoder.decode(input), { access: 'private', allowance: new Allowance(), session: undefined, link: 'socket', closed: new AbortController().signal });
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
