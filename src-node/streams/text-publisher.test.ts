import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { utf8, type Bytes, type Hex } from '../base/bytes.ts';
import { ManualClock, millis } from '../base/clock.ts';
import { CodedError } from '../base/errors.ts';
import { silentLogger } from '../base/logger.ts';
import type { SignedActions, TextPlaces } from './ports.ts';
import { openStreamStore } from './store.ts';
import { TextPublisher } from './text-publisher.ts';

const folder = mkdtempSync(join(tmpdir(), 'text-publisher-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const stream: Hex = `0x${'01'.repeat(32)}`;
const text = utf8('{"pd":1}');
const kept = { proposal: 'p', stream, metaHash: `0x${'aa'.repeat(32)}`, text } as const;
let state: ReturnType<SignedActions['stateOf']>;
let clock: ManualClock;
let put: Bytes[];
let published: Hex[];
let isDown: boolean;

/** The program as it starts on this database. */
function start(path: string): { readonly publisher: TextPublisher; stop(): void } {
  const db = openStreamStore(path);
  const texts: TextPlaces = {
    uriOf: () => '', sources: [],
    put: (bytes) => (isDown ? Promise.reject(new CodedError('PLACE_UNREACHABLE', 'Not now.')) : Promise.resolve(void put.push(bytes))),
  };
  return { publisher: new TextPublisher({ db, texts, actions: { stateOf: () => state }, clock, log: silentLogger, onPublished: (id) => published.push(id) }), stop: () => db.close() };
}

beforeEach(() => {
  [state, put, published, isDown, clock] = ['none', [], [], false, new ManualClock(millis(0))];
});

describe('the text of a new stream', () => {
  it('goes out once, when the block has a child, also in another run of the program', async () => {
    const path = join(folder, 'one.sqlite');
    const first = start(path);
    first.publisher.keep(kept);
    for (state of ['none', 'under-way'] as const) await first.publisher.step();
    expect([put, published]).toEqual([[], []]);
    first.stop();
    const second = start(path);
    state = 'done';
    await second.publisher.step();
    await second.publisher.step();
    expect([put.map((bytes) => Buffer.from(bytes).toString()), published]).toEqual([['{"pd":1}'], [stream]]);
    second.stop();
  });

  it('waits for a place that is down', async () => {
    const { publisher } = start(':memory:');
    publisher.keep(kept);
    [state, isDown] = ['done', true];
    await publisher.step();
    expect(published).toEqual([]);
    isDown = false;
    await publisher.step();
    expect([put.length, published]).toEqual([1, [stream]]);
  });

  it('of a registration that failed, or that nobody signed for a day, is forgotten', async () => {
    const { publisher } = start(':memory:');
    for (const proposal of ['failed', 'unsigned']) publisher.keep({ ...kept, proposal });
    state = 'none';
    clock.advance(millis(23 * 3_600_000));
    await publisher.step();
    publisher.keep({ ...kept, proposal: 'later' });
    clock.advance(millis(2 * 3_600_000));
    await publisher.step(); // the two older ones go
    state = 'done';
    await publisher.step();
    expect(put).toHaveLength(1);
    publisher.keep({ ...kept, proposal: 'failed' });
    state = 'failed';
    await publisher.step();
    state = 'done';
    await publisher.step();
    expect(put).toHaveLength(1);
  });
});
