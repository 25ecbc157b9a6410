import { expect, it } from 'vitest';
import type { TestSocket } from './testing/test-server.ts';
import { connect, openServer, publisher, reader } from './testing/open-server.ts';
import { STREAM_ID } from './testing/test-stream.ts';

const PLAN = { plan: { window: 10 } };

/** Ten frames were delivered in two batches, and reading stands. */
async function standing(): Promise<{ readonly made: Awaited<ReturnType<typeof openServer>>; readonly cursors: readonly string[]; readonly begin: (cursor: string, counted?: bigint) => Promise<TestSocket> }> {
  const made = await openServer(PLAN);
  const { test } = made;
  const channelId = test.chain.openChannel();
  const publishing = await test.ticket();
  for (let i = 0; i < 3; i++) await test.publish(publishing, test.publisher.next(5));
  const reading = await reader(made, channelId);
  const cursors = [(await reading.take('DATA')).cursor, (await reading.take('DATA')).cursor];
  while ((await reading.take('PAY')).pausedAt === null);
  const ticket = await test.ticket({ channelId });
  const begin = async (cursor: string, counted?: bigint): Promise<TestSocket> => {
    const socket = connect(made);
    await socket.authenticate(ticket);
    socket.send({ type: 'SUB', stream: STREAM_ID, cursor, credit: 100, ...(counted === undefined ? {} : { counted }) });
    return socket;
  };
  return { made, cursors, begin };
}

it('a reader that says what it has is owed no more for what came before its place, and reads on', async () => {
  const { made, cursors, begin } = await standing();
  const publishing = await publisher(made);
  expect((await publishing.take('SUBSCRIBERS')).subscribers).toMatchObject([{ owed: 10n, delivered: [[0n, 10n]] }]);
  const again = await begin(cursors[1]!, 2n);
  expect(await again.take('SUBOK')).toMatchObject({ owed: 2n, signed: 0n });
  expect((await publishing.take('SUBSCRIBERS')).subscribers[0]?.delivered[0]?.[0]).toBe(8n); // to the end of what came meanwhile
  expect((await again.take('DATA')).offset).toBe(2n);
  const metrics = await made.test.ask('GET', '/metrics');
  expect(metrics.body).toContain('pdash_gateway_forgiven_frames_total 8\n');
});

it('what comes again at its place stays owed, and all of it for one who says nothing', async () => {
  const { cursors, begin } = await standing();
  expect(await (await begin(cursors[1]!)).take('SUBOK')).toMatchObject({ owed: 10n });
  expect(await (await begin('earliest', 0n)).take('SUBOK')).toMatchObject({ owed: 10n });
  expect(await (await begin(cursors[0]!, 0n)).take('SUBOK')).toMatchObject({ owed: 5n });
});

it('a place that the log has forgotten is where its next batch stands; while there is none nothing is forgiven', async () => {
  const { made, cursors, begin } = await standing();
  const { test } = made;
  test.cluster.drop(STREAM_ID, 3n);
  const oldest = String((await (await begin(cursors[0]!, 0n)).take('ERR')).meta['oldest']);
  expect(await (await begin(oldest, 0n)).take('SUBOK')).toMatchObject({ owed: 10n });
  await test.publish(await test.ticket(), test.publisher.next(5));
  const again = await begin(oldest, 0n);
  expect(await again.take('SUBOK')).toMatchObject({ owed: 0n });
  expect((await again.take('DATA')).offset).toBe(3n);
});
