import { describe, expect, it } from 'vitest';
import { toHex } from '../../base/bytes.ts';
import { encodePub } from './binary-frames.ts';
import { connect, openServer, seqOf } from './testing/open-server.ts';
import { proofOf, STREAM_ID, SUBSCRIBER_KEY } from './testing/test-stream.ts';
import { batchesAnswerSchema } from './wire.ts';

describe('the paths of PDash of 2018', () => {
  const id = toHex(STREAM_ID).slice(2);

  it('are there only when they are wanted, and want a ticket', async () => {
    const without = await openServer();
    expect((await fetch(`${without.server.url}/${id}`)).status).toBe(404);
    const made = await openServer({ oldPaths: true });
    const { test } = made;
    expect((await fetch(`${made.server.url}/${id}`)).status).toBe(401);
    expect(await connect(made, `/${id}?action=subscribe`).ended()).toBe(401);
    const channelId = test.chain.openChannel(SUBSCRIBER_KEY);
    const [publishing, reading] = [await test.ticket(), await test.ticket({ channelId })];
    const batch = test.publisher.next(2);
    const posted = await test.ask('POST', `/${id}`, { ticket: publishing, body: batch, headers: { 'content-type': 'application/octet-stream' } });
    expect(posted.status).toBe(200);
    expect(batchesAnswerSchema.parse((await test.ask('GET', `/${id}`, { ticket: reading })).json).items).toHaveLength(1);
    const path = `/${id}?action=subscribe`;
    const socket = connect(made, path, proofOf(reading, 'GET', path, new Uint8Array(0), Date.now()));
    expect(seqOf((await socket.take('DATA')).batch)).toBe(0n);
    const publishPath = `/${id}?action=publish`;
    expect(await connect(made, publishPath, proofOf(reading, 'GET', publishPath, new Uint8Array(0), Date.now())).ended()).toBe(403);
    const sender = connect(made, publishPath, proofOf(publishing, 'GET', publishPath, new Uint8Array(0), Date.now()));
    await sender.take('AUTHOK');
    sender.socket.send(encodePub(test.publisher.next(1), { gap: false }));
    expect((await sender.take('PUBOK')).receipt.firstSeq).toBe(2n);
    expect(seqOf((await socket.take('DATA')).batch)).toBe(2n);
  });
});
