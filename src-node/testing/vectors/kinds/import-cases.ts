/** Altered blocks offered to an import: by the rules of the reference its verdict, by ours the same but where we are stricter. */
import { fromHex, toHex, type Bytes } from '../../../base/bytes.ts';
import { isCoded } from '../../../base/errors.ts';
import type { BlockErrorCode } from '../../../chain/block-error.ts';
import type { Chain } from '../../../chain/chain.ts';
import { BufferedStore } from '../../../db/buffered-store.ts';
import { MemoryStore } from '../../../db/memory-store.ts';
import type { VerifierOptions } from '../../../dpor/header-verifier.ts';
import { networkNamed } from '../../../networks/network.ts';
import { blocksIn, testChain } from '../../chains.ts';
import { objectKind, same } from '../vector-kind.ts';

interface Recorded {
  /** The chain file beside that the blocks follow. */
  readonly base: string;
  readonly runMode: string;
  readonly cases: readonly { readonly name: string; readonly parentNumber: number; readonly blockRlp: string; readonly hash: string; readonly accepted: boolean }[];
}

/** Accepted by the reference and refused here: blocks that no honest committee makes (ARCHITECTURE.md, "Strict by default"). */
export const STRICTER: Readonly<Record<string, BlockErrorCode>> = {
  '2 distinct commit signatures, one repeated in a third slot': 'BAD_SIGNATURES',
  '1 commit signature repeated in 3 slots': 'BAD_SIGNATURES',
  'commit signatures in reversed slots': 'BAD_SIGNATURES',
  '8 signature slots, 4 filled': 'BAD_SIGNATURES',
  'seal removed (not covered by hash)': 'BAD_SEAL',
  'seal by another proposer': 'BAD_SEAL',
  'proposers list rotated, re-signed': 'BAD_PROPOSERS',
  'proposers list empty, re-signed': 'BAD_PROPOSERS',
  'validators list of 4 set, re-signed': 'BAD_HEADER',
  'coinbase set to another proposer, state root recomputed, re-signed by coinbase': 'BAD_SEAL',
  'impeach: proposers list empty': 'BAD_PROPOSERS',
};

export const importCases = objectKind<Recorded>('altered blocks', ['base', 'runMode', 'cases'], async function* (recorded, file) {
  const network = networkNamed(recorded.runMode);
  const blocks = blocksIn(file.beside(recorded.base).bytes);
  const bases = new Map<number, MemoryStore>();
  for (const number of new Set(recorded.cases.map(({ parentNumber }) => parentNumber))) {
    const store = new MemoryStore();
    await (await testChain(network, store)).importBlocks(blocks.slice(0, number + 1));
    bases.set(number, store);
  }
  for (const { name, parentNumber, blockRlp, hash, accepted } of recorded.cases) {
    /** On a chain of its own: what is written over the base is never flushed into it. */
    const offer = async (rules: VerifierOptions): Promise<unknown> => {
      const chain = await testChain(network, new BufferedStore(bases.get(parentNumber) ?? new MemoryStore()), rules);
      return { verdict: await verdictOf(chain, fromHex(blockRlp)), head: toHex(chain.head.hash) };
    };
    const parent = (await testChain(network, bases.get(parentNumber))).head.hash;
    const asRecorded = { verdict: accepted ? 'accepted' : 'refused', head: accepted ? hash : toHex(parent) };
    const stricter = STRICTER[name];
    yield same(`${name} (rules of the reference)`, async () => hideCode(await offer({ referenceRules: true })), asRecorded);
    yield same(name, async () => (stricter === undefined ? hideCode(await offer({})) : offer({})), stricter === undefined ? asRecorded : { verdict: stricter, head: toHex(parent) });
  }
});

/** 'accepted', or the code of the refusal. */
async function verdictOf(chain: Chain, block: Bytes): Promise<string> {
  const { number } = chain.head.header;
  try {
    await chain.importBlocks([block]);
    return 'accepted';
  } catch (error) {
    if (!isCoded(error) || !/^(BAD_|NOT_CONNECTED)/.test(error.code) || Number(error.meta['block']) <= Number(number)) throw error;
    return error.code;
  }
}

/** The recording has no codes. */
function hideCode(outcome: unknown): unknown {
  const { verdict, head } = outcome as { readonly verdict: string; readonly head: string };
  return { verdict: verdict === 'accepted' ? verdict : 'refused', head };
}
