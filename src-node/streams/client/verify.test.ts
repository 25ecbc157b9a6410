import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { equal } from '../../base/bytes.ts';
import { millis } from '../../base/clock.ts';
import { BEGINNING, EPOCH_MILLIS, PUBLISHER, STREAM_DOMAIN, STREAM_ID, clockAt, keysOf, publish, publisherKeys, signatureOf, startRun } from '../../testing/stream-publisher.ts';
import { encodeBatch, framesRoot, type BatchFields } from '../format/batch.ts';
import { rangeNodes } from '../format/ggm.ts';
import type { SignedBatch } from '../format/seal-run.ts';
import { StreamVerifier, type ReaderPosition, type StreamNews, type VerifierOptions } from './verify.ts';

const FROM_THE_FIRST: ReaderPosition = { nextSeq: 0n, prevBatchHash: null };

function verifierOf(after: ReaderPosition | null = FROM_THE_FIRST, change: Partial<VerifierOptions> = {}): StreamVerifier {
  return new StreamVerifier({ streamId: STREAM_ID, domain: STREAM_DOMAIN, publisher: PUBLISHER, after, maxWaitingBytes: 1 << 20, ...change });
}

/** Numbers that came out, and gaps as "from-to reason", over all that happened. */
class Reader {
  readonly seqs: bigint[] = [];
  readonly gaps: string[] = [];
  readonly forks: bigint[] = [];
  last: StreamNews | null = null;
  readonly verifier: StreamVerifier;

  constructor(verifier: StreamVerifier) {
    this.verifier = verifier;
  }

  take(news: StreamNews): this {
    this.last = news;
    this.seqs.push(...news.records.map(({ seq }) => seq));
    this.gaps.push(...news.gaps.map(({ from, to, reason }) => `${from}-${to} ${reason}`));
    this.forks.push(...news.forks.map(({ firstSeq }) => firstSeq));
    return this;
  }

  feed(...batches: readonly SignedBatch[]): this {
    for (const { bytes } of batches) this.take(this.verifier.feed(bytes));
    return this;
  }
}

const withKeys = (verifier: StreamVerifier): Reader => new Reader(verifier).take(verifier.addKeys(keysOf(0, 63)));
const upTo = (end: number, from = 0): bigint[] => Array.from({ length: end - from }, (_, i) => BigInt(from + i));

/** Ten batches in the epochs 4, 4, 4, 5, 5, 5, 6 …: numbers 0-1, 2-4, 5, 6-7 … */
let batches: readonly SignedBatch[];
/** Behind the first two of them the history of another device. */
let branch: readonly SignedBatch[];
const SIZES = [2, 3, 1, 2, 3, 1, 2, 3, 1, 2];
const TOTAL = 20;

beforeAll(async () => {
  const clock = clockAt(4);
  const run = startRun(BEGINNING, clock);
  const all: SignedBatch[] = [];
  for (const [i, size] of SIZES.entries()) {
    if (i % 3 === 0 && i > 0) clock.advance(millis(EPOCH_MILLIS));
    all.push(...(await publish(run, [size])));
  }
  batches = all;
  branch = await publish(startRun({ nextSeq: 5n, prevBatchHash: batches[1]!.hash }, clockAt(4)), [2, 2, 3]);
});

describe('a reader', () => {
  it('gets every record once and in order, whatever the order and the repeats of the batches', () => {
    const order = fc.array(fc.nat(SIZES.length - 1), { maxLength: 30 });
    fc.assert(fc.property(order, fc.boolean(), (first, isLive) => {
      const reader = withKeys(verifierOf(isLive ? null : FROM_THE_FIRST));
      for (const i of [...(isLive ? [0] : []), ...first, ...SIZES.keys()]) reader.feed(batches[i]!);
      expect([reader.seqs, reader.gaps, reader.forks]).toEqual([upTo(TOTAL), [], []]);
      expect(reader.verifier.position).toEqual({ nextSeq: BigInt(TOTAL), prevBatchHash: batches.at(-1)!.hash });
    }), { numRuns: 40 });
  });

  it('gets records or a gap for every number when batches are lost and it waits no longer', () => {
    fc.assert(fc.property(fc.subarray([...SIZES.keys()], { minLength: 1 }), (came) => {
      const reader = withKeys(verifierOf());
      for (const i of came) reader.feed(batches[i]!).take(reader.verifier.skipMissing());
      const lost = [...SIZES.keys()].filter((i) => !came.includes(i) && i < came.at(-1)!).reduce((sum, i) => sum + SIZES[i]!, 0);
      const inGaps = reader.gaps.reduce((sum, text) => {
        const [, from = '', to = ''] = /^(\d+)-(\d+) missing$/.exec(text) ?? [];
        return sum + Number(to) - Number(from) + 1;
      }, 0);
      expect(inGaps).toBe(lost);
      expect(reader.seqs).toEqual([...reader.seqs].sort((a, b) => Number(a - b)));
      expect(reader.seqs.length).toBe(came.reduce((sum, i) => sum + SIZES[i]!, 0));
    }), { numRuns: 40 });
  });

  it('is told what it waits for, and is not given in a late batch what was a gap', () => {
    const reader = withKeys(verifierOf()).feed(batches[0]!, batches[3]!);
    expect([reader.seqs, reader.last?.missingFrom]).toEqual([upTo(2), 2n]);
    reader.take(reader.verifier.skipMissing());
    expect([reader.gaps, reader.last?.missingFrom]).toEqual([['2-5 missing'], null]);
    reader.feed(batches[1]!, batches[2]!, batches[4]!);
    expect([reader.seqs, reader.gaps, reader.forks]).toEqual([[0n, 1n, 6n, 7n, 8n, 9n, 10n], ['2-5 missing'], []]);
  });

  it('goes on after a restart, also within a batch', () => {
    const position = withKeys(verifierOf()).feed(...batches.slice(0, 4)).verifier.position;
    expect(withKeys(verifierOf(position)).feed(...batches).seqs).toEqual(upTo(TOTAL, 8));
    expect(withKeys(verifierOf({ nextSeq: 9n, prevBatchHash: null })).feed(...batches).seqs).toEqual(upTo(TOTAL, 9));
    expect(withKeys(verifierOf(null)).feed(...batches.slice(6)).seqs).toEqual(upTo(TOTAL, 12));
    const waiting = new Reader(verifierOf({ nextSeq: 9n, prevBatchHash: null })).feed(batches[4]!);
    expect(waiting.verifier.position).toEqual({ nextSeq: 9n, prevBatchHash: null });
  });
});

describe('two histories of one stream', () => {
  it('are shown with both signatures, and the second is not delivered', () => {
    const reader = withKeys(verifierOf()).feed(...batches.slice(0, 5));
    const news = reader.verifier.feed(branch[0]!.bytes);
    expect(news).toMatchObject({ records: [], gaps: [], forks: [{ firstSeq: 5n, takenHash: batches[2]!.hash, taken: batches[2]!.bytes.subarray(0, 241), other: branch[0]!.bytes.subarray(0, 241) }] });
    reader.feed(branch[0]!, branch[1]!, branch[2]!, ...batches);
    expect([reader.seqs, reader.gaps]).toEqual([upTo(TOTAL), []]);
    expect(reader.forks).toEqual([7n, 9n]); // the first was shown above
  });

  it('exclude each other in any order of their batches', () => {
    const all = (): readonly SignedBatch[] => [...batches.slice(2), ...branch];
    const orders = fc.shuffledSubarray(Array.from({ length: 11 }, (_, i) => i), { minLength: 11 });
    fc.assert(fc.property(orders, (order) => {
      const reader = withKeys(verifierOf()).feed(batches[0]!, batches[1]!);
      for (const i of order) reader.feed(all()[i]!);
      const source = new Map([...batches, ...branch].map((batch) => [batch.hash, batch]));
      const taken = [...source.values()].filter(({ hash }) => equal(hash, reader.verifier.position?.prevBatchHash ?? STREAM_ID));
      expect(taken.length).toBe(1); // it ends in one of the two
      expect(reader.seqs).toEqual(upTo(reader.seqs.length));
      expect(reader.forks.length).toBeGreaterThan(0);
    }), { numRuns: 40 });
  });

  it('are noticed after a restart and after a batch that follows another one', () => {
    const position = withKeys(verifierOf()).feed(...batches.slice(0, 3)).verifier.position;
    const reader = withKeys(verifierOf(position));
    const [, second] = branch; // 7-8, and the chain expects 6
    expect(reader.feed(second!).take(reader.verifier.skipMissing()).gaps).toEqual(['6-6 missing']); // nothing that was taken speaks against it
    const follower = withKeys(verifierOf({ nextSeq: 7n, prevBatchHash: batches[2]!.hash }));
    expect(follower.verifier.feed(second!.bytes).forks).toMatchObject([{ firstSeq: 7n, takenHash: batches[2]!.hash, taken: null }]);
    expect(follower.seqs).toEqual([]);
  });
});

describe('keys', () => {
  it('that come late open what waited for them', () => {
    const reader = new Reader(verifierOf()).feed(...batches.slice(0, 7));
    expect([reader.seqs, reader.last?.needsKeys]).toEqual([[], [{ generation: 1, epoch: 4 }, { generation: 1, epoch: 5 }, { generation: 1, epoch: 6 }]]);
    reader.take(reader.verifier.addKeys(keysOf(5, 6)));
    expect([reader.seqs, reader.last?.needsKeys]).toEqual([[], [{ generation: 1, epoch: 4 }]]);
    reader.take(reader.verifier.addKeys(keysOf(4, 4)));
    expect([reader.seqs, reader.gaps, reader.last?.needsKeys]).toEqual([upTo(14), [], []]);
  });

  it('that never come leave a gap, and what has keys goes on', () => {
    const reader = new Reader(verifierOf());
    reader.take(reader.verifier.addKeys(keysOf(5, 9))).feed(...batches.slice(0, 7));
    expect(reader.verifier.position).toEqual({ nextSeq: 0n, prevBatchHash: batches[0]!.fields.prevBatchHash });
    reader.take(reader.verifier.skipKeyless());
    expect([reader.seqs, reader.gaps]).toEqual([upTo(14, 6), ['0-5 no_key']]);
  });

  it('are waited for within a bound', () => {
    const size = batches.reduce((sum, { bytes }) => sum + bytes.length, 0);
    const reader = new Reader(verifierOf(FROM_THE_FIRST, { maxWaitingBytes: size - 1 })).feed(...batches);
    expect([reader.seqs, reader.gaps]).toEqual([[], ['0-1 no_key']]);
    reader.take(reader.verifier.addKeys(keysOf(0, 63)));
    expect(reader.seqs).toEqual(upTo(TOTAL, 2));
  });

  it('and missing batches are waited for in one bound, in which repeats and forks take no room', () => {
    const early = withKeys(verifierOf(FROM_THE_FIRST, { maxWaitingBytes: 1000 })).feed(...batches.slice(1));
    expect([early.seqs, early.gaps]).toEqual([upTo(TOTAL, 2), ['0-1 missing']]);
    const patient = withKeys(verifierOf(FROM_THE_FIRST, { maxWaitingBytes: 2 * branch[1]!.bytes.length - 1 }));
    patient.feed(branch[1]!, ...Array.from({ length: 9 }, () => branch[1]!));
    expect(patient.gaps).toEqual([]);
    patient.feed(batches[0]!, batches[1]!, batches[2]!, batches[3]!); // the one that waits is a fork now
    expect(patient.forks).toEqual([7n]);
    patient.feed(batches[7]!);
    expect([patient.seqs, patient.gaps, patient.last?.missingFrom]).toEqual([upTo(8), [], 8n]);
    expect(patient.feed(...batches.slice(4)).seqs).toEqual(upTo(TOTAL));
  });

  it('other than the one that the publisher committed to refuse the epoch (A16)', () => {
    const honest = withKeys(verifierOf()).feed(...batches);
    const cheated = new Reader(verifierOf());
    const other = new Uint8Array(32).fill(0x44);
    cheated.take(cheated.verifier.addKeys(keysOf(5, 5, other))).take(cheated.verifier.addKeys(keysOf(4, 4))).take(cheated.verifier.addKeys(keysOf(6, 7))).feed(...batches);
    expect(honest.seqs).toEqual(upTo(TOTAL));
    expect([cheated.seqs, cheated.gaps]).toEqual([[...upTo(6), ...upTo(TOTAL, 12)], ['6-7 wrong_key', '8-10 wrong_key', '11-11 wrong_key']]);
  });

  it('are judged batch by batch when the publisher commits to two in one epoch', async () => {
    const [honest] = await publish(startRun(BEGINNING, clockAt(4)), [2]);
    const next = { nextSeq: 2n, prevBatchHash: honest!.hash };
    const [other] = await publish(startRun(next, clockAt(4), { ...publisherKeys, nodes: (_, from, to) => Promise.resolve(rangeNodes(new Uint8Array(32), from, to)) }), [3]);
    const reader = withKeys(verifierOf()).feed(honest!, other!);
    expect([reader.seqs, reader.gaps]).toEqual([[0n, 1n], ['2-4 wrong_key']]);
  });

  it('that somebody else made up do not stand in the way of the right ones', () => {
    const reader = new Reader(verifierOf());
    const made = { ...keysOf(0, 63), nodes: rangeNodes(new Uint8Array(32), 0, 63) };
    reader.take(reader.verifier.addKeys(keysOf(0, 63))).take(reader.verifier.addKeys(made)).feed(batches[0]!);
    for (let i = 0; i < 80; i++) reader.take(reader.verifier.addKeys(made)); // the same again takes no room
    expect([reader.feed(...batches).seqs, reader.gaps]).toEqual([upTo(TOTAL), []]);
    expect(() => reader.verifier.addKeys({ ...made, streamId: new Uint8Array(32) })).toThrow(expect.objectContaining({ code: 'BAD_ENVELOPE' }));
  });
});

describe('a batch', () => {
  it('that the publisher did not sign for this stream changes nothing', async () => {
    const reader = withKeys(verifierOf()).feed(batches[0]!);
    const forged = Uint8Array.from(batches[1]!.bytes);
    forged[forged.length - 1]! ^= 1;
    expect(() => reader.verifier.feed(forged)).toThrow(expect.objectContaining({ code: 'BAD_BATCH', meta: { why: 'framesRoot' } }));
    const other = verifierOf(FROM_THE_FIRST, { streamId: new Uint8Array(32) });
    expect(() => other.feed(batches[0]!.bytes)).toThrow(expect.objectContaining({ code: 'BAD_BATCH', meta: { why: 'stream' } }));
    const [fake] = await publish(startRun(BEGINNING, clockAt(4), { ...publisherKeys, signBatch: () => Promise.resolve(batches[0]!.bytes.slice(176, 241)) }), [1]);
    expect(() => reader.verifier.feed(fake!.bytes)).toThrow(expect.objectContaining({ code: 'BAD_BATCH' }));
    expect(reader.feed(...batches.slice(1)).seqs).toEqual(upTo(TOTAL));
  });

  it('with frames that do not open delivers the others', async () => {
    const [batch] = await publish(startRun(BEGINNING, clockAt(4)), [5]);
    const frames = cutFrames(batch!);
    for (const i of [1, 2]) frames[i]![frames[i]!.length - 1]! ^= 1; // sealed badly, and signed so
    const fields: BatchFields = { ...batch!.fields, framesRoot: framesRoot(frames) };
    const reader = withKeys(verifierOf());
    reader.take(reader.verifier.feed(encodeBatch(fields, signatureOf(fields), frames)));
    expect([reader.seqs, reader.gaps]).toEqual([[0n, 3n, 4n], ['1-2 unreadable']]);
  });
});

/** Copies of the frames of equal length. */
function cutFrames({ bytes, fields }: SignedBatch): Uint8Array[] {
  const length = (bytes.length - 241) / fields.count;
  return Array.from({ length: fields.count }, (_, i) => bytes.slice(241 + i * length, 241 + (i + 1) * length));
}
