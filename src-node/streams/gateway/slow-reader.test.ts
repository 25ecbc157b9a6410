import { expect, it } from 'vitest';
import { decodeBatch } from '../format/batch.ts';
import { serve, TestSocket } from './testing/test-server.ts';
import { STREAM_ID } from './testing/test-stream.ts';

const MIB = 1024 * 1024;
const READERS = 500;

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5));
}

it('keeps its memory bounded with 500 readers and one that does not read, which loses nothing', async () => {
  const ringBytes = 4 * MIB;
  const made = await serve({ ringBytes, plan: { window: 1_000_000 } });
  const { test, server } = made;
  const url = `${server.url.replace('http', 'ws')}/v1/ws`;
  const publishing = await test.ticket();
  const ticket = await test.ticket({ channelId: test.chain.openChannel() });
  const connect = async (credit: number, keep: boolean): Promise<TestSocket> => {
    const socket = new TestSocket(url, { keep });
    await socket.authenticate(ticket);
    socket.send({ type: 'SUB', stream: STREAM_ID, cursor: 'earliest', credit });
    await socket.take('SUBOK');
    return socket;
  };
  const gauge = async (name: string): Promise<number> => Number(new RegExp(`^pdash_gateway_${name} (\\d+)$`, 'm').exec((await test.ask('GET', '/metrics')).body)?.[1]);
  let received = 0;
  const readers = await Promise.all(Array.from({ length: READERS }, () => connect(4, false)));
  for (const { socket } of readers) socket.on('message', (_, isBinary) => (received += isBinary ? 1 : 0));
  const slow = await connect(10_000, true);
  slow.socket.pause();
  const fast = await connect(10_000, true);
  global.gc?.();
  const before = process.memoryUsage().rss;
  const publish = async (count: number): Promise<void> => {
    for (let i = 0; i < count; i++) expect((await test.publish(publishing, test.publisher.next(1, {}, { bytes: 60_000 }))).status).toBe(200);
  };
  await publish(4);
  await until(() => received === 4 * READERS);
  await publish(400); // 24 MB: more than the system takes for a connection, and six rings
  await until(() => fast.frames.filter(({ type }) => type === 'DATA').length === 404);
  const waiting = await gauge('waiting_bytes');
  const ring = await gauge('ring_bytes');
  const grown = process.memoryUsage().rss - before;
  process.stdout.write(`${READERS} readers and a slow one: ${(waiting / 1024).toFixed(0)} KiB wait for the slow one, ring ${(ring / MIB).toFixed(1)} MiB, process with all clients and the log grew by ${(grown / MIB).toFixed(0)} MiB over 24 MB published\n`);
  expect(waiting).toBeLessThan(256 * 1024);
  expect(ring).toBeLessThanOrEqual(ringBytes);
  expect(received).toBe(4 * READERS);
  slow.socket.resume();
  await until(() => slow.frames.filter(({ type }) => type === 'DATA').length === 404);
  const seqs = slow.frames.flatMap((frame) => (frame.type === 'DATA' ? [decodeBatch(frame.batch).fields.firstSeq] : []));
  expect(seqs).toEqual(Array.from({ length: 404 }, (_, i) => BigInt(i)));
  expect(slow.frames.filter(({ type }) => type === 'GAP')).toEqual([]);
  for (const { socket } of [...readers, slow, fast]) socket.terminate();
  await made.close();
});
