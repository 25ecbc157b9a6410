import { expect, it } from 'vitest';
import { fromHex } from '../base/bytes.ts';
import { network } from '../networks/network.ts';
import { decodeBlock, encodeBlock } from '../primitives/block.ts';
import { blocksIn, testChain, withSignatures } from '../testing/chains.ts';
import { readVector, readVectorJson } from '../testing/vectors.ts';

interface ImportCases {
  readonly cases: readonly { readonly name: string; readonly parentNumber: number; readonly blockRlp: string }[];
}

it('refuses a flipped byte in any signature of a block that has more than enough', async () => {
  const one = readVectorJson<ImportCases>('blocks/import-cases.json').cases.find(({ name }) => name === 're-signed by all 4 validators');
  const encoded = fromHex(one?.blockRlp ?? '');
  const { number } = decodeBlock(encoded).header;
  const chain = await testChain(network('dev'));
  await chain.importBlocks(blocksIn(readVector('blocks/dev-chain.rlp')).slice(0, Number(number)));
  for (const slot of [0, 1, 2, 3]) {
    const flipped = withSignatures(encoded, (sigs) => sigs.map((signature, i) => (i === slot ? signature.map((byte, at) => (at === 10 ? byte ^ 1 : byte)) : signature)));
    await expect(chain.importBlocks([flipped])).rejects.toMatchObject({ code: 'BAD_SIGNATURES', meta: { block: 201 } });
  }
  expect(await chain.importBlocks([encodeBlock(decodeBlock(encoded))])).toEqual({ blocks: 1, transactions: 0 });
});
