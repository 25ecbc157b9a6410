import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { concat, fromHex, toHex, u64be, utf8, type Bytes } from '../base/bytes.ts';
import { ManualClock, millis, seconds } from '../base/clock.ts';
import { systemFiles } from '../base/files.ts';
import { batchStructHash, digest, domainSeparator, receiptDigest, ticketDigest, voucherDigest } from '../contracts/typed-data.ts';
import { eciesSeal } from '../crypto/ecies.ts';
import { addressOf, recoverAddress } from '../crypto/secp256k1.ts';
import type { HeldStreams } from './calls.ts';
import { streamRoot } from './derived-secrets.ts';
import { entropyOf, seedKeys } from './seed.ts';
import { KeysService } from './service.ts';

const WORDS = `${'abandon '.repeat(23)}art`;
const PASSWORD = 'correct horse';
const seed = seedKeys(entropyOf(WORDS));
const account = addressOf(seed.account(0));
const bytes = (byte: string, length = 32): Bytes => fromHex(byte.repeat(length));
const at = { chainId: 4181n, genesisHash: bytes('9e'), stream: bytes('51', 20), channel: bytes('c4', 20), gateway: bytes('6a', 20) };
const [streamId, channelId, gatewayId] = [bytes('5d'), bytes('cd'), bytes('6d')];
const own = { at, account, nonce: 3n };
const held: HeldStreams = { published: [{ ...own, streamId }], subscriptions: [{ ...own, streamId, channelId, maxAmount: 1000n }], gateways: [{ ...own, gatewayId }] };
/** docs/protocol/11 §4.11 */
const contextOf = (stream: Bytes): Bytes => concat(utf8('pd-envelope'), u64be(at.chainId), stream);
const batch = {
  streamId, generation: 1, epoch: 1000, runId: bytes('99', 16), firstSeq: 7n, count: 2, prevBatchHash: bytes('00'), framesRoot: bytes('f0'), epochCommit: bytes('ec'), timeMillis: millis(1_700_000_000_000),
};
const voucher = { channelId, cumulativeUnits: 10n, cumulativeAmount: 1000n, epochTo: 0, planHash: bytes('9a') };
const letIn = { gatewayId, nonce: bytes('11'), clientKey: bytes('22', 20), expirySeconds: seconds(1_700_003_600) };
const receipt = { gatewayId, streamId, logId: 1n, offset: 4n, firstSeq: 7n, batchHash: bytes('ba'), timeMillis: millis(1_700_000_000_000) };

let folder: string;
let keys: KeysService;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'keys-streams-'));
  keys = await KeysService.open({ folder, cost: { n: 2, r: 8, p: 1 } }, { clock: new ManualClock(millis(1_700_000_000_000)), files: systemFiles });
  await keys.call('importSeed', { words: WORDS, password: PASSWORD });
});
afterEach(() => {
  keys.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Signer of a signature with v 27 or 28. */
const signer = (hash: Bytes, signature: Bytes): string => toHex(recoverAddress(hash, Uint8Array.from([...signature.subarray(0, 64), (signature[64] ?? 0) - 27])) ?? new Uint8Array(0));

describe('streams that are held', () => {
  it('are signed for while the wallet is locked, each with the key it was registered with', async () => {
    const publisher = await keys.call('streamPublisher', { stream: own });
    const subscriber = await keys.call('subscriptionKey', { channel: { ...own, streamId } });
    const gateway = await keys.call('gatewaySigner', { gateway: own });
    expect(await keys.call('holdStreams', held)).toEqual([streamId, channelId, gatewayId].map(toHex));
    await keys.call('lock', {});
    const domain = (contract: Bytes) => ({ chainId: at.chainId, genesisHash: at.genesisHash, contract });
    expect(signer(digest(domainSeparator(domain(at.stream)), batchStructHash(batch)), await keys.call('signBatch', { batch }))).toBe(toHex(publisher));
    expect(signer(voucherDigest(domain(at.channel), voucher), await keys.call('signVoucher', { voucher }))).toBe(toHex(subscriber.address));
    expect(signer(receiptDigest(domain(at.gateway), receipt), await keys.call('signReceipt', { receipt }))).toBe(toHex(gateway));
    const publish = { ...letIn, streams: [streamId], action: 'publish', entitlement: new Uint8Array(32) } as const;
    expect(signer(ticketDigest(domain(at.gateway), publish), await keys.call('signPublishTicket', { streamId, ticket: letIn }))).toBe(toHex(publisher));
    const read = { ...letIn, streams: [streamId], action: 'subscribe', entitlement: channelId } as const;
    expect(signer(ticketDigest(domain(at.gateway), read), await keys.call('signReadTicket', { channelId, ticket: letIn }))).toBe(toHex(subscriber.address));
    expect(await keys.call('streamRoot', { streamId, generation: 2 })).toEqual(streamRoot(seed.packSecret, { ...at, contract: at.stream, streamId, generation: 2 }));
    expect(toHex(await keys.call('openEnvelope', { channelId, envelope: eciesSeal(utf8('nodes'), subscriber.publicKey, contextOf(streamId)) }))).toBe(toHex(utf8('nodes')));
  });

  it('sign nothing beyond the deposit, and nothing for what is not held', async () => {
    await keys.call('holdStreams', held);
    await expect(keys.call('signVoucher', { voucher: { ...voucher, cumulativeAmount: 1001n } })).rejects.toMatchObject({ code: 'STREAM_REFUSED', meta: { deposit: '1000' } });
    const other = bytes('77');
    await expect(keys.call('signVoucher', { voucher: { ...voucher, channelId: other } })).rejects.toMatchObject({ code: 'STREAM_NOT_HELD' });
    await expect(keys.call('signBatch', { batch: { ...batch, streamId: channelId } })).rejects.toMatchObject({ code: 'STREAM_NOT_HELD' });
    await expect(keys.call('signReceipt', { receipt: { ...receipt, gatewayId: streamId } })).rejects.toMatchObject({ code: 'STREAM_NOT_HELD' });
    await expect(keys.call('streamRoot', { streamId: other, generation: 0 })).rejects.toMatchObject({ code: 'STREAM_NOT_HELD' });
    await expect(keys.call('openEnvelope', { channelId, envelope: eciesSeal(utf8('nodes'), (await keys.call('subscriptionKey', { channel: { ...own, streamId } })).publicKey, contextOf(other)) })).rejects.toMatchObject({ code: 'BAD_SEALED' });
  });

  it('are replaced as a whole, which asks for an unlocked wallet, and end with the process', async () => {
    await keys.call('holdStreams', held);
    await keys.call('lock', {});
    await expect(keys.call('holdStreams', { ...held, gateways: [] })).rejects.toMatchObject({ code: 'WALLET_LOCKED' });
    expect((await keys.call('status', {})).streams).toHaveLength(3);
    await keys.call('unlock', { password: PASSWORD });
    expect(await keys.call('holdStreams', { published: [], subscriptions: [], gateways: held.gateways })).toEqual([toHex(gatewayId)]);
    await expect(keys.call('signBatch', { batch })).rejects.toMatchObject({ code: 'STREAM_NOT_HELD' });
    keys.close();
    expect((await keys.call('status', {})).streams).toEqual([]);
  });

  it('have keys of their own for every account, contract, number and stream', async () => {
    const one = async (change: object): Promise<string> => toHex((await keys.call('subscriptionKey', { channel: { ...own, streamId, ...change } })).address);
    const all = await Promise.all([one({}), one({ nonce: 4n }), one({ streamId: channelId }), one({ at: { ...at, channel: at.gateway } }), one({ at: { ...at, chainId: 337n } }), one({ at: { ...at, genesisHash: bytes('00') } })]);
    expect(new Set([...all, toHex(await keys.call('streamPublisher', { stream: own })), toHex(await keys.call('gatewaySigner', { gateway: own }))]).size).toBe(8);
  });
});
