/** A block header, its wire form and its hash, which are made of different lists (docs/protocol/01 §6). */
import { isZero, type Bytes } from '../base/bytes.ts';
import { keccak256 } from '../crypto/keccak.ts';
import { bytesIn, bytesListIn, decode, encode, encodeBriefly, encodeUint, listIn, uint64In, uintIn, type RlpItem } from './rlp/index.ts';

/** R ‖ S ‖ recovery id; all zero where nobody signed. */
export const SIGNATURE_LENGTH = 65;

export interface DporSnap {
  /** Of the proposer; 65 zero bytes in an impeach block. */
  readonly seal: Bytes;
  /** Commit signatures, each at its validator's index. */
  readonly sigs: readonly Bytes[];
  /** Addresses of the term's proposers. */
  readonly proposers: readonly Bytes[];
  /** Addresses; empty in every block after genesis. */
  readonly validators: readonly Bytes[];
}

export interface Header {
  readonly parentHash: Bytes;
  /** 20 bytes; all zero in an impeach block. */
  readonly coinbase: Bytes;
  readonly stateRoot: Bytes;
  readonly transactionsRoot: Bytes;
  readonly receiptsRoot: Bytes;
  /** 256 bytes. */
  readonly logsBloom: Bytes;
  readonly number: bigint;
  readonly gasLimit: bigint;
  readonly gasUsed: bigint;
  /** Milliseconds since the epoch. */
  readonly timeMillis: bigint;
  readonly extra: Bytes;
  readonly dpor: DporSnap;
}

const ZERO_HASH = new Uint8Array(32);
const ZERO_NONCE = new Uint8Array(8);

export function headerToRlp(header: Header): RlpItem {
  const { dpor } = header;
  return [...leadingItems(header), header.extra, [dpor.seal, dpor.sigs, dpor.proposers, dpor.validators]];
}

/** @throws BAD_RLP */
export function headerFromRlp(item: RlpItem): Header {
  const [parentHash, coinbase, stateRoot, transactionsRoot, receiptsRoot, logsBloom, number, gasLimit, gasUsed, time, extra, dpor] = listIn(item, 12);
  const [seal, sigs, proposers, validators] = listIn(dpor, 4);
  return {
    parentHash: bytesIn(parentHash, 32),
    coinbase: bytesIn(coinbase, 20),
    stateRoot: bytesIn(stateRoot, 32),
    transactionsRoot: bytesIn(transactionsRoot, 32),
    receiptsRoot: bytesIn(receiptsRoot, 32),
    logsBloom: bytesIn(logsBloom, 256),
    number: uintIn(number),
    gasLimit: uint64In(gasLimit),
    gasUsed: uint64In(gasUsed),
    timeMillis: uintIn(time),
    extra: bytesIn(extra),
    dpor: {
      seal: bytesIn(seal, SIGNATURE_LENGTH),
      sigs: bytesListIn(sigs, SIGNATURE_LENGTH),
      proposers: bytesListIn(proposers, 20),
      validators: bytesListIn(validators, 20),
    },
  };
}

export function encodeHeader(header: Header): Bytes {
  return encode(headerToRlp(header));
}

/** @throws BAD_RLP */
export function decodeHeader(bytes: Bytes): Header {
  return headerFromRlp(decode(bytes));
}

/** Hash of the block, and what proposer and validators sign: seal and signatures are not part of it (docs/protocol/01 §6.2). */
export function headerHash(header: Header): Bytes {
  return keccak256(encodeBriefly([...leadingItems(header), header.dpor.proposers, header.dpor.validators, header.extra, ZERO_HASH, ZERO_NONCE]));
}

/** Whether the block takes the place of one that its proposer did not deliver. */
export function isImpeach(header: Pick<Header, 'coinbase'>): boolean {
  return isZero(header.coinbase);
}

/** The ten items that wire form and hash begin with. */
function leadingItems(header: Header): RlpItem[] {
  return [
    header.parentHash,
    header.coinbase,
    header.stateRoot,
    header.transactionsRoot,
    header.receiptsRoot,
    header.logsBloom,
    encodeUint(header.number),
    encodeUint(header.gasLimit),
    encodeUint(header.gasUsed),
    encodeUint(header.timeMillis),
  ];
}
