/**
 * Typed data (EIP-712) that streams sign (docs/protocol/11 §4.29): batches, vouchers, tickets and receipts of gateways. A
 * publisher signs a batch a second and a gateway checks every one, so each struct is written into one buffer of words.
 */
import { asBuffer, concat, utf8, type Bytes } from '../base/bytes.ts';
import type { Millis, Seconds } from '../base/clock.ts';
import { CodedError } from '../base/errors.ts';
import { keccak256 } from '../crypto/keccak.ts';

/** Where a signature holds: one contract, on one chain that began with this block. */
export interface TypedDomain {
  readonly chainId: bigint;
  /** 32 bytes. */
  readonly genesisHash: Bytes;
  /** PDStream for batches, PDChannel for vouchers, PDGateway for tickets and receipts; 20 bytes. */
  readonly contract: Bytes;
}

/** A domain for whoever signs or checks much: its separator is computed once. */
export class KnownDomain implements TypedDomain {
  readonly chainId: bigint;
  readonly genesisHash: Bytes;
  readonly contract: Bytes;
  readonly #separator: Bytes;

  /** @throws BAD_ARGUMENT */
  constructor({ chainId, genesisHash, contract }: TypedDomain) {
    this.chainId = chainId;
    this.genesisHash = genesisHash;
    this.contract = contract;
    this.#separator = computedSeparator(this);
  }

  get separator(): Bytes {
    return this.#separator;
  }
}

/** What a publisher signs of a batch; hashes and ids 32 bytes, `runId` 16. */
export interface BatchMessage {
  readonly streamId: Bytes;
  readonly generation: number;
  readonly epoch: number;
  readonly runId: Bytes;
  readonly firstSeq: bigint;
  readonly count: number;
  readonly prevBatchHash: Bytes;
  readonly framesRoot: Bytes;
  readonly epochCommit: Bytes;
  readonly timeMillis: Millis;
}

/** What a subscriber signs: all that he owes so far, base units. */
export interface VoucherMessage {
  readonly channelId: Bytes;
  readonly cumulativeUnits: bigint;
  readonly cumulativeAmount: bigint;
  /** Last epoch whose key is paid; 0 where units are messages. */
  readonly epochTo: number;
  readonly planHash: Bytes;
}

export const TICKET_ACTIONS = { publish: 1, subscribe: 2 } as const;
export type TicketAction = keyof typeof TICKET_ACTIONS;

/** What a client signs to be let in at a gateway. */
export interface TicketMessage {
  readonly gatewayId: Bytes;
  /** The gateway's, 32 bytes. */
  readonly nonce: Bytes;
  readonly streams: readonly Bytes[];
  readonly action: TicketAction;
  /** Id of the channel; 32 zero bytes to publish. */
  readonly entitlement: Bytes;
  /** Address of the key that proves each request. */
  readonly clientKey: Bytes;
  readonly expirySeconds: Seconds;
}

/** What a gateway signs when it has stored a batch. */
export interface ReceiptMessage {
  readonly gatewayId: Bytes;
  readonly streamId: Bytes;
  readonly logId: bigint;
  readonly offset: bigint;
  readonly firstSeq: bigint;
  readonly batchHash: Bytes;
  readonly timeMillis: Millis;
}

const typeHash = (type: string): Bytes => keccak256(utf8(type));

const DOMAIN_TYPE = typeHash('EIP712Domain(string name,string version,uint256 chainId,address verifyingContract,bytes32 salt)');
const NAME_HASH = keccak256(utf8('PDash'));
const VERSION_HASH = keccak256(utf8('1'));
const BATCH_TYPE = typeHash(
  'Batch(bytes32 streamId,uint32 generation,uint32 epoch,bytes16 runId,uint64 firstSeq,uint32 count,bytes32 prevBatchHash,bytes32 framesRoot,bytes32 epochCommit,uint64 ts)',
);
const VOUCHER_TYPE = typeHash('Voucher(bytes32 channelId,uint64 cumulativeUnits,uint128 cumulativeAmount,uint32 epochTo,bytes32 plan)');
const TICKET_TYPE = typeHash('Ticket(bytes32 gateway,bytes32 nonce,bytes32[] streams,uint8 action,bytes32 entitlement,address clientKey,uint64 exp)');
const RECEIPT_TYPE = typeHash('GatewayReceipt(bytes32 gatewayId,bytes32 streamId,uint64 logId,uint64 offset,uint64 firstSeq,bytes32 batchHash,uint64 ts)');

const WORD = 32;

/** Words of one struct in order, behind the hash of its type. */
class Words {
  readonly #buffer: Buffer;
  #at = 0;

  constructor(count: number, type: Bytes) {
    this.#buffer = Buffer.alloc((count + 1) * WORD);
    this.bytes(type, WORD);
  }

  /** Exactly `length` bytes at the left of a word. @throws BAD_ARGUMENT */
  bytes(value: Bytes, length = WORD): this {
    if (value.length !== length) throw badField(`${length} bytes, not ${value.length}`);
    this.#buffer.set(value, this.#at);
    this.#at += WORD;
    return this;
  }

  /** 20 bytes at the right of a word. @throws BAD_ARGUMENT */
  address(value: Bytes): this {
    if (value.length !== 20) throw badField(`an address of 20 bytes, not ${value.length}`);
    this.#buffer.set(value, this.#at + 12);
    this.#at += WORD;
    return this;
  }

  /** A whole number of at most 48 bits that fits `bits`. @throws BAD_ARGUMENT */
  small(value: number, bits: number): this {
    if (!Number.isInteger(value) || value < 0 || value >= 2 ** bits) throw badField(`a whole number of ${bits} bits, not ${value}`);
    this.#buffer.writeUIntBE(value, this.#at + WORD - 6, 6);
    this.#at += WORD;
    return this;
  }

  /** @throws BAD_ARGUMENT */
  big(value: bigint, bits: 64 | 128 | 256): this {
    if (value < 0n || value >> BigInt(bits) !== 0n) throw badField(`a whole number of ${bits} bits, not ${value}`);
    for (let rest = value, end = this.#at + WORD; rest > 0n; rest >>= 64n, end -= 8) this.#buffer.writeBigUInt64BE(rest & 0xffffffffffffffffn, end - 8);
    this.#at += WORD;
    return this;
  }

  hash(): Bytes {
    return keccak256(this.#buffer);
  }
}

function badField(what: string): CodedError {
  return new CodedError('BAD_ARGUMENT', `A field of the signed text has to be ${what}.`);
}

/** 32 bytes. Does not change for a contract: whoever checks many signatures brings a `KnownDomain`. @throws BAD_ARGUMENT */
export function domainSeparator(domain: TypedDomain): Bytes {
  return domain instanceof KnownDomain ? domain.separator : computedSeparator(domain);
}

function computedSeparator({ chainId, genesisHash, contract }: TypedDomain): Bytes {
  return new Words(5, DOMAIN_TYPE).bytes(NAME_HASH).bytes(VERSION_HASH).big(chainId, 256).address(contract).bytes(genesisHash).hash();
}

/** What is signed of a struct. @param separator of `domainSeparator` */
export function digest(separator: Bytes, structHash: Bytes): Bytes {
  const text = Buffer.alloc(2 + 2 * WORD);
  text[0] = 0x19;
  text[1] = 0x01;
  text.set(separator, 2);
  text.set(structHash, 2 + WORD);
  return keccak256(text);
}

/** hashStruct of a batch: its name everywhere. @throws BAD_ARGUMENT */
export function batchStructHash(batch: BatchMessage): Bytes {
  return new Words(10, BATCH_TYPE)
    .bytes(batch.streamId)
    .small(batch.generation, 32)
    .small(batch.epoch, 32)
    .bytes(batch.runId, 16)
    .big(batch.firstSeq, 64)
    .small(batch.count, 32)
    .bytes(batch.prevBatchHash)
    .bytes(batch.framesRoot)
    .bytes(batch.epochCommit)
    .small(batch.timeMillis, 48)
    .hash();
}

/** @throws BAD_ARGUMENT */
export function voucherStructHash(voucher: VoucherMessage): Bytes {
  return new Words(5, VOUCHER_TYPE)
    .bytes(voucher.channelId)
    .big(voucher.cumulativeUnits, 64)
    .big(voucher.cumulativeAmount, 128)
    .small(voucher.epochTo, 32)
    .bytes(voucher.planHash)
    .hash();
}

/** @throws BAD_ARGUMENT */
export function ticketStructHash(ticket: TicketMessage): Bytes {
  if (ticket.streams.some(({ length }) => length !== WORD)) throw badField('stream ids of 32 bytes');
  return new Words(7, TICKET_TYPE)
    .bytes(ticket.gatewayId)
    .bytes(ticket.nonce)
    .bytes(keccak256(asBuffer(concat(...ticket.streams))))
    .small(TICKET_ACTIONS[ticket.action], 8)
    .bytes(ticket.entitlement)
    .address(ticket.clientKey)
    .small(ticket.expirySeconds, 48)
    .hash();
}

/** @throws BAD_ARGUMENT */
export function receiptStructHash(receipt: ReceiptMessage): Bytes {
  return new Words(7, RECEIPT_TYPE)
    .bytes(receipt.gatewayId)
    .bytes(receipt.streamId)
    .big(receipt.logId, 64)
    .big(receipt.offset, 64)
    .big(receipt.firstSeq, 64)
    .bytes(receipt.batchHash)
    .small(receipt.timeMillis, 48)
    .hash();
}

/** What a subscription key signs of a voucher. @throws BAD_ARGUMENT */
export function voucherDigest(domain: TypedDomain, voucher: VoucherMessage): Bytes {
  return digest(domainSeparator(domain), voucherStructHash(voucher));
}

/** @throws BAD_ARGUMENT */
export function ticketDigest(domain: TypedDomain, ticket: TicketMessage): Bytes {
  return digest(domainSeparator(domain), ticketStructHash(ticket));
}

/** @throws BAD_ARGUMENT */
export function receiptDigest(domain: TypedDomain, receipt: ReceiptMessage): Bytes {
  return digest(domainSeparator(domain), receiptStructHash(receipt));
}
