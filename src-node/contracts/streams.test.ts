import { beforeEach, describe, expect, it } from 'vitest';
import { toHex, utf8, type Bytes, type Hex } from '../base/bytes.ts';
import { keccak256 } from '../crypto/keccak.ts';
import * as streams from './bindings/pd-stream.gen.ts';
import * as gateways from './bindings/pd-gateway.gen.ts';
import type { Outcome } from './testing/harness.ts';
import { must, SPLIT, STRANGER } from './testing/market.ts';
import { BATCH_HASH, keyOf, OPERATOR, OWNER, PUBLISHER, TestStreams } from './testing/streams.ts';
import { splitHash } from './terms.ts';

const codeOf = (outcome: Outcome): string | undefined => outcome.reason?.code;

describe('a stream', () => {
  let world: TestStreams;
  const owner = (data: Bytes): Outcome => world.streams(OWNER, data);
  const planOf = (hash: Hex): streams.StreamPlan => streams.decodePlanOfResult(world.read('stream', streams.encodePlanOf(world.stream, hash)));
  const isOffered = (hash: Hex): boolean => streams.decodeIsOfferedResult(world.read('stream', streams.encodeIsOffered(world.stream, hash, splitHash(SPLIT))));

  beforeEach(() => {
    world = new TestStreams();
  });

  it('begins its epochs at a whole number of them since 1970', () => {
    world.harness.sleep(1_234);
    must(owner(streams.encodeRegister(world.newStream(1n, { epochSeconds: 700 }), world.plan)));
    const start = Number(world.harness.timeSeconds) - (Number(world.harness.timeSeconds) % 700);
    const event = must(owner(streams.encodeRegister(world.newStream(2n, { epochSeconds: 700 }), world.plan))).logs.map((log) => streams.decodeEvent(log)).find((found) => found?.name === 'StreamRegistered');
    expect(event).toMatchObject({ owner: OWNER, publisher: PUBLISHER, epochSeconds: 700, start });
    expect(world.streamRecord()).toMatchObject({ status: 'Registered', generation: 1, epochSeconds: 600, ahead: 6, metaUri: 'ipfs://bafyexample', gateways: [world.gateway] });
  });

  it('is registered once for each number, within the bounds', () => {
    const refused = (changes: Partial<streams.NewStream>, plan: Partial<streams.NewStreamPlan> = {}): unknown => codeOf(owner(streams.encodeRegister(world.newStream(1n, changes), { ...world.plan, ...plan })));
    expect(refused({ nonce: 0n })).toBe('WRONG_NONCE');
    expect(refused({ publisher: `0x${'0'.repeat(40)}` })).toBe('NO_SIGNER');
    expect([refused({ epochSeconds: 59 }), refused({ epochSeconds: 86_401 }), refused({ ahead: 7 }), refused({ gateways: [] }), refused({ gateways: Array.from({ length: 9 }, () => world.gateway) })]).toEqual(Array(5).fill('OUT_OF_RANGE'));
    expect(refused({ metaUri: 'x'.repeat(257) })).toBe('URI_TOO_LONG');
    expect([refused({}, { unitPrice: 0n }), refused({}, { kind: 'None' })]).toEqual(['OUT_OF_RANGE', 'OUT_OF_RANGE']);
    expect(refused({}, { shares: [7_000, 2_999] })).toBe('BAD_SPLIT');
    must(owner(streams.encodeRegister(world.newStream(1n), world.plan)));
  });

  it('is changed by its owner alone, and not at all when it has ended', () => {
    const calls: readonly (readonly [string, Bytes])[] = [
      ['setMeta', streams.encodeSetMeta(world.stream, BATCH_HASH, 'https://example')],
      ['setPublisher', streams.encodeSetPublisher(world.stream, STRANGER)],
      ['newGeneration', streams.encodeNewGeneration(world.stream)],
      ['setGateways', streams.encodeSetGateways(world.stream, [BATCH_HASH, world.gateway])],
      ['setPlan', streams.encodeSetPlan(world.stream, { ...world.plan, planId: 2 })],
      ['end', streams.encodeEnd(world.stream)],
    ];
    for (const [name, data] of calls) expect([name, codeOf(world.streams(PUBLISHER, data))]).toEqual([name, 'NOT_STREAM_OWNER']);
    for (const [, data] of calls) must(owner(data));
    expect(world.streamRecord()).toMatchObject({ status: 'Ended', generation: 2, publisher: STRANGER, metaUri: 'https://example', gateways: [BATCH_HASH, world.gateway] });
    for (const [name, data] of calls) expect([name, codeOf(owner(data))]).toEqual([name, 'STREAM_IS_OVER']);
    expect(isOffered(world.planHash())).toBe(false);
  });

  it('offers one plan under a number, and still tells what the one before it was', () => {
    const before = world.planHash();
    const dearer = { ...world.plan, unitPrice: 2n * world.plan.unitPrice };
    expect([isOffered(before), planOf(before)]).toMatchObject([true, { unitPrice: world.plan.unitPrice, window: 50, planId: 1, kind: 'Metered', active: true, splitHash: splitHash(SPLIT) }]);
    must(owner(streams.encodeSetPlan(world.stream, dearer)));
    expect([isOffered(before), isOffered(world.planHash(dearer)), planOf(before).unitPrice]).toEqual([false, true, world.plan.unitPrice]);
    must(owner(streams.encodeSetPlan(world.stream, { ...dearer, active: false })));
    expect([isOffered(world.planHash(dearer)), world.planHash({ ...dearer, active: false })]).toEqual([false, world.planHash(dearer)]);
    must(owner(streams.encodeSetPlan(world.stream, world.plan)));
    expect(isOffered(before)).toBe(true);
  });
});

describe('a checkpoint', () => {
  let world: TestStreams;
  const point = (changes: Partial<streams.StreamPoint> = {}): streams.StreamPoint => ({ generation: 1, epoch: 0, lastSeq: 110n, lastBatchHash: BATCH_HASH, ...changes });
  const send = (at: streams.StreamPoint, receipt = world.receipt(), from: Hex = PUBLISHER, signed = world.signReceipt(receipt)): Outcome => world.streams(from, streams.encodeCheckpoint(world.stream, at, receipt, signed));
  const anchor = (number: number): streams.Anchor => streams.decodeCheckpointOfResult(world.read('stream', streams.encodeCheckpointOf(world.stream, number)));

  beforeEach(() => {
    world = new TestStreams();
  });

  it('needs a receipt of a bonded gateway of the stream for just this batch', () => {
    const other = { ...world.receipt(), batchHash: toHex(keccak256(utf8('another'))) };
    expect(codeOf(send(point(), other))).toBe('WRONG_RECEIPT');
    expect(codeOf(send(point(), world.receipt({ streamId: BATCH_HASH })))).toBe('WRONG_RECEIPT');
    expect(codeOf(send(point({ lastSeq: 99n })))).toBe('WRONG_RECEIPT');
    expect(codeOf(send(point({ lastSeq: 356n })))).toBe('WRONG_RECEIPT'); // beyond the longest batch that begins at 100
    expect(codeOf(send(point(), world.receipt(), PUBLISHER, world.signReceipt(world.receipt(), keyOf('publisher'))))).toBe('WRONG_SIGNER');
    expect(codeOf(send(point(), world.receipt(), STRANGER))).toBe('NOT_STREAM_OWNER_OR_PUBLISHER');
    expect(codeOf(send(point({ generation: 2 })))).toBe('OUT_OF_RANGE');
    const unlisted = world.register();
    expect(codeOf(send(point(), world.receipt({ gatewayId: unlisted })))).toBe('GATEWAY_NOT_LISTED');
    must(send(point({ lastSeq: 355n })));
    must(world.gateways(OPERATOR, gateways.encodeLeave(world.gateway)));
    expect(codeOf(send(point({ lastSeq: 400n }), world.receipt({ firstSeq: 400n })))).toBe('WRONG_GATEWAY_STATUS');
  });

  it('has to reach further than the one before it', () => {
    must(send(point(), world.receipt(), OWNER));
    const again = send(point());
    expect([codeOf(again), again.reason?.meta]).toEqual(['SEQ_NOT_RISING', { lastSeq: '110' }]);
    must(send(point({ lastSeq: 111n })));
    must(world.streams(OWNER, streams.encodeEnd(world.stream)));
    expect(codeOf(send(point({ lastSeq: 112n })))).toBe('STREAM_IS_OVER');
  });

  it('keeps when it came and how much of the time is covered; a silence counts for the longest gap, a step back for nothing', () => {
    const began = Number(world.harness.timeSeconds);
    must(send(point()));
    world.harness.sleep(3_600);
    must(send(point({ lastSeq: 111n, epoch: 6 })));
    world.harness.sleep(-100);
    must(send(point({ lastSeq: 112n, epoch: 6 })));
    world.harness.sleep(86_400);
    must(send(point({ lastSeq: 113n, epoch: 150 })));
    expect([1, 2, 3, 4].map((number) => [anchor(number).time - began, anchor(number).covered])).toEqual([[0, 0], [3_600, 3_600], [3_500, 3_600], [89_900, 3_600 + 5_400]]);
    expect(anchor(4)).toMatchObject({ generation: 1, epoch: 150, lastSeq: 113n, lastBatchHash: BATCH_HASH });
    expect(world.streamRecord().checkpointCount).toBe(4);
  });
});
