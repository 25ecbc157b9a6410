/** A publisher of tests: its keys in memory, its domain a fixed one. */
import { concat, hexOf, utf8, type Bytes } from '../base/bytes.ts';
import { ManualClock, millis, seconds, type Clock } from '../base/clock.ts';
import type { TypedDomain } from '../contracts/typed-data.ts';
import { addressOf, sign } from '../crypto/secp256k1.ts';
import { NO_BATCH, batchDigest, type BatchFields } from '../streams/format/batch.ts';
import type { EnvelopeContent } from '../streams/format/envelope.ts';
import { rangeNodes } from '../streams/format/ggm.ts';
import type { StreamRecordContent } from '../streams/format/record.ts';
import { PublishingRun, type RunKeys, type SignedBatch, type StreamPosition } from '../streams/format/seal-run.ts';

export const STREAM_ID: Bytes = new Uint8Array(32).fill(0x5d);
export const ROOT: Bytes = new Uint8Array(32).fill(0x33);
export const STREAM_DOMAIN: TypedDomain = { chainId: 337n, genesisHash: new Uint8Array(32).fill(1), contract: new Uint8Array(20).fill(2) };
export const EPOCH_MILLIS = 600_000;
const SECRET: Bytes = new Uint8Array(32).fill(7);
export const PUBLISHER: Bytes = addressOf(SECRET);
/** Epoch 0 began. */
const START = seconds(1_799_999_400);
export const BEGINNING: StreamPosition = { nextSeq: 0n, prevBatchHash: NO_BATCH };

/** As the publisher's key signs, v 27 or 28. */
export function signatureOf(fields: BatchFields, domain = STREAM_DOMAIN): Bytes {
  const signature = sign(batchDigest(fields, domain), SECRET);
  return concat(signature.subarray(0, 64), Uint8Array.of(27 + (signature[64] ?? 0)));
}

export const publisherKeys: RunKeys = {
  nodes: (_generation, from, to) => Promise.resolve(rangeNodes(ROOT, from, to)),
  signBatch: (fields) => Promise.resolve(signatureOf(fields)),
};

/** What a subscriber is handed for a span of epochs. */
export function keysOf(from: number, to: number, root = ROOT): EnvelopeContent {
  return { streamId: STREAM_ID, generation: 1, from, to, nodes: rangeNodes(root, from, to) };
}

export function jsonRecord(value: unknown): StreamRecordContent {
  return { contentType: 'json', schemaVersion: 1, body: utf8(JSON.stringify(value)) };
}

/** A clock at the beginning of epoch `epoch`. */
export function clockAt(epoch: number): ManualClock {
  return new ManualClock(millis(START * 1000 + epoch * EPOCH_MILLIS));
}

export function startRun(after: StreamPosition, clock: Clock, keys = publisherKeys): PublishingRun {
  return new PublishingRun({ streamId: STREAM_ID, generation: 1, startSeconds: START, epochSeconds: seconds(EPOCH_MILLIS / 1000), after }, { keys, clock });
}

/** Batches of `sizes` records, the next one behind the last; record n of the stream is {n}. */
export async function publish(run: PublishingRun, sizes: readonly number[]): Promise<readonly SignedBatch[]> {
  const batches: SignedBatch[] = [];
  for (const size of sizes) {
    for (let i = 0; i < size; i++) await run.add(jsonRecord({ run: hexOf(run.runId).slice(0, 8) }));
    batches.push(...(await run.take({ all: true })));
  }
  return batches;
}
