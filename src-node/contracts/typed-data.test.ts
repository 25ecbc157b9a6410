import { TypedDataEncoder, type TypedDataField } from 'ethers';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toHex, type Bytes } from '../base/bytes.ts';
import type { Millis, Seconds } from '../base/clock.ts';
import {
  batchStructHash, digest, domainSeparator, KnownDomain, receiptDigest, receiptStructHash, ticketDigest, ticketStructHash, voucherDigest, voucherStructHash,
  type BatchMessage, type TypedDomain, type VoucherMessage,
} from './typed-data.ts';

const fields = (list: string): TypedDataField[] => list.split(',').map((field) => ({ type: field.split(' ')[0] ?? '', name: field.split(' ')[1] ?? '' }));
const TYPES = {
  Batch: fields('bytes32 streamId,uint32 generation,uint32 epoch,bytes16 runId,uint64 firstSeq,uint32 count,bytes32 prevBatchHash,bytes32 framesRoot,bytes32 epochCommit,uint64 ts'),
  Voucher: fields('bytes32 channelId,uint64 cumulativeUnits,uint128 cumulativeAmount,uint32 epochTo,bytes32 plan'),
  Ticket: fields('bytes32 gateway,bytes32 nonce,bytes32[] streams,uint8 action,bytes32 entitlement,address clientKey,uint64 exp'),
  GatewayReceipt: fields('bytes32 gatewayId,bytes32 streamId,uint64 logId,uint64 offset,uint64 firstSeq,bytes32 batchHash,uint64 ts'),
};

const bytes = (length: number): fc.Arbitrary<Bytes> => fc.uint8Array({ minLength: length, maxLength: length });
const u32 = fc.integer({ min: 0, max: 0xffffffff });
const u64 = fc.bigInt(0n, (1n << 64n) - 1n);
const time = fc.integer({ min: 0, max: 2 ** 48 - 1 });
const domains = fc.record({ chainId: fc.bigInt(1n, 1n << 70n), genesisHash: bytes(32), contract: bytes(20) });

/** What ethers signs of the same domain and struct. */
function ethersDigest(domain: TypedDomain, type: keyof typeof TYPES, value: Record<string, unknown>): string {
  const named = { name: 'PDash', version: '1', chainId: domain.chainId, verifyingContract: toHex(domain.contract), salt: toHex(domain.genesisHash) };
  return TypedDataEncoder.hash(named, { [type]: TYPES[type] }, value);
}

const DOMAIN: TypedDomain = { chainId: 337n, genesisHash: new Uint8Array(32).fill(0x9e), contract: new Uint8Array(20).fill(0x11) };
const BATCH: BatchMessage = {
  streamId: new Uint8Array(32).fill(1), generation: 1, epoch: 2, runId: new Uint8Array(16).fill(3), firstSeq: 4n, count: 5,
  prevBatchHash: new Uint8Array(32).fill(6), framesRoot: new Uint8Array(32).fill(7), epochCommit: new Uint8Array(32).fill(8), timeMillis: 1_800_000_000_000 as Millis,
};
const VOUCHER: VoucherMessage = { channelId: new Uint8Array(32).fill(1), cumulativeUnits: 2n, cumulativeAmount: 3n, epochTo: 4, planHash: new Uint8Array(32).fill(5) };

describe('typed data of streams', () => {
  it('is what ethers signs of a batch', () => {
    const batches = fc.record({
      streamId: bytes(32), generation: u32, epoch: u32, runId: bytes(16), firstSeq: u64, count: u32, prevBatchHash: bytes(32), framesRoot: bytes(32), epochCommit: bytes(32), timeMillis: time,
    });
    fc.assert(fc.property(domains, batches, (domain, { timeMillis, ...rest }) => {
      const value = { ...hexed(rest), ts: timeMillis };
      const hash = batchStructHash({ ...rest, timeMillis: timeMillis as Millis });
      expect(toHex(hash)).toBe(TypedDataEncoder.from({ Batch: TYPES.Batch }).hash(value));
      expect(toHex(digest(domainSeparator(domain), hash))).toBe(ethersDigest(domain, 'Batch', value));
    }), { numRuns: 30 });
  });

  it('has one separator for each chain and contract, which a known domain computes once', () => {
    const known = new KnownDomain(DOMAIN);
    expect(domainSeparator(known)).toEqual(domainSeparator(DOMAIN));
    expect(domainSeparator(known)).toBe(domainSeparator(known));
  });

  it('is what ethers signs of a voucher', () => {
    const vouchers = fc.record({ channelId: bytes(32), cumulativeUnits: u64, cumulativeAmount: fc.bigInt(0n, (1n << 128n) - 1n), epochTo: u32, planHash: bytes(32) });
    fc.assert(fc.property(domains, vouchers, (domain, voucher) => {
      const { planHash, ...rest } = voucher;
      expect(toHex(voucherDigest(domain, voucher))).toBe(ethersDigest(domain, 'Voucher', { ...hexed(rest), plan: toHex(planHash) }));
    }), { numRuns: 30 });
  });

  it('is what ethers signs of a ticket', () => {
    const tickets = fc.record({
      gatewayId: bytes(32), nonce: bytes(32), streams: fc.array(bytes(32), { maxLength: 5 }), action: fc.constantFrom('publish' as const, 'subscribe' as const),
      entitlement: bytes(32), clientKey: bytes(20), expirySeconds: time,
    });
    fc.assert(fc.property(domains, tickets, (domain, ticket) => {
      const { gatewayId, streams, action, expirySeconds, ...rest } = ticket;
      const value = { ...hexed(rest), gateway: toHex(gatewayId), streams: streams.map(toHex), action: action === 'publish' ? 1 : 2, exp: expirySeconds };
      expect(toHex(ticketDigest(domain, { ...ticket, expirySeconds: expirySeconds as Seconds }))).toBe(ethersDigest(domain, 'Ticket', value));
    }), { numRuns: 30 });
  });

  it('is what ethers signs of a receipt', () => {
    const receipts = fc.record({ gatewayId: bytes(32), streamId: bytes(32), logId: u64, offset: u64, firstSeq: u64, batchHash: bytes(32), timeMillis: time });
    fc.assert(fc.property(domains, receipts, (domain, receipt) => {
      const { timeMillis, ...rest } = receipt;
      expect(toHex(receiptDigest(domain, { ...receipt, timeMillis: timeMillis as Millis }))).toBe(ethersDigest(domain, 'GatewayReceipt', { ...hexed(rest), ts: timeMillis }));
    }), { numRuns: 30 });
  });

  it('refuses a field that does not fit instead of cutting it', () => {
    expect(() => batchStructHash({ ...BATCH, generation: 2 ** 32 })).toThrow('32 bits');
    expect(() => batchStructHash({ ...BATCH, firstSeq: 1n << 64n })).toThrow('64 bits');
    expect(() => batchStructHash({ ...BATCH, runId: new Uint8Array(15) })).toThrow('16 bytes');
    expect(() => batchStructHash({ ...BATCH, epoch: -1 })).toThrow('32 bits');
    expect(() => voucherStructHash({ ...VOUCHER, cumulativeAmount: 1n << 128n })).toThrow('128 bits');
    expect(() => voucherStructHash({ ...VOUCHER, cumulativeUnits: -1n })).toThrow('64 bits');
    expect(() => domainSeparator({ ...DOMAIN, contract: new Uint8Array(32) })).toThrow('20 bytes');
    const ticket = { gatewayId: VOUCHER.channelId, nonce: VOUCHER.channelId, action: 'publish', entitlement: VOUCHER.channelId, clientKey: DOMAIN.contract, expirySeconds: 1 as Seconds } as const;
    expect(() => ticketStructHash({ ...ticket, streams: [new Uint8Array(16), new Uint8Array(16)] })).toThrow('32 bytes');
    expect(() => receiptStructHash({ gatewayId: VOUCHER.channelId, streamId: VOUCHER.channelId, logId: 1n << 64n, offset: 0n, firstSeq: 0n, batchHash: VOUCHER.channelId, timeMillis: 0 as Millis })).toThrow('64 bits');
  });
});

/** Byte strings as ethers takes them; numbers stay. */
function hexed(value: Readonly<Record<string, Bytes | number | bigint>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, field instanceof Uint8Array ? toHex(field) : field]));
}
