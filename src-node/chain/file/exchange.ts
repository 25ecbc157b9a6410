/** A chain out of a file and into one (docs/protocol/02 §5.1). */
import { equal, toHex, type Bytes } from '../../base/bytes.ts';
import { CodedError } from '../../base/errors.ts';
import { decodeBlock, encodeBlock } from '../../primitives/block.ts';
import { headerHash } from '../../primitives/header.ts';
import type { Chain } from '../chain.ts';
import type { ImportOptions, ImportSummary } from '../import/import-blocks.ts';
import { readBlocks } from './read-blocks.ts';
import { writeBlocks } from './write-blocks.ts';

/** Imports the blocks of a file that come after the head. @throws WRONG_GENESIS, BAD_BLOCK_FILE, CodedError<BlockErrorCode>, CodedError<StoreErrorCode>, CodedError<FileErrorCode> */
export function importFrom(file: string, chain: Chain, options: ImportOptions): Promise<ImportSummary> {
  return chain.importBlocks(fromGenesis(file, chain), options);
}

/** Writes all blocks up to the head that there is when it begins. @throws CHAIN_DAMAGED, CodedError<StoreErrorCode>, CodedError<FileErrorCode> */
export async function exportTo(file: string, chain: Chain): Promise<{ readonly blocks: number; readonly transactions: number }> {
  const head = chain.head.header.number;
  let transactions = 0;
  function* blocks(): Generator<Bytes> {
    for (let number = 0n; number <= head; number++) {
      const block = chain.blockByNumber(number);
      if (block === undefined) throw new CodedError('CHAIN_DAMAGED', `Block ${number.toString()} is missing in the data folder.`, { help: 'Import or sync the chain again.' });
      transactions += block.transactions.length;
      yield encodeBlock(block);
    }
  }
  await writeBlocks(file, blocks());
  return { blocks: Number(head) + 1, transactions };
}

/** The blocks of a file that begins with the chain's own first block. */
async function* fromGenesis(file: string, chain: Chain): AsyncGenerator<Bytes> {
  let isFirst = true;
  for await (const encoded of readBlocks(file)) {
    if (isFirst) requireGenesis(encoded, chain);
    isFirst = false;
    yield encoded;
  }
}

function requireGenesis(encoded: Bytes, chain: Chain): void {
  const { header } = decodeBlock(encoded);
  const hash = headerHash(header);
  if (equal(hash, chain.genesisHash)) return;
  const { name } = chain.network;
  throw new CodedError('WRONG_GENESIS', header.number === 0n ? `The file holds the chain of another network than ${name}.` : `The file begins with block ${header.number.toString()}, not with the first block of ${name}.`, {
    help: 'Choose the network that the file belongs to.',
    meta: { block: Number(header.number), network: name, found: toHex(hash), wanted: toHex(chain.genesisHash) },
  });
}
