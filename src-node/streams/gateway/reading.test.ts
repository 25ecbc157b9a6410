import { describe, expect, it } from 'vitest';
import { toHex } from '../../base/bytes.ts';
import { seconds } from '../../base/clock.ts';
import { BATCH_HEADER_BYTES } from '../format/batch.ts';
import { codeOf, openGateway, seqsOf } from './testing/open-gateway.ts';
import { streamPath } from './testing/test-gateway.ts';
import { fill, STREAM_ID } from './testing/test-stream.ts';
import { batchesAnswerSchema, cursorAnswerSchema, streamFactsSchema } from './wire.ts';

describe('reading', () => {
  it('goes on from a cursor that says where, and takes no other', async () => {
    const gateway = await openGateway();
    const channelId = gateway.chain.openChannel();
    const ticket = await gateway.ticket();
    for (let i = 0; i < 5; i++) await gateway.publish(ticket, gateway.publisher.next(2));
    const reading = await gateway.ticket({ channelId });
    const first = batchesAnswerSchema.parse((await gateway.read(reading, '?max=2')).json);
    expect(first.items).toHaveLength(2);
    const second = await gateway.read(reading, `?cursor=${first.next}`);
    expect([seqsOf(second.json), second.headers['x-pd-owed']]).toEqual([['4+2', '6+2', '8+2'], '10']);
    expect(seqsOf((await gateway.read(reading, '?cursor=live')).json)).toEqual([]);
    const forged = Buffer.from(first.next, 'base64url');
    forged[16]! ^= 1;
    expect(codeOf(await gateway.read(reading, `?cursor=${forged.toString('base64url')}`))).toBe('cursor_invalid');
    const { cursor } = (await gateway.ask('GET', streamPath('/at?ts=0'), { ticket: reading })).json as { cursor: string };
    expect(seqsOf((await gateway.read(reading, `?cursor=${cursor}&max=1`)).json)).toEqual(['0+2']);
  });

  it('names every hole: what is no longer kept, and what never came', async () => {
    const gateway = await openGateway({ ringBytes: 1 });
    const channelId = gateway.chain.openChannel();
    const ticket = await gateway.ticket();
    for (let i = 0; i < 4; i++) await gateway.publish(ticket, gateway.publisher.next(2));
    const reading = await gateway.ticket({ channelId });
    const { next } = batchesAnswerSchema.parse((await gateway.read(reading, '?max=1')).json);
    gateway.cluster.drop(STREAM_ID, 2n);
    const old = await gateway.read(reading, `?cursor=${next}`);
    expect(codeOf(old)).toBe('cursor_too_old');
    const { oldest } = old.json['meta'] as { oldest: string };
    expect(seqsOf((await gateway.read(reading, `?cursor=${oldest}`)).json)).toEqual(['4+2', '6+2']);
    await gateway.publish(ticket, gateway.publisher.signed(2, { firstSeq: 20n }).batch, '?gap=allow');
    const { next: behind } = batchesAnswerSchema.parse((await gateway.read(reading, `?cursor=${oldest}&max=2`)).json);
    expect(seqsOf((await gateway.read(reading, `?cursor=${behind}`)).json)).toEqual(['gap 8-19 missing', '20+2']);
  });

  it('waits for more without keeping anyone else from being served', async () => {
    const gateway = await openGateway();
    const channelId = gateway.chain.openChannel();
    const ticket = await gateway.ticket();
    await gateway.publish(ticket, gateway.publisher.next());
    const reading = await gateway.ticket({ channelId });
    let done = 0;
    const polls = Array.from({ length: 20 }, () => gateway.read(reading, '?cursor=live&waitMs=20000').finally(() => done++));
    expect(codeOf(await gateway.read(reading))).toBe('ok');
    expect(done).toBe(0);
    await gateway.publish(ticket, gateway.publisher.next(3));
    for (const { json } of await Promise.all(polls)) expect(seqsOf(json)).toEqual(['1+3']);
    expect((await gateway.read(reading, '?cursor=live')).headers['x-pd-owed']).toBe('4'); // each frame once
  });

  it('needs a right: the id of a stream alone opens nothing, and a right that ends in a block has ended', async () => {
    const gateway = await openGateway();
    const channelId = gateway.chain.openChannel();
    const published = gateway.publisher.next();
    await gateway.publish(await gateway.ticket(), published);
    for (const path of [streamPath('/batches'), streamPath('/keys?from=0&to=9'), streamPath('/subscribers'), streamPath('/at?ts=1'), '/v1/usage', `/v1/channels/${toHex(channelId)}/voucher`]) expect(codeOf(await gateway.ask('GET', path))).toBe('ticket_required');
    expect(codeOf(await gateway.ask('GET', streamPath('/peek')))).toBe('epoch_unavailable');
    const facts = streamFactsSchema.parse((await gateway.ask('GET', streamPath())).json);
    expect(facts).toMatchObject({ first: 0n, next: 1n, tail: { nextSeq: 1n, header: published.subarray(0, BATCH_HEADER_BYTES) }, peek: false });
    const ticket = await gateway.ticket({ channelId });
    expect(codeOf(await gateway.read(ticket))).toBe('ok');
    const poll = gateway.read(ticket, '?cursor=live&waitMs=20000');
    gateway.chain.changeChannel(channelId, { status: 'closing' });
    gateway.chain.block();
    expect(codeOf(await gateway.read(ticket))).toBe('channel_closed');
    const other = gateway.chain.openChannel(fill(32, 0x55), { expirySeconds: seconds(gateway.clock.now() / 1000 + 60) });
    const short = await gateway.ticket({ channelId: other, key: fill(32, 0x55) });
    gateway.advance(60_000);
    expect(codeOf(await gateway.read(short))).toBe('channel_closed');
    await gateway.publish(await gateway.ticket(), gateway.publisher.next());
    expect(codeOf(await poll)).toBe('channel_closed');
  });

  it('begins at a time, at the end when nothing came since, and waits no longer than half a minute', async () => {
    const gateway = await openGateway();
    const ticket = await gateway.ticket();
    const times: number[] = [];
    for (let i = 0; i < 3; i++) {
      times.push(gateway.clock.now());
      await gateway.publish(ticket, gateway.publisher.next(2));
      gateway.advance(1000);
    }
    const reading = await gateway.ticket({ channelId: gateway.chain.openChannel() });
    const from = async (ts: number): Promise<readonly string[]> => {
      const { cursor } = cursorAnswerSchema.parse((await gateway.ask('GET', streamPath(`/at?ts=${ts}`), { ticket: reading })).json);
      return seqsOf((await gateway.read(reading, `?cursor=${cursor}`)).json);
    };
    expect([await from(times[1]!), await from(times[1]! + 1), await from(times[2]! + 1)]).toEqual([['2+2', '4+2'], ['4+2'], []]);
    for (const query of ['/at', '/at?ts=-1', '/at?ts=soon', '/batches?waitMs=30001', '/batches?max=257', '/batches?max=0']) expect(codeOf(await gateway.ask('GET', streamPath(query), { ticket: reading }))).toBe('bad_request');
  });

  it('gives what is kept of a stream that has ended, and then says so', async () => {
    const gateway = await openGateway();
    await gateway.publish(await gateway.ticket(), gateway.publisher.next(2));
    const reading = await gateway.ticket({ channelId: gateway.chain.openChannel() });
    gateway.chain.streamRecord = { ...gateway.chain.streamRecord, status: 'ended' };
    gateway.chain.block();
    const answer = await gateway.read(reading);
    expect(seqsOf(answer.json)).toEqual(['0+2']);
    const { next } = batchesAnswerSchema.parse(answer.json);
    const refused = await gateway.read(reading, `?cursor=${next}&waitMs=20000`);
    expect([codeOf(refused), refused.status, refused.json['retry']]).toEqual(['stream_retired', 410, 'never']);
  });

  it("takes a subscriber's ticket only", async () => {
    const gateway = await openGateway();
    const ticket = await gateway.ticket();
    for (const path of ['/batches', '/keys?from=0&to=1']) expect(codeOf(await gateway.ask('GET', streamPath(path), { ticket }))).toBe('not_subscribed');
  });
});
