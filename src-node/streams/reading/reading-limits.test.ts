import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { CodedError } from '../../base/errors.ts';
import { systemFiles, type FilePort } from '../../base/files.ts';
import { Looker, pause, ReadingWorld, rowOf } from '../../testing/reading-world.ts';
import type { Reading } from './reading.ts';

let world: ReadingWorld;
const until = (state: string, reading: Reading) => expect.poll(() => reading.reading().state, { timeout: 15_000, interval: 20 }).toBe(state);
/** The gateway has begun to read to us, too. */
const untilLive = async (reading: Reading) => {
  await until('live', reading);
  await pause(100);
};

afterEach(() => world.close());

it('a recording whose disk is full says so, and reading goes on', async () => {
  world = await ReadingWorld.start();
  let isFull = false;
  const files: FilePort = {
    ...systemFiles,
    openAppend: async (path, length) => {
      const file = await systemFiles.openAppend(path, length);
      return { get length() { return file.length; }, close: () => file.close(), append: (bytes) => (isFull ? Promise.reject(new CodedError('DISK_FULL', 'The disk is full.')) : file.append(bytes)) };
    },
  };
  const reading = await world.read({ files });
  await untilLive(reading);
  await reading.record('csv');
  await world.send(10);
  await expect.poll(() => reading.recording()?.rows, { timeout: 15_000 }).toBe(10);
  isFull = true;
  await world.send(10);
  await expect.poll(() => reading.recording()?.state, { timeout: 15_000 }).toBe('failed');
  expect(reading.recording()).toMatchObject({ rows: 10, problem: { code: 'DISK_FULL' } });
  const { folder, file } = reading.recording()!;
  const lines = readFileSync(join(folder, file), 'utf8').split('\n');
  expect(lines.length).toBe(12); // the names of the columns, ten rows, and nothing of the eleventh
  expect(lines[0]).toBe('seq,received,n,place');
  expect(lines[10]).toMatch(/^9,[^,]+,9,"""Höhe"", 9"$/);
  await world.send(10);
  await expect.poll(() => reading.reading().lastSeq, { timeout: 15_000 }).toBe(29);
});

it('a channel that closes is read no more, and its recording ends', async () => {
  world = await ReadingWorld.start();
  const reading = await world.read();
  await untilLive(reading);
  await reading.record('json-columns');
  await world.send(10);
  await expect.poll(() => reading.reading().lastSeq, { timeout: 15_000 }).toBe(9);
  await world.step({ ...world.channel, channel: { ...world.channel.channel, status: 'closing' } });
  expect([reading.reading().state, reading.recording()?.state]).toEqual(['ended', 'stopped']);
  const { folder, file } = reading.recording()!;
  const [first] = readFileSync(join(folder, file), 'utf8').split('\n');
  expect(JSON.parse(first ?? '')).toMatchObject({ seq: 0, ...rowOf(0) });
  await expect(reading.resume()).rejects.toMatchObject({ code: 'CHANNEL_STATE' });
});

it('waits for the keys process, and does not read what was opened elsewhere before somebody asks', async () => {
  world = await ReadingWorld.start();
  let ids = new Set<`0x${string}`>();
  const { id } = world.channel.channel;
  const reading = await world.read({ held: () => Promise.resolve({ unlocked: ids.size > 0, ids }) });
  await expect.poll(() => reading.reading().problem?.code).toBe('STREAM_NOT_HELD');
  await expect(reading.resume()).rejects.toMatchObject({ code: 'WALLET_LOCKED' });
  ids = new Set([id]);
  await untilLive(reading);
  await reading.pause();
  await world.leave();
  const after = await world.read();
  expect(after.reading().state).toBe('paused');
  const window = new Looker(after);
  await expect.poll(() => window.events.map(({ kind }) => kind)).toEqual(['reading', 'spend']);
  expect(after.reading().state).toBe('paused');
  await world.leave();
  await window.ended; // the program's end is the window's
});

it('lets programs of this computer read along with a ticket of their own', async () => {
  world = await ReadingWorld.start();
  const reading = await world.read();
  const { id } = world.channel.channel;
  await untilLive(reading);
  const { endpoint, curl } = await world.host.snippets(id);
  const rows = async (ticket: string) => {
    const response = await fetch(`${endpoint}/streams/${world.channel.channel.streamId}/rows?cursor=earliest&max=100`, { headers: { Authorization: `Bearer ${ticket}` } });
    return [response.status, await response.json()] as const;
  };
  expect(curl).toContain('$PD_TICKET');
  expect((await rows('x'.repeat(43)))[0]).toBe(401);
  const { ticket } = await world.host.snippetTicket(id);
  expect((await world.host.snippetTicket(id)).ticket).not.toBe(ticket);
  await world.send(3);
  await expect.poll(() => reading.reading().lastSeq, { timeout: 15_000 }).toBe(2);
  expect(await rows(ticket)).toMatchObject([200, { rows: [{ seq: '0', row: rowOf(0) }, { seq: '1' }, { seq: '2', row: rowOf(2) }], next: '3' }]);
  await reading.pause();
  expect((await rows(ticket))[0]).toBe(404);
});
