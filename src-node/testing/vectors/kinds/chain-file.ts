import { fromHex, toHex } from '../../../base/bytes.ts';
import { isCoded } from '../../../base/errors.ts';
import { decodeBlock, encodeBlock, type Block } from '../../../primitives/block.ts';
import { headerHash } from '../../../primitives/header.ts';
import { blocksIn, testChain } from '../../chains.ts';
import { networkOf } from '../network-of.ts';
import type { RecordedFile } from '../recorded-file.ts';
import { same, type VectorKind } from '../vector-kind.ts';

/** Blocks one behind the other, from the first of a network on; each is imported and read back. */
export const chainFile: VectorKind = {
  name: 'chain file',
  recognises: (file) => firstBlock(file)?.header.number === 0n,
  async *cases(file) {
    const first = firstBlock(file);
    const chain = await testChain(await networkOf(first === undefined ? new Uint8Array() : headerHash(first.header)));
    for (const [number, encoded] of blocksIn(file.bytes).entries()) {
      yield same(`block ${number}`, async () => {
        await chain.importBlocks([encoded]);
        return toHex(encodeBlock(chain.blockByNumber(BigInt(number)) ?? { header: chain.head.header, transactions: [] }));
      }, toHex(encoded));
    }
  },
};

function firstBlock({ bytes, json }: RecordedFile): Block | undefined {
  if (json !== undefined || (bytes[0] ?? 0) < LIST) return undefined;
  try {
    return decodeBlock(blocksIn(bytes)[0] ?? fromHex(''));
  } catch (error) {
    if (isCoded(error, 'BAD_RLP')) return undefined;
    throw error;
  }
}

/** What the RLP of a list begins with, or more. */
const LIST = 0xc0;
