import { describe, expect, it } from 'vitest';
import { millis, toSeconds } from '../../base/clock.ts';
import { encodePub } from './binary-frames.ts';
import { connect, openServer, publisher, reader, seqOf } from './testing/open-server.ts';
import { STREAM_ID } from './testing/test-stream.ts';

describe('a socket ends', () => {
  it('when its client says so', async () => {
    const made = await openServer();
    const reading = await reader(made, made.test.chain.openChannel());
    const { cursor } = await reading.take('SUBOK');
    reading.send({ type: 'BYE' });
    expect([await reading.take('BYE'), await reading.take('BYE')]).toMatchObject([{ reason: 'client', stream: STREAM_ID, resumeCursor: cursor }, { reason: 'client', stream: null, resumeCursor: null }]);
    expect(await reading.ended()).toBe(1000);
  });

  it('with its ticket', async () => {
    const made = await openServer();
    const { test } = made;
    const channelId = test.chain.openChannel();
    const ticket = await test.ticket({ channelId, change: { expSeconds: toSeconds(millis(Date.now())) + 2 } });
    const socket = connect(made);
    await socket.authenticate(ticket);
    expect(await socket.take('BYE')).toMatchObject({ reason: 'ticket_expired' });
    expect(await socket.ended()).toBe(1008);
  });

  it('for one stream when its publisher has ended it and all is read', async () => {
    const made = await openServer();
    const { test } = made;
    const sender = await publisher(made);
    for (let i = 0; i < 2; i++) sender.socket.send(encodePub(test.publisher.next(2), { gap: false }));
    for (let i = 0; i < 2; i++) await sender.take('PUBOK');
    test.chain.streamRecord = { ...test.chain.streamRecord, status: 'ended' };
    test.chain.block();
    const reading = await reader(made, test.chain.openChannel(), { credit: 1 });
    expect(seqOf((await reading.take('DATA')).batch)).toBe(0n);
    reading.send({ type: 'CREDIT', stream: STREAM_ID, batches: 5 });
    const last = await reading.take('DATA');
    expect(seqOf(last.batch)).toBe(2n);
    expect(await reading.take('BYE')).toMatchObject({ reason: 'stream_retired', stream: STREAM_ID, resumeCursor: last.cursor });
    sender.socket.send(encodePub(test.publisher.next(2), { gap: false }));
    expect(await sender.take('ERR')).toMatchObject({ about: 'PUB', code: 'stream_retired', retry: 'never', stream: null });
  });

  it('in no way when what it was about to read is dropped: the hole is named in its place', async () => {
    const made = await openServer({ ringBytes: 1 });
    const { test } = made;
    const ticket = await test.ticket();
    for (let i = 0; i < 4; i++) await test.publish(ticket, test.publisher.next(2));
    const reading = await reader(made, test.chain.openChannel(), { credit: 1 });
    await reading.take('DATA');
    test.cluster.drop(STREAM_ID, 3n);
    reading.send({ type: 'CREDIT', stream: STREAM_ID, batches: 5 });
    expect(await reading.take('GAP')).toMatchObject({ stream: STREAM_ID, from: 2n, to: 5n, reason: 'retention' });
    expect(seqOf((await reading.take('DATA')).batch)).toBe(6n);
  });
});
