/** Byte strings offered to the decoders: the same verdict, the same encoding, the same hash. */
import { fromHex, toHex, type Bytes } from '../../../base/bytes.ts';
import { invariant, isCoded } from '../../../base/errors.ts';
import { getBlockHeadersFromRlp, getBlockHeadersToRlp } from '../../../p2p/messages/get-block-headers.ts';
import { newBlockHashesFromRlp, newBlockHashesToRlp } from '../../../p2p/messages/new-block-hashes.ts';
import { newSignerFromRlp, newSignerToRlp } from '../../../p2p/messages/new-signer.ts';
import { statusFromRlp, statusToRlp } from '../../../p2p/messages/status.ts';
import { blockFromRlp, blockToRlp, bodyFromRlp, bodyToRlp } from '../../../primitives/block.ts';
import { headerFromRlp, headerHash, headerToRlp } from '../../../primitives/header.ts';
import { receiptFromRlp, receiptToRlp } from '../../../primitives/receipt.ts';
import { bytesIn, decode, decodeFirst, encode, encodeUint, listIn, uint64In, type RlpItem } from '../../../primitives/rlp/index.ts';
import { storedReceiptFromRlp, storedReceiptToRlp } from '../../../primitives/stored-receipt.ts';
import { transactionFromRlp, transactionHash, transactionToRlp } from '../../../primitives/transaction.ts';
import { recordsKind, same, type VectorCase } from '../vector-kind.ts';

interface Recorded {
  readonly id: string;
  readonly kind: string;
  /** Behind the item of a message anything may follow. */
  readonly via: 'bytes' | 'message';
  readonly input: string;
  readonly accepted: boolean;
  readonly reencoded?: string;
  readonly hash?: string;
}

interface Decoded {
  readonly item: RlpItem;
  readonly hash?: Bytes;
}

type Decoder = (item: RlpItem) => Decoded;

const header: Decoder = (item) => {
  const decoded = headerFromRlp(item);
  return { item: headerToRlp(decoded), hash: headerHash(decoded) };
};

const block: Decoder = (item) => {
  const decoded = blockFromRlp(item);
  return { item: blockToRlp(decoded), hash: headerHash(decoded.header) };
};

const transaction: Decoder = (item) => {
  const decoded = transactionFromRlp(item);
  return { item: transactionToRlp(decoded), hash: transactionHash(decoded) };
};

const receipt: Decoder = (item) => ({ item: receiptToRlp(receiptFromRlp(item)) });

function listOf(decoder: Decoder, length?: number): Decoder {
  return (item) => ({ item: listIn(item, length).map((one) => decoder(one).item) });
}

/** Of messages between peers: by their names. */
const DECODERS: Readonly<Record<string, Decoder>> = {
  transaction,
  header,
  block,
  receipt,
  'receipt-storage': (item) => ({ item: storedReceiptToRlp(storedReceiptFromRlp(item)) }),
  Status: (item) => ({ item: statusToRlp(statusFromRlp(item)) }),
  NewBlockHashes: (item) => ({ item: newBlockHashesToRlp(newBlockHashesFromRlp(item)) }),
  GetBlockHeaders: (item) => ({ item: getBlockHeadersToRlp(getBlockHeadersFromRlp(item)) }),
  GetBlocks: (item) => ({ item: encodeUint(uint64In(item)) }),
  NodeData: listOf((item) => ({ item: bytesIn(item) })),
  NewSigner: (item) => ({ item: newSignerToRlp(newSignerFromRlp(item)) }),
  Tx: listOf(transaction),
  BlockHeaders: listOf(header),
  BlockBodies: listOf((item) => ({ item: bodyToRlp(bodyFromRlp(item)) })),
  NewBlock: listOf(block, 1),
  Blocks: listOf(block),
  Receipts: listOf(listOf(receipt)),
  PreprepareBlock: block,
  ValidateBlock: block,
  PrepareHeader: header,
  CommitHeader: header,
};

export const rlpDecoding = recordsKind<Recorded>('decoding', ['via', 'kind', 'input', 'accepted'], (recorded) => [caseOf(recorded)]);

function caseOf(recorded: Recorded): VectorCase {
  const { id, kind, via, input, accepted, reencoded, hash } = recorded;
  const decoder = DECODERS[kind];
  invariant(decoder !== undefined, `There is no decoder for "${kind}".`);
  const expected = accepted ? { encoded: reencoded === 'same' ? input : reencoded, ...(hash === undefined ? {} : { hash }) } : 'refused';
  return same(`${id} (${kind})`, () => verdict(() => decoder((via === 'bytes' ? decode : decodeFirst)(fromHex(input))), hash !== undefined), expected);
}

function verdict(read: () => Decoded, withHash: boolean): unknown {
  try {
    const { item, hash } = read();
    return { encoded: toHex(encode(item)), ...(withHash && hash !== undefined ? { hash: toHex(hash) } : {}) };
  } catch (error) {
    if (!isCoded(error, 'BAD_RLP')) throw error;
    return 'refused';
  }
}
