import { hexOf } from '../../../base/bytes.ts';
import { isCoded } from '../../../base/errors.ts';
import { BlockExaminer } from '../../../chain/examination/block-examiner.ts';
import { DporHeaderVerifier } from '../../../dpor/header-verifier.ts';
import { network } from '../../../networks/network.ts';
import { decodeBlock } from '../../../primitives/block.ts';
import { decodeHeader, encodeHeader, headerHash } from '../../../primitives/header.ts';
import { encodedItemsOf } from '../../../primitives/rlp/index.ts';
import { blocksIn } from '../../chains.ts';
import { readVector } from '../../vectors.ts';
import { unlessRefused, type FuzzTarget } from '../fuzz-target.ts';

/** Headers and whole blocks: decoded, examined and held to the rules behind the recorded block before. */
export function header(): FuzzTarget {
  const blocks = blocksIn(readVector('blocks/dev-chain.rlp'));
  const seeds = [...blocks.slice(1, 60), ...blocks.slice(1, 120).map((block) => encodedItemsOf(block)[0] ?? block)];
  const verifier = new DporHeaderVerifier(network('dev'));
  const examiner = new BlockExaminer({ chainId: 41n, workers: 0 });
  const parent = decodeBlock(blocks[0] ?? new Uint8Array()).header;
  return {
    seeds,
    check(input) {
      const decoded = unlessRefused(() => decodeHeader(input), 'BAD_RLP');
      if (decoded !== undefined) {
        if (headerHash(decoded).length !== 32) throw new TypeError('its hash is none');
        if (hexOf(encodeHeader(decoded)) !== hexOf(input)) throw new TypeError('it decodes to what has another encoding');
      }
      const [result] = examiner.examineHere([input]);
      if (result === undefined || 'error' in result) return;
      const { hash, author, signers } = result.examination;
      const split = Array.from({ length: signers.length / 20 }, (_, i) => signers.subarray(i * 20, i * 20 + 20));
      try {
        verifier.verify({ header: decodeBlock(input).header, hash, author, signers: split }, parent);
      } catch (error) {
        if (!isCoded(error)) throw error;
      }
    },
  };
}
