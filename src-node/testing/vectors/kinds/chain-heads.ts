import { toHex } from '../../../base/bytes.ts';
import { decodeBlock } from '../../../primitives/block.ts';
import { headerHash } from '../../../primitives/header.ts';
import { blocksIn } from '../../chains.ts';
import { objectKind, same } from '../vector-kind.ts';

interface Recorded {
  readonly genesisHash: string;
  readonly chains: readonly { readonly file: string; readonly blocks: number; readonly transactions: number; readonly headHash: string; readonly headStateRoot?: string }[];
}

/** What the chain files beside hold; that they are valid is said by themselves. */
export const chainHeads = objectKind<Recorded>('heads of chains', ['chains', 'genesisHash'], function* ({ chains, genesisHash }, list) {
  for (const { file, headStateRoot, ...recorded } of chains) {
    yield same(file, () => {
      const decoded = blocksIn(list.beside(file).bytes).map(decodeBlock);
      const [first, last] = [decoded[0]?.header, decoded.at(-1)?.header];
      return {
        genesisHash: first === undefined ? '' : toHex(headerHash(first)),
        blocks: decoded.length,
        transactions: decoded.reduce((sum, { transactions }) => sum + transactions.length, 0),
        headHash: last === undefined ? '' : toHex(headerHash(last)),
        headNumber: Number(last?.number),
        ...(headStateRoot === undefined ? {} : { headStateRoot: last === undefined ? '' : toHex(last.stateRoot) }),
      };
    }, { genesisHash, ...recorded, ...(headStateRoot === undefined ? {} : { headStateRoot }) });
  }
});
