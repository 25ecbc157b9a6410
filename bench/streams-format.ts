/** Sealing and opening the records of a stream on one core, without a network. */
import { seconds, systemClock } from '../src-node/base/clock.ts';
import { preparedKey } from '../src-node/crypto/aes-gcm.ts';
import { randomBytes } from '../src-node/crypto/hash.ts';
import { StreamVerifier } from '../src-node/streams/client/verify.ts';
import { NO_BATCH, decodeBatch } from '../src-node/streams/format/batch.ts';
import { frameKey, openFrame } from '../src-node/streams/format/frame.ts';
import { EPOCH_COUNT, epochKey } from '../src-node/streams/format/ggm.ts';
import { decodeRecord } from '../src-node/streams/format/record.ts';
import { PublishingRun, type RunKeys, type SignedBatch } from '../src-node/streams/format/seal-run.ts';
import { EPOCH_MILLIS, PUBLISHER, ROOT, STREAM_DOMAIN, STREAM_ID, keysOf, publisherKeys } from '../src-node/testing/stream-publisher.ts';
import type { BenchRow } from './row.ts';

const RECORDS = 100_000;
const SIZES = [200, 4096];
const AIM = 20_000;

const unsigned: RunKeys = { ...publisherKeys, signBatch: () => Promise.resolve(new Uint8Array(65)) };

async function seal(size: number, keys: RunKeys, count = RECORDS): Promise<readonly SignedBatch[]> {
  const epochSeconds = seconds(EPOCH_MILLIS / 1000);
  const startSeconds = seconds(Math.floor(systemClock.now() / EPOCH_MILLIS) * epochSeconds);
  const run = new PublishingRun({ streamId: STREAM_ID, generation: 1, startSeconds, epochSeconds, after: { nextSeq: 0n, prevBatchHash: NO_BATCH } }, { keys, clock: systemClock });
  const content = { contentType: 'octets', schemaVersion: 0, body: randomBytes(size) } as const;
  const batches: SignedBatch[] = [];
  for (let i = 1; i <= count; i++) {
    await run.add(content);
    if (i % 256 === 0 || i === count) batches.push(...(await run.take({ all: i === count })));
  }
  return batches;
}

function open(batches: readonly SignedBatch[]): number {
  let opened = 0;
  for (const { bytes } of batches) {
    const { fields, frames } = decodeBatch(bytes);
    const key = preparedKey(frameKey(epochKey(ROOT, fields), fields));
    for (const frame of frames) opened += decodeRecord(openFrame(frame, key)).body.length === 0 ? 0 : 1;
  }
  return opened;
}

/** As a reader does. */
function verify(batches: readonly SignedBatch[]): number {
  const verifier = new StreamVerifier({ streamId: STREAM_ID, domain: STREAM_DOMAIN, publisher: PUBLISHER, after: { nextSeq: 0n, prevBatchHash: NO_BATCH }, maxWaitingBytes: 1 << 24 });
  verifier.addKeys(keysOf(0, EPOCH_COUNT - 1));
  let delivered = 0;
  for (const { bytes } of batches) delivered += verifier.feed(bytes).records.length;
  return delivered;
}

async function rowOf<T>(name: string, work: () => Promise<T> | T): Promise<{ readonly result: T; readonly row: BenchRow }> {
  const start = performance.now();
  const result = await work();
  const value = RECORDS / ((performance.now() - start) / 1000);
  return { result, row: { name, value, unit: 'records/s', aim: `>= ${AIM}`, met: value >= AIM } };
}

export async function benchStreamsFormat(): Promise<readonly BenchRow[]> {
  await seal(200, publisherKeys, 5_000); // compiled
  const rows: BenchRow[] = [];
  for (const size of SIZES) {
    const plain = await rowOf(`sealed, ${size} B, without the signature`, () => seal(size, unsigned));
    const signed = await rowOf(`sealed and signed, ${size} B`, () => seal(size, publisherKeys));
    const opened = await rowOf(`opened, ${size} B, without the signature`, () => open(signed.result));
    const verified = await rowOf(`verified, opened and delivered, ${size} B`, () => verify(signed.result));
    rows.push(plain.row, signed.row, opened.row, verified.row);
    if (opened.result !== RECORDS || verified.result !== RECORDS) throw new RangeError('records are missing');
  }
  return rows;
}
