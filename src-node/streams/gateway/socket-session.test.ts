import { describe, expect, it, vi } from 'vitest';
import { toHex, utf8 } from '../../base/bytes.ts';
import { seconds } from '../../base/clock.ts';
import { decodeBatch } from '../format/batch.ts';
import { encodePub } from './binary-frames.ts';
import { connect, openServer, publisher, reader, seqOf } from './testing/open-server.ts';
import { streamPath } from './testing/test-gateway.ts';
import { serve } from './testing/test-server.ts';
import { fill, socketProof, STREAM_ID, voucher } from './testing/test-stream.ts';
import { keysRequestSchema } from './wire.ts';

describe('a socket', () => {
  it('wants a fresh proof first', async () => {
    const made = await openServer();
    const channelId = made.test.chain.openChannel();
    const early = connect(made);
    await early.take('HELLO');
    early.send({ type: 'SUB', stream: STREAM_ID, cursor: 'live', credit: 1 });
    expect((await early.take('ERR')).code).toBe('ticket_required');
    const [one, two] = [connect(made), connect(made)];
    const ticket = await made.test.ticket({ channelId });
    const [{ challenge }] = [await one.take('HELLO'), await two.take('HELLO')];
    two.send({ type: 'AUTH', ticket, proof: socketProof(ticket, challenge) }); // the proof for another connection
    expect([(await two.take('ERR')).code, await two.ended()]).toEqual(['proof_forged', 1008]);
    one.send({ type: 'AUTH', ticket, proof: socketProof(ticket, challenge) });
    expect(await one.take('AUTHOK')).toMatchObject({ action: 'subscribe' });
    one.socket.send('{"type":"NONE"}');
    expect((await one.take('ERR')).code).toBe('bad_request');
    one.send({ type: 'PING' });
    await one.take('PONG');
    one.send({ type: 'SUB', stream: fill(32, 9), cursor: 'live', credit: 1 });
    expect((await one.take('ERR')).code).toBe('not_subscribed');
  });

  it('carries batches to receipts in their order, and names the one that is refused', async () => {
    const made = await openServer();
    const { test } = made;
    const socket = await publisher(made);
    const batches = Array.from({ length: 50 }, () => test.publisher.next(3));
    for (const batch of batches) socket.socket.send(encodePub(batch, { gap: false }));
    for (const batch of batches) expect((await socket.take('PUBOK')).receipt.batchHash).toEqual(decodeBatch(batch).hash);
    socket.socket.send(encodePub(test.publisher.signed(1, { firstSeq: 149n }).batch, { gap: false }));
    expect(await socket.take('ERR')).toMatchObject({ about: 'PUB', code: 'batch_out_of_order', meta: { expected: '150', firstSeq: '149' } });
    socket.socket.send(encodePub(test.publisher.signed(1, { firstSeq: 147n }).batch, { gap: false }));
    expect(await socket.take('ERR')).toMatchObject({ about: 'PUB', code: 'batch_conflict' });
    socket.socket.send(encodePub(Buffer.alloc(1024 * 1024 + 1), { gap: false }));
    expect(await socket.take('ERR')).toMatchObject({ about: 'PUB', code: 'batch_too_large' });
    socket.socket.send(encodePub(test.publisher.signed(1, {}, { key: fill(32, 0x66) }).batch, { gap: false }));
    expect(await socket.take('ERR')).toMatchObject({ about: 'PUB', code: 'batch_forged' });
  });

  it('brings batches of every length unchanged', async () => {
    const made = await openServer();
    const { test } = made;
    const socket = await publisher(made);
    // 392 bytes of a message with one frame are not its body: around the longest that has a length of two bytes, and the longest of all
    const batches = [test.publisher.next(1, {}, { bytes: 65_143 }), test.publisher.next(1, {}, { bytes: 65_144 }), test.publisher.next(), test.publisher.next(16, {}, { bytes: 65_400 })];
    for (const batch of batches) socket.socket.send(encodePub(batch, { gap: false }));
    for (const batch of batches) expect((await socket.take('PUBOK')).receipt.batchHash).toEqual(decodeBatch(batch).hash);
    const reading = await reader(made, test.chain.openChannel(), { cursor: 'earliest', credit: 10 });
    for (const batch of batches) expect(Buffer.compare((await reading.take('DATA')).batch, batch)).toBe(0);
  });

  it('gives a reader as much as it has credit for, from where it wants', async () => {
    const made = await openServer();
    const { test } = made;
    const socket = await publisher(made);
    const channelId = test.chain.openChannel();
    for (let i = 0; i < 6; i++) socket.socket.send(encodePub(test.publisher.next(2), { gap: false }));
    for (let i = 0; i < 6; i++) await socket.take('PUBOK');
    const reading = await reader(made, channelId, { credit: 2 });
    expect(await reading.take('SUBOK')).toMatchObject({ kind: 'metered', owed: 0n, signed: 0n, window: 50, epoch: test.chain.epoch });
    expect([seqOf((await reading.take('DATA')).batch), seqOf((await reading.take('DATA')).batch)]).toEqual([0n, 2n]);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(reading.frames.filter(({ type }) => type === 'DATA')).toHaveLength(2);
    reading.send({ type: 'CREDIT', stream: STREAM_ID, batches: 1 });
    const third = await reading.take('DATA');
    expect(seqOf(third.batch)).toBe(4n);
    const again = await reader(made, channelId, { cursor: third.cursor });
    expect(seqOf((await again.take('DATA')).batch)).toBe(6n);
    const live = await reader(made, channelId, { cursor: 'live' });
    await live.take('SUBOK');
    socket.socket.send(encodePub(test.publisher.next(1), { gap: false }));
    const { batch, offset } = await live.take('DATA');
    expect([seqOf(batch), offset]).toEqual([12n, 6n]);
  });

  it('checks the vouchers of one reader no faster than its requests, and each in its turn', async () => {
    const made = await openServer({ limits: { requestsPerSecond: 5 } });
    const { test } = made;
    const channelId = test.chain.openChannel();
    const reading = await reader(made, channelId);
    await reading.take('SUBOK');
    let answers = 0;
    reading.socket.on('message', () => answers++);
    const forged = voucher(test.chain, channelId, 8n, {}, { key: fill(32, 0x66) });
    for (let i = 0; i < 14; i++) reading.send({ type: 'VOUCHER', ...forged });
    reading.send({ type: 'VOUCHER', ...voucher(test.chain, channelId, 8n) });
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(answers).toBeLessThan(13);
    expect(await reading.take('PAID')).toMatchObject({ signed: 8n });
  });

  it('asks to be paid, stands, and goes on with a voucher', async () => {
    const made = await openServer({ plan: { window: 10 } });
    const { test } = made;
    const channelId = test.chain.openChannel();
    const ticket = await test.ticket();
    for (let i = 0; i < 6; i++) await test.publish(ticket, test.publisher.next(4));
    const reading = await reader(made, channelId);
    expect(await reading.take('PAY')).toMatchObject({ owed: 8n, signed: 0n, window: 10, pausedAt: null });
    expect(await reading.take('PAY')).toMatchObject({ owed: 8n, pausedAt: 8n });
    reading.send({ type: 'VOUCHER', ...voucher(test.chain, channelId, 8n, {}, { key: fill(32, 0x66) }) });
    expect(await reading.take('ERR')).toMatchObject({ about: 'VOUCHER', code: 'voucher_forged' });
    reading.send({ type: 'VOUCHER', ...voucher(test.chain, channelId, 8n) });
    expect(await reading.take('PAID')).toMatchObject({ signed: 8n });
    expect(seqOf((await reading.take('DATA')).batch)).toBe(8n);
    expect(await reading.take('PAY')).toMatchObject({ owed: 16n, signed: 8n, pausedAt: null });
    expect(await reading.take('PAY')).toMatchObject({ owed: 16n, pausedAt: 16n });
  });

  it('says where a reader can go on when its right ends, and names holes in their place', async () => {
    const made = await openServer();
    const { test } = made;
    const ticket = await test.ticket();
    const channelId = test.chain.openChannel();
    await test.publish(ticket, test.publisher.next(2));
    await test.publish(ticket, test.publisher.signed(2, { firstSeq: 10n }).batch, '?gap=allow');
    const reading = await reader(made, channelId);
    await reading.take('DATA');
    expect(await reading.take('GAP')).toMatchObject({ from: 2n, to: 9n, reason: 'missing' });
    const last = await reading.take('DATA');
    test.chain.changeChannel(channelId, { status: 'closing' });
    test.chain.block();
    expect(await reading.take('BYE')).toMatchObject({ reason: 'channel_closed', stream: STREAM_ID, resumeCursor: last.cursor });
    const short = test.chain.openChannel(fill(32, 0x55), { expirySeconds: seconds(Math.floor(Date.now() / 1000) + 2) });
    const other = await reader(made, short, { key: fill(32, 0x55) });
    expect(await other.take('BYE')).toMatchObject({ reason: 'channel_closed' });
  });

  it('tells publishers of subscribers, and subscribers of their keys', async () => {
    const made = await openServer();
    const { test } = made;
    const socket = await publisher(made);
    expect((await socket.take('SUBSCRIBERS')).subscribers).toEqual([]);
    const channelId = test.chain.openChannel();
    const reading = await reader(made, channelId);
    await reading.take('SUBOK');
    expect((await socket.take('SUBSCRIBERS')).subscribers).toMatchObject([{ channelId, voucher: null, kind: 'metered' }]);
    const { epoch } = test.chain;
    const keys = keysRequestSchema.encode({ channelId, generation: 1, from: epoch, to: epoch + 6, envelope: utf8('sealed') });
    await test.ask('POST', streamPath('/keys'), { ticket: await test.ticket(), body: utf8(JSON.stringify(keys)) });
    expect(await reading.take('KEY')).toMatchObject({ from: epoch, to: epoch + 6 });
    reading.send({ type: 'VOUCHER', ...voucher(test.chain, channelId, 3n) });
    expect((await socket.take('SUBSCRIBERS')).subscribers).toMatchObject([{ voucher: { cumulativeUnits: 3n } }]);
  });

  it('holds only so many bytes of batches that wait for their turn', async () => {
    const made = await openServer();
    const { test } = made;
    const socket = await publisher(made);
    test.chain.stream = () => new Promise(() => undefined); // nothing is judged any more
    test.chain.block();
    for (let i = 0; i < 12; i++) socket.socket.send(encodePub(test.publisher.next(15, {}, { bytes: 65_000 }), { gap: false }));
    expect(await socket.take('BYE')).toMatchObject({ reason: 'quota_bytes' });
  });

  it('reads nothing any more for who went away while it was let in', async () => {
    const made = await openServer();
    const { test } = made;
    await test.publish(await test.ticket(), test.publisher.next(2));
    const channelId = test.chain.openChannel();
    const socket = connect(made);
    const ticket = await test.ticket({ channelId });
    await socket.authenticate(ticket);
    const channel = test.chain.channel.bind(test.chain);
    const waiting: (() => void)[] = [];
    test.chain.channel = async (id) => {
      await new Promise<void>((resolve) => waiting.push(resolve));
      return channel(id);
    };
    test.chain.block();
    socket.send({ type: 'SUB', stream: STREAM_ID, cursor: 'earliest', credit: 10 });
    await vi.waitFor(() => expect(waiting).toHaveLength(1));
    socket.socket.terminate();
    await vi.waitFor(() => expect(test.gateway.facts().sockets).toBe(0));
    test.chain.channel = channel;
    for (const letIn of waiting) letIn();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect((await test.ask('GET', `/v1/channels/${toHex(channelId)}/voucher`, { ticket })).json).toMatchObject({ owed: '0' });
  });

  it('is one of a few: more than a ticket may have are refused', async () => {
    const made = await openServer({ limits: { sockets: 2 } });
    const ticket = await made.test.ticket({ channelId: made.test.chain.openChannel() });
    for (const socket of [connect(made), connect(made)]) await socket.authenticate(ticket);
    const third = connect(made);
    const { challenge } = await third.take('HELLO');
    third.send({ type: 'AUTH', ticket, proof: socketProof(ticket, challenge) });
    expect((await third.take('ERR')).code).toBe('quota_sockets');
  });

  it('ends with the gateway, which says where to go on', async () => {
    const made = await serve();
    const channelId = made.test.chain.openChannel();
    const reading = await reader(made, channelId);
    const { cursor } = await reading.take('SUBOK');
    await made.close();
    expect(await reading.take('BYE')).toMatchObject({ reason: 'stopping', resumeCursor: cursor });
    expect(await reading.ended()).toBe(1001);
  });
});
