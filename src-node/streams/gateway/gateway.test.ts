import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { toHex } from '../../base/bytes.ts';
import { decodeBatch } from '../format/batch.ts';
import { LONG, MemoryCluster } from './testing/memory-engine.ts';
import { codeOf, openGateway, receiptOf, sendVoucher, seqsOf } from './testing/open-gateway.ts';
import { streamPath, TestGateway } from './testing/test-gateway.ts';
import { EPOCH_SECONDS, GATEWAY_ID, proofOf, STREAM_ID, voucher } from './testing/test-stream.ts';
import { batchesAnswerSchema, channelAnswerSchema, streamFactsSchema, usageAnswerSchema } from './wire.ts';

describe('a restart', () => {
  it('keeps tickets, vouchers, what is owed, cursors and receipts', async () => {
    const cluster = new MemoryCluster();
    const before = await TestGateway.open({ cluster });
    const storePath = join(before.folder, 'store.db');
    await before.gateway.close();
    const first = await TestGateway.open({ cluster, storePath });
    const channelId = first.chain.openChannel();
    const ticket = await first.ticket();
    const batches = Array.from({ length: 3 }, () => first.publisher.next(4));
    const receipts = [];
    for (const batch of batches) receipts.push(receiptOf(await first.publish(ticket, batch)));
    const reading = await first.ticket({ channelId });
    const { next } = batchesAnswerSchema.parse((await first.read(reading, '?max=2')).json);
    const best = voucher(first.chain, channelId, 5n);
    await sendVoucher(first, reading, best);
    const used = proofOf(reading, 'GET', '/v1/usage', new Uint8Array(0), first.clock.now());
    await first.ask('GET', '/v1/usage', { headers: used });
    await first.gateway.close();

    const second = await openGateway({ cluster, storePath, chain: first.chain, clock: first.clock });
    expect(codeOf(await second.ask('GET', '/v1/usage', { headers: used }))).toBe('proof_replayed');
    const channel = await second.ask('GET', `/v1/channels/${toHex(channelId)}/voucher`, { ticket: reading });
    expect(channelAnswerSchema.parse(channel.json)).toMatchObject({ best, owed: 8n, signed: 5n });
    expect(seqsOf((await second.read(reading, `?cursor=${next}`)).json)).toEqual(['8+4']);
    for (const [i, batch] of batches.entries()) expect(receiptOf(await second.publish(ticket, batch))).toEqual(receipts[i]);
  });

  it('of one instance leaves the other to know what was signed and owed', async () => {
    const cluster = new MemoryCluster();
    const one = await TestGateway.open({ cluster, instance: 'a1', plan: { window: 6 } });
    const channelId = one.chain.openChannel();
    const ticket = await one.ticket();
    for (let i = 0; i < 4; i++) await one.publish(ticket, one.publisher.next(4));
    const reading = await one.ticket({ channelId });
    await one.read(reading);
    await sendVoucher(one, reading, voucher(one.chain, channelId, 2n));
    await one.gateway.close();
    const two = await openGateway({ cluster, chain: one.chain, clock: one.clock, instance: 'b2' });
    const again = await two.ticket({ channelId });
    expect((await two.ask('GET', `/v1/channels/${toHex(channelId)}/voucher`, { ticket: again })).json).toMatchObject({ owed: '4', signed: '2' });
    expect(seqsOf((await two.read(again)).json)).toEqual(['0+4', '4+4']);
  });
});

describe('what is told of the gateway', () => {
  it('describes its calls, its health and its counters', async () => {
    const gateway = await openGateway();
    await gateway.publish(await gateway.ticket(), gateway.publisher.next(3));
    const { json } = await gateway.ask('GET', '/v1/openapi.json');
    const paths = json['paths'] as Record<string, Record<string, { responses: Record<string, unknown> }>>;
    expect(Object.keys(paths)).toHaveLength(13);
    expect(Object.keys(paths['/v1/streams/{id}/batches']!)).toEqual(['post', 'get']);
    expect(Object.keys(paths['/v1/streams/{id}/batches']!['get']!.responses)).toEqual(expect.arrayContaining(['200', '402', '410', '429']));
    expect(JSON.stringify(json)).not.toContain('"id":"#');
    expect((await gateway.ask('GET', '/v1/health')).json).toMatchObject({ ok: true, streams: 1, head: '1' });
    const metrics = (await gateway.ask('GET', '/metrics')).body;
    expect(metrics).toContain('pdash_gateway_published_frames_total 3\n');
    expect(metrics).toMatch(/^# TYPE pdash_gateway_publish_seconds histogram$/m);
    for (const [target, code] of [['/v1/nothing', 'not_found'], ['/v1/streams/zz/peek', 'bad_request'], ['/', 'not_found']] as const) expect(codeOf(await gateway.ask('GET', target))).toBe(code);
    expect(codeOf(await gateway.ask('DELETE', '/v1/hello'))).toBe('method_not_allowed');
  });

  it('tells anyone what a stream is, and the holder of a ticket what was used of it', async () => {
    const gateway = await openGateway({ limits: { peeksPerDay: 7 } });
    const { chain } = gateway;
    const batch = gateway.publisher.next(3);
    const publishing = await gateway.ticket();
    await gateway.publish(publishing, batch);
    const facts = streamFactsSchema.parse((await gateway.ask('GET', streamPath())).json);
    expect(facts).toMatchObject({
      streamId: STREAM_ID, status: 'registered', generation: 1, epoch: chain.epoch, epochSeconds: EPOCH_SECONDS, ahead: 6, first: 0n, next: 1n, retentionMillis: LONG, gateways: [GATEWAY_ID],
      limits: { peeksPerDay: 7 }, peek: false, tail: { nextSeq: 3n, batchHash: decodeBatch(batch).hash, time: gateway.clock.now() },
    });
    const channelId = chain.openChannel();
    const reading = await gateway.ticket({ channelId });
    await gateway.read(reading);
    const used = async (ticket: string): Promise<unknown> => usageAnswerSchema.parse((await gateway.ask('GET', '/v1/usage', { ticket })).json);
    expect(await used(reading)).toMatchObject({ action: 'subscribe', streams: [STREAM_ID], requests: 2, readFrames: 3, readBytes: batch.length, publishedFrames: 0, sockets: 0, channel: { channelId, owed: 3n, signed: 0n, window: 50, best: null } });
    expect(await used(publishing)).toMatchObject({ action: 'publish', requests: 2, publishedFrames: 3, publishedBytes: batch.length, readBytes: 0, channel: null });
  });
});
