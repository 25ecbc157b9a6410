import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { equal, hexOf, toHex, utf8, type Bytes } from '../../base/bytes.ts';
import { millis } from '../../base/clock.ts';
import { receiptDigest } from '../../contracts/typed-data.ts';
import { addressOf } from '../../crypto/secp256k1.ts';
import { typedSigner } from '../../crypto/typed-signer.ts';
import { BATCH_HEADER_BYTES, decodeBatch } from '../format/batch.ts';
import { MemoryCluster } from './testing/memory-engine.ts';
import { codeOf, openGateway, receiptOf, seqsOf } from './testing/open-gateway.ts';
import { streamPath, TestGateway } from './testing/test-gateway.ts';
import { fill, GATEWAY_KEY, STREAM_ID } from './testing/test-stream.ts';
import { batchesAnswerSchema } from './wire.ts';

const headerText = (batch: Bytes): string => Buffer.from(batch.subarray(0, BATCH_HEADER_BYTES)).toString('base64');

describe('publishing', () => {
  it('gives a receipt that the gateway signed, and the same again for the same batch', async () => {
    const gateway = await openGateway();
    const ticket = await gateway.ticket();
    const batch = gateway.publisher.next(3);
    const receipt = receiptOf(await gateway.publish(ticket, batch));
    expect(receipt).toMatchObject({ logId: 1n, offset: 0n, firstSeq: 0n, batchHash: decodeBatch(batch).hash, ts: gateway.clock.now() });
    const { chainId, genesisHash, contracts } = gateway.chain;
    const signer = typedSigner(receiptDigest({ chainId, genesisHash, contract: contracts.gateway }, { ...receipt, timeMillis: millis(receipt.ts) }), receipt.signature);
    expect(signer?.address).toEqual(addressOf(GATEWAY_KEY));
    gateway.advance(5000);
    expect(receiptOf(await gateway.publish(ticket, batch))).toEqual(receipt);
    expect(gateway.cluster.of(STREAM_ID).records).toHaveLength(1);
    const json = utf8(JSON.stringify({ batch: Buffer.from(gateway.publisher.next()).toString('base64') }));
    expect(receiptOf(await gateway.ask('POST', streamPath('/batches'), { ticket, body: json }))).toMatchObject({ offset: 1n, firstSeq: 3n });
  });

  it('refuses what is too large, broken, forged, of another chain, of a later epoch or out of order', async () => {
    const gateway = await openGateway();
    const ticket = await gateway.ticket();
    const { publisher } = gateway;
    const send = async (batch: Bytes, query = ''): Promise<string> => codeOf(await gateway.publish(ticket, batch, query));
    const large = new Uint8Array(1024 * 1024 + 1);
    large.set(publisher.signed().batch);
    expect(await send(large)).toBe('batch_too_large');
    expect(await send(publisher.signed().batch.subarray(0, 300))).toBe('batch_invalid');
    const torn = Uint8Array.from(publisher.signed(2).batch);
    torn[torn.length - 1]! ^= 1;
    expect(await send(torn)).toBe('batch_invalid');
    expect(await send(publisher.signed(1, {}, { key: fill(32, 0x66) }).batch)).toBe('batch_forged');
    expect(await send(publisher.signed(1, {}, { chainId: 41n }).batch)).toBe('batch_forged');
    expect(await send(publisher.signed(1, { epoch: gateway.chain.epoch + 2 }).batch)).toBe('batch_invalid');
    expect(await send(publisher.signed(1, { prevBatchHash: fill(32, 1), firstSeq: 4n }).batch)).toBe('ok'); // a gateway may begin anywhere
    const early = await gateway.publish(ticket, publisher.signed(1, { prevBatchHash: fill(32, 1), firstSeq: 9n }).batch);
    expect([codeOf(early), early.json['meta']]).toEqual(['batch_out_of_order', { expected: '5', firstSeq: '9' }]);
    expect(await send(publisher.signed(1, { prevBatchHash: fill(32, 1), firstSeq: 5n }).batch)).toBe('batch_invalid');
    expect(await send(publisher.signed(1, { prevBatchHash: fill(32, 1), firstSeq: 9n }).batch, '?gap=allow')).toBe('ok');
    gateway.chain.streamRecord = { ...gateway.chain.streamRecord, status: 'ended' };
    gateway.chain.block();
    expect(await send(publisher.signed(1, { prevBatchHash: fill(32, 1), firstSeq: 10n }).batch)).toBe('stream_retired');
  });

  it('keeps the order of batches that come all at once, whatever the log takes', async () => {
    const cluster = new MemoryCluster();
    cluster.appendDelay = () => new Promise((resolve) => setTimeout(resolve, 2));
    const gateway = await openGateway({ cluster });
    const ticket = await gateway.ticket();
    const batches = Array.from({ length: 200 }, () => gateway.publisher.next(2));
    const receipts = await Promise.all(batches.map(async (batch) => receiptOf(await gateway.publish(ticket, batch))));
    expect(receipts.map(({ offset }) => offset)).toEqual(batches.map((_, i) => BigInt(i)));
  });

  it('takes large batches that come all at once, which the log would not take in one call', async () => {
    const cluster = new MemoryCluster();
    cluster.appendDelay = () => new Promise((resolve) => setTimeout(resolve, 2));
    const gateway = await openGateway({ cluster, limits: { publishBytesPerSecond: 1e9 } });
    const ticket = await gateway.ticket();
    const batches = Array.from({ length: 20 }, () => gateway.publisher.next(15, {}, { bytes: 60_000 }));
    const receipts = await Promise.all(batches.map(async (batch) => receiptOf(await gateway.publish(ticket, batch))));
    expect(receipts.map(({ offset }) => offset)).toEqual(batches.map((_, i) => BigInt(i)));
  });

  it('answers another batch for known numbers with batch_conflict, keeps both as evidence and delivers the first', async () => {
    const gateway = await openGateway();
    const channelId = gateway.chain.openChannel();
    const ticket = await gateway.ticket();
    const { batch: other } = gateway.publisher.signed(2);
    const first = gateway.publisher.next(2);
    await gateway.publish(ticket, first);
    const refused = await gateway.publish(ticket, other);
    expect([codeOf(refused), refused.status]).toEqual(['batch_conflict', 409]);
    expect(refused.json['meta']).toMatchObject({ firstSeq: '0', known: toHex(decodeBatch(first).hash), header: headerText(first) });
    const folder = join(gateway.folder, 'evidence', hexOf(STREAM_ID));
    await expect.poll(() => readdir(folder).then((names) => names.sort(), () => [])).toEqual([first, other].map((bytes) => `0-${hexOf(decodeBatch(bytes).hash)}.pdb`).sort());
    const answer = await gateway.read(await gateway.ticket({ channelId }));
    expect(batchesAnswerSchema.parse(answer.json).items.map((item) => ('batch' in item ? equal(item.batch, first) : false))).toEqual([true]);
  });

  it('tells that the log does not answer, and goes on when it does', async () => {
    const gateway = await openGateway();
    const ticket = await gateway.ticket();
    await gateway.publish(ticket, gateway.publisher.next());
    gateway.cluster.isDown = true;
    const batch = gateway.publisher.next();
    expect(codeOf(await gateway.publish(ticket, batch))).toBe('log_unavailable');
    gateway.cluster.isDown = false;
    expect(receiptOf(await gateway.publish(ticket, batch)).offset).toBe(1n);
  });
});

describe('two instances over one log', () => {
  it('give the same receipt, keep one order, and nobody is given a fork that each of them took (A22)', async () => {
    const cluster = new MemoryCluster();
    const one = await openGateway({ cluster, instance: 'a1' });
    const two = await openGateway({ cluster, chain: one.chain, clock: one.clock, instance: 'b2' });
    const channelId = one.chain.openChannel();
    const [first, second] = [await one.ticket(), await two.ticket()];
    const batch = one.publisher.next(2);
    const receipt = receiptOf(await one.publish(first, batch));
    expect(receiptOf(await two.publish(second, batch))).toEqual(receipt);
    cluster.tells = false; // neither hears of the other in time
    const [left, right] = [one.publisher.signed(1).batch, one.publisher.signed(1).batch];
    const receipts = [receiptOf(await one.publish(first, left))];
    const late = await two.publish(second, right);
    expect([codeOf(late), late.json['meta']]).toMatchObject(['batch_conflict', { header: headerText(left) }]);
    receipts.push(receipt);
    const places = receipts.map(({ logId, offset }) => `${logId}/${offset}`);
    expect(new Set(places).size).toBe(places.length);
    cluster.tells = true;
    const next = one.publisher.signed(1, { firstSeq: 3n, prevBatchHash: decodeBatch(left).hash }).batch;
    one.advance(2000);
    expect(codeOf(await two.publish(second, next))).toBe('ok');
    for (const instance of [one, two]) {
      const ticket = await instance.ticket({ channelId });
      await expect.poll(async () => seqsOf((await instance.read(ticket)).json)).toEqual(['0+2', '2+1', '3+1']);
    }
    const { next: cursor } = batchesAnswerSchema.parse((await one.read(await one.ticket({ channelId }), '?max=2')).json);
    expect(seqsOf((await two.read(await two.ticket({ channelId }), `?cursor=${cursor}`)).json)).toEqual(['3+1']);
  });

  it('do not serve again from a log that lost what was receipted, until the chain gives it another number (A22)', async () => {
    const cluster = new MemoryCluster();
    const storePath = join((await TestGateway.open()).folder, 'store.db');
    const before = await TestGateway.open({ cluster, storePath });
    const ticket = await before.ticket();
    for (let i = 0; i < 3; i++) await before.publish(ticket, before.publisher.next());
    const third = before.publisher.place;
    await before.gateway.close();
    cluster.cut(STREAM_ID, 2n);
    const after = await openGateway({ cluster, storePath, chain: before.chain, clock: before.clock });
    const batch = after.publisher.signed(1, { firstSeq: 2n, prevBatchHash: third.prevBatchHash }).batch;
    const again = await after.ticket();
    expect(codeOf(await after.publish(again, batch, '?gap=allow'))).toBe('log_restored');
    after.chain.gatewayRecord = { ...after.chain.gatewayRecord, logId: 2n };
    after.chain.block();
    const lastKept = decodeBatch(cluster.of(STREAM_ID).records[1]!.value).hash;
    const anew = after.publisher.signed(1, { firstSeq: 2n, prevBatchHash: lastKept }).batch;
    expect(receiptOf(await after.publish(again, anew))).toMatchObject({ logId: 2n, offset: 2n });
    // the chain lost the block that gave it the number, and a receipt of before says what stood at offset 2 under number 1
    after.chain.gatewayRecord = { ...after.chain.gatewayRecord, logId: 1n };
    after.chain.block();
    expect(codeOf(await after.publish(again, anew))).toBe('log_restored');
    after.chain.gatewayRecord = { ...after.chain.gatewayRecord, logId: 2n };
    after.chain.block();
    expect(receiptOf(await after.publish(again, anew))).toMatchObject({ logId: 2n, offset: 2n });
  });
});
