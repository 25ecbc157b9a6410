import { fromHex, hexOf, toHex } from '../../../base/bytes.ts';
import { millis } from '../../../base/clock.ts';
import { isCoded } from '../../../base/errors.ts';
import { digest, domainSeparator } from '../../../contracts/typed-data.ts';
import { eciesOpen } from '../../../crypto/ecies.ts';
import { publicKeyOf } from '../../../crypto/secp256k1.ts';
import { batchHash, decodeBatch, encodeBatch, framesRoot, verifyBatch } from '../../../streams/format/batch.ts';
import { decodeEnvelope, encodeEnvelope, envelopeContext, openEnvelope, sealEnvelope } from '../../../streams/format/envelope.ts';
import { frameKey, openFrame, readFrame, sealFrame } from '../../../streams/format/frame.ts';
import { epochCommit, epochKey, keyFromNodes, rangeNodes, type GgmNode } from '../../../streams/format/ggm.ts';
import { decodeRecord, encodeRecord, type ContentType } from '../../../streams/format/record.ts';
import { objectKind, same, type VectorCase } from '../vector-kind.ts';

interface RecordedEpoch {
  readonly streamId: string;
  readonly generation: number;
  readonly epoch: number;
}

interface RecordedEpochKey extends RecordedEpoch {
  readonly root: string;
  readonly key: string;
  readonly commit: string;
  readonly runId: string;
  readonly frameKey: string;
}

interface RecordedSpan {
  readonly root: string;
  readonly from: number;
  readonly to: number;
  readonly nodes: readonly { readonly depth: number; readonly prefix: number; readonly key: string }[];
}

interface RecordedFrame extends RecordedEpoch {
  readonly epochKey: string;
  readonly runId: string;
  readonly seq: string;
  readonly timeMillis: number;
  readonly contentType: ContentType;
  readonly schemaVersion: number;
  readonly body: string;
  readonly frame: string;
}

interface RecordedBatch {
  readonly fields: RecordedEpoch & {
    readonly runId: string;
    readonly firstSeq: string;
    readonly count: number;
    readonly prevBatchHash: string;
    readonly framesRoot: string;
    readonly epochCommit: string;
    readonly timeMillis: number;
  };
  readonly hash: string;
  readonly digest: string;
  readonly signature: string;
  readonly batch: string;
}

interface RecordedEnvelope extends Omit<RecordedEpoch, 'epoch'> {
  readonly root: string;
  readonly from: number;
  readonly to: number;
  readonly chainId: string;
  readonly privateKey: string;
  readonly publicKey: string;
  readonly ephemeral: string;
  readonly plain: string;
  readonly sealed: string;
}

interface Recorded {
  readonly domain: { readonly chainId: string; readonly genesisHash: string; readonly contract: string };
  readonly publisher: string;
  readonly epochKeys: readonly RecordedEpochKey[];
  readonly rangeNodes: readonly RecordedSpan[];
  readonly frames: readonly RecordedFrame[];
  readonly badFrames: readonly { readonly why: string; readonly frame: string }[];
  readonly batches: readonly RecordedBatch[];
  readonly badBatches: readonly { readonly why: string; readonly batch: string }[];
  readonly envelopes: readonly RecordedEnvelope[];
}

/** What streams carry (docs/protocol/11 §4.11), and what has to be refused. */
export const streams = objectKind<Recorded>('streams', ['epochKeys', 'rangeNodes', 'frames', 'batches', 'envelopes'], function* (recorded) {
  for (const [i, one] of recorded.epochKeys.entries()) yield* epochCases(`epoch key ${i}`, one);
  for (const [i, one] of recorded.rangeNodes.entries()) yield* spanCases(`span ${i}`, one);
  for (const [i, one] of recorded.frames.entries()) yield* frameCases(`frame ${i}`, one);
  for (const [i, { why, frame }] of recorded.badFrames.entries()) yield same(`refused frame ${i}`, () => refusal(() => readFrame(fromHex(frame))), `BAD_FRAME ${why}`);
  const { chainId, genesisHash, contract } = recorded.domain;
  const domain = { chainId: BigInt(chainId), genesisHash: fromHex(genesisHash), contract: fromHex(contract) };
  const verify = (bytes: string): void => verifyBatch(decodeBatch(fromHex(bytes)), domain, fromHex(recorded.publisher));
  for (const [i, one] of recorded.batches.entries()) {
    yield* batchCases(`batch ${i}`, one);
    yield same(`batch ${i}: digest`, () => toHex(digest(domainSeparator(domain), fromHex(one.hash))), one.digest);
    yield same(`batch ${i}: signature`, () => refusal(() => verify(one.batch)), 'taken');
  }
  for (const [i, { why, batch }] of recorded.badBatches.entries()) yield same(`refused batch ${i}`, () => refusal(() => verify(batch)), `BAD_BATCH ${why}`);
  for (const [i, one] of recorded.envelopes.entries()) yield* envelopeCases(`envelope ${i}`, one);
});

function refusal(work: () => unknown): string {
  try {
    work();
    return 'taken';
  } catch (error) {
    if (!isCoded(error)) throw error;
    return `${error.code} ${String(error.meta['why'])}`;
  }
}

function* epochCases(name: string, one: RecordedEpochKey): Iterable<VectorCase> {
  const context = { streamId: fromHex(one.streamId), generation: one.generation, epoch: one.epoch };
  yield same(`${name}: EK`, () => toHex(epochKey(fromHex(one.root), context)), one.key);
  yield same(`${name}: EK of its own node`, () => toHex(keyFromNodes(rangeNodes(fromHex(one.root), one.epoch, one.epoch), context) ?? new Uint8Array(0)), one.key);
  yield same(`${name}: commitment`, () => toHex(epochCommit(fromHex(one.key))), one.commit);
  yield same(`${name}: FK`, () => toHex(frameKey(fromHex(one.key), { ...context, runId: fromHex(one.runId) })), one.frameKey);
}

function* spanCases(name: string, { root, from, to, nodes }: RecordedSpan): Iterable<VectorCase> {
  yield same(name, () => shown(rangeNodes(fromHex(root), from, to)), nodes);
}

const shown = (nodes: readonly GgmNode[]): readonly object[] => nodes.map(({ depth, prefix, key }) => ({ depth, prefix, key: toHex(key) }));

function* frameCases(name: string, one: RecordedFrame): Iterable<VectorCase> {
  const header = { streamId: fromHex(one.streamId), generation: one.generation, epoch: one.epoch, runId: fromHex(one.runId), seq: BigInt(one.seq), timeMillis: millis(one.timeMillis) };
  const key = frameKey(fromHex(one.epochKey), header);
  const { contentType, schemaVersion, body } = one;
  yield same(`${name}: sealed`, () => hexOf(sealFrame(header, key, encodeRecord({ contentType, schemaVersion, body: fromHex(body) }))), one.frame.slice(2));
  yield same(`${name}: opened`, () => {
    const frame = readFrame(fromHex(one.frame));
    const record = decodeRecord(openFrame(frame, key));
    return [frame.seq, frame.timeMillis, record.contentType, record.schemaVersion, toHex(record.body)];
  }, [header.seq, header.timeMillis, contentType, schemaVersion, body]);
}

function* batchCases(name: string, { fields: recorded, hash, signature, batch }: RecordedBatch): Iterable<VectorCase> {
  const fields = {
    streamId: fromHex(recorded.streamId), generation: recorded.generation, epoch: recorded.epoch, runId: fromHex(recorded.runId), firstSeq: BigInt(recorded.firstSeq), count: recorded.count,
    prevBatchHash: fromHex(recorded.prevBatchHash), framesRoot: fromHex(recorded.framesRoot), epochCommit: fromHex(recorded.epochCommit), timeMillis: millis(recorded.timeMillis),
  };
  yield same(`${name}: hash`, () => toHex(batchHash(fields)), hash);
  yield same(`${name}: read`, () => decodeBatch(fromHex(batch)).fields, fields);
  yield same(`${name}: root of its frames`, () => toHex(framesRoot(decodeBatch(fromHex(batch)).frames.map(({ bytes }) => bytes))), recorded.framesRoot);
  yield same(`${name}: written`, () => toHex(encodeBatch(fields, fromHex(signature), decodeBatch(fromHex(batch)).frames.map(({ bytes }) => bytes))), batch);
}

function* envelopeCases(name: string, one: RecordedEnvelope): Iterable<VectorCase> {
  const streamId = fromHex(one.streamId);
  const { generation, from, to } = one;
  const content = { streamId, generation, from, to, nodes: rangeNodes(fromHex(one.root), from, to) };
  const privateKey = fromHex(one.privateKey);
  yield same(`${name}: its key`, () => toHex(publicKeyOf(privateKey)), one.publicKey);
  yield same(`${name}: inside`, () => toHex(encodeEnvelope(content)), one.plain);
  yield same(`${name}: sealed`, () => toHex(sealEnvelope(content, BigInt(one.chainId), fromHex(one.publicKey), fromHex(one.ephemeral))), one.sealed);
  yield same(`${name}: opened`, async () => {
    const opened = await openEnvelope(fromHex(one.sealed), (sealed) => Promise.resolve(eciesOpen(sealed, privateKey, envelopeContext(BigInt(one.chainId), streamId))));
    return toHex(encodeEnvelope(opened));
  }, one.plain);
  yield same(`${name}: read`, () => shown(decodeEnvelope(fromHex(one.plain)).nodes), shown(content.nodes));
}
