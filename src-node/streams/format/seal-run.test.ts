import { describe, expect, it } from 'vitest';
import { hexOf } from '../../base/bytes.ts';
import { millis } from '../../base/clock.ts';
import { EPOCH_MILLIS, PUBLISHER, ROOT, BEGINNING, STREAM_DOMAIN, clockAt, jsonRecord, publish, publisherKeys, startRun } from '../../testing/stream-publisher.ts';
import { MAX_BATCH_BYTES, NO_BATCH, decodeBatch, verifyBatch } from './batch.ts';
import { frameKey, openFrame, readFrame } from './frame.ts';
import { epochCommit, epochKey } from './ggm.ts';
import { decodeRecord } from './record.ts';
import { RunSealer } from './run-sealer.ts';

describe('a publishing run', () => {
  it('gives batches that follow each other, signed by the publisher', async () => {
    const run = startRun(BEGINNING, clockAt(4));
    const batches = await publish(run, [1, 3, 2]);
    expect(batches.map(({ fields }) => [fields.firstSeq, fields.count])).toEqual([[0n, 1], [1n, 3], [4n, 2]]);
    let before = NO_BATCH;
    for (const { bytes, hash } of batches) {
      const decoded = decodeBatch(bytes);
      verifyBatch(decoded, STREAM_DOMAIN, PUBLISHER);
      expect(decoded).toMatchObject({ hash, fields: { prevBatchHash: before, runId: Uint8Array.from(run.runId), epoch: 4, generation: 1 } });
      before = hash;
    }
    expect(run.position).toEqual({ nextSeq: 6n, prevBatchHash: before });
  });

  it('closes a batch at 256 frames, at 1 MiB and after a second', async () => {
    const clock = clockAt(4);
    const run = startRun(BEGINNING, clock);
    for (let i = 0; i < 300; i++) await run.add(jsonRecord(i));
    expect((await run.take({ all: false })).map(({ fields }) => fields.count)).toEqual([256]);
    expect(run.dueMillis).toBe(clock.now() + 1000);
    clock.advance(millis(999));
    expect(await run.take({ all: false })).toEqual([]);
    clock.advance(millis(1));
    expect((await run.take({ all: false })).map(({ fields }) => fields.count)).toEqual([44]);
    expect(run.dueMillis).toBeNull();
    const body = new Uint8Array(60_000);
    for (let i = 0; i < 40; i++) await run.add({ contentType: 'octets', schemaVersion: 0, body });
    const large = await run.take({ all: true });
    expect(large.map(({ fields }) => fields.count)).toEqual([17, 17, 6]);
    for (const { bytes } of large) expect(bytes.length).toBeLessThanOrEqual(MAX_BATCH_BYTES);
    await run.add(jsonRecord('small'));
    const [small] = await run.take({ all: true });
    expect(small?.bytes.buffer.byteLength).toBeLessThanOrEqual(2 * (small?.bytes.length ?? 0)); // does not hold the memory that a large one would have needed
    expect(small?.fields.count).toBe(1);
    await run.add(jsonRecord('late'));
    clock.advance(millis(1500));
    await run.add(jsonRecord('next'));
    expect((await run.take({ all: false })).map(({ fields }) => fields.count)).toEqual([1]);
  });

  it('closes a batch with its epoch, and commits to the key of each', async () => {
    const clock = clockAt(4);
    const run = startRun(BEGINNING, clock);
    await run.add(jsonRecord(1));
    clock.advance(millis(EPOCH_MILLIS));
    await run.add(jsonRecord(2));
    const batches = await run.take({ all: true });
    expect(batches.map(({ fields }) => [fields.epoch, fields.count])).toEqual([[4, 1], [5, 1]]);
    for (const { fields } of batches) expect(hexOf(fields.epochCommit)).toBe(hexOf(epochCommit(epochKey(ROOT, fields))));
  });

  it('keeps the order in which records were given, also while a key or a signature is waited for', async () => {
    const clock = clockAt(4);
    const waiting: (() => void)[] = [];
    const slow = (): Promise<void> => new Promise((resolve) => waiting.push(resolve));
    const keys = { nodes: (...of: Parameters<typeof publisherKeys.nodes>) => slow().then(() => publisherKeys.nodes(...of)), signBatch: (fields: Parameters<typeof publisherKeys.signBatch>[0]) => slow().then(() => publisherKeys.signBatch(fields)) };
    const run = startRun(BEGINNING, clock, keys);
    const seqs = [run.add(jsonRecord(0)), run.add(jsonRecord(1))];
    await expect.poll(() => waiting.length).toBe(1);
    waiting.pop()?.();
    await seqs[1];
    seqs.push(run.add(jsonRecord(2))); // at once
    const first = run.take({ all: true });
    seqs.push(run.add(jsonRecord(3)), run.add({ ...jsonRecord(4), body: new Uint8Array(70_000) }), run.add(jsonRecord(5)));
    const [, , , , tooLarge] = await Promise.allSettled([...seqs.slice(0, 3), expect.poll(() => waiting.length).toBe(1).then(() => waiting.pop()?.()), seqs[4], seqs[5]]);
    expect(tooLarge).toMatchObject({ status: 'rejected', reason: { code: 'BAD_RECORD' } });
    const second = run.take({ all: true });
    await expect.poll(() => waiting.length).toBe(1);
    waiting.pop()?.();
    const frames = [...(await first), ...(await second)].map(({ bytes }) => decodeBatch(bytes).frames.map((frame) => Buffer.from(decodeRecord(openFrame(frame, frameKey(epochKey(ROOT, frame), frame))).body).toString()));
    expect(frames).toEqual([['0', '1', '2'], ['3', '5']]);
    expect((await Promise.allSettled(seqs)).map((seq) => (seq.status === 'fulfilled' ? seq.value : null))).toEqual([0n, 1n, 2n, 3n, null, 4n]);
  });

  it('draws its id anew', () => {
    const ids = Array.from({ length: 20 }, () => hexOf(startRun(BEGINNING, clockAt(0)).runId));
    expect(new Set(ids).size).toBe(20);
    expect(ids[0]).toHaveLength(32);
  });

  it('keeps the order of calls that do not wait for each other', async () => {
    const clock = clockAt(4);
    const run = startRun(BEGINNING, clock, { ...publisherKeys, nodes: (generation, from, to) => new Promise((resolve) => setTimeout(() => resolve(publisherKeys.nodes(generation, from, to)), 5)) });
    const seqs = Promise.all(['a', 'b', 'c'].map((text) => run.add(jsonRecord(text))));
    const batches = run.take({ all: true });
    expect(await seqs).toEqual([0n, 1n, 2n]);
    expect((await batches).map(({ fields }) => fields.count)).toEqual([3]);
  });

  it('loses no batch and no number when the keys are away for a while', async () => {
    let away = true;
    const refuse = <T>(work: () => Promise<T>): Promise<T> => (away ? Promise.reject(new TypeError('locked')) : work());
    const run = startRun(BEGINNING, clockAt(4), { nodes: (...span) => refuse(() => publisherKeys.nodes(...span)), signBatch: (fields) => refuse(() => publisherKeys.signBatch(fields)) });
    await expect(run.add(jsonRecord('never in'))).rejects.toThrow('locked');
    away = false;
    expect(await run.add(jsonRecord('first'))).toBe(0n);
    away = true;
    await expect(run.take({ all: true })).rejects.toThrow('locked');
    expect(await run.add(jsonRecord('second'))).toBe(1n);
    away = false;
    const batches = await run.take({ all: true });
    expect(batches.map(({ fields }) => fields.firstSeq)).toEqual([0n, 1n]);
    expect(batches[1]?.fields.prevBatchHash).toEqual(batches[0]?.hash);
    expect(await run.take({ all: true })).toEqual([]);
    await expect(run.add({ contentType: 'octets', schemaVersion: 0, body: new Uint8Array(70_000) })).rejects.toMatchObject({ code: 'BAD_RECORD' });
    expect(await run.add(jsonRecord('third'))).toBe(2n);
  });

  it('is refused outside the epochs of its stream', async () => {
    await expect(startRun(BEGINNING, clockAt(-1)).add(jsonRecord(1))).rejects.toMatchObject({ code: 'BAD_EPOCHS' });
    await expect(startRun(BEGINNING, clockAt(2 ** 20)).add(jsonRecord(1))).rejects.toMatchObject({ code: 'BAD_EPOCHS' });
  });
});

describe('the sealer of a run', () => {
  it('uses a number once, also in another epoch', () => {
    const sealer = new RunSealer();
    const context = { streamId: new Uint8Array(32), generation: 1, epoch: 2 };
    const target = new Uint8Array(101);
    const seal = (seq: bigint): void => sealer.seal(seq, millis(1), new Uint8Array(4), target, 0);
    expect(() => seal(0n)).toThrow(expect.objectContaining({ code: 'NO_EPOCH' }));
    sealer.enter(context, ROOT);
    seal(5n);
    for (const seq of [5n, 4n, 0n]) expect(() => seal(seq)).toThrow(expect.objectContaining({ code: 'SEQ_USED' }));
    sealer.enter({ ...context, epoch: 3 }, ROOT);
    expect(() => seal(5n)).toThrow(expect.objectContaining({ code: 'SEQ_USED' }));
    sealer.enter(context, ROOT);
    expect(() => seal(5n)).toThrow(expect.objectContaining({ code: 'SEQ_USED' }));
    seal(6n);
    expect(readFrame(target)).toMatchObject({ seq: 6n, epoch: 2 });
  });
});
