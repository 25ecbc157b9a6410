import { expect, it } from 'vitest';
import { fromHex, toHex, type Bytes, type Hex } from '../../base/bytes.ts';
import { ManualClock, millis, seconds } from '../../base/clock.ts';
import { CodedError } from '../../base/errors.ts';
import { silentLogger } from '../../base/logger.ts';
import { decodeStreamOfResult, encodeCheckpoint, encodeStreamOf } from '../../contracts/bindings/pd-stream.gen.ts';
import { must } from '../../contracts/testing/market.ts';
import { OWNER, TestStreams } from '../../contracts/testing/streams.ts';
import { CHECKPOINT_GAS, CHECKPOINT_GAS_USED, checkpointMandate, checkpointUses, type CheckpointPlan } from '../checkpoints.ts';
import type { StreamEntry } from '../index/stream-entry.ts';
import type { StandingAction } from '../ports.ts';
import type { StreamAnchor } from '../publisher/stream-anchor.ts';
import { openStreamStore } from '../store.ts';
import type { CheckpointRecord } from '../stream-chain.ts';
import { Checkpointer } from './checkpointer.ts';
import { PublishingTable } from './publishing-table.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NOW = millis(1_800_000_000_000);
const fill = (length: number, byte: number): Bytes => new Uint8Array(length).fill(byte);
const id: Hex = toHex(fill(32, 0x5d));
const owner: Hex = toHex(fill(20, 0x0a));
const gateways = [1, 2, 3].map((byte) => toHex(fill(32, byte)));
const stream = { id, owner, generation: 2, gateways, createdAt: NOW } as unknown as StreamEntry;
const anchorAt = (gateway: number, firstSeq: bigint, generation = 2): StreamAnchor => ({
  batch: { generation, epoch: 7, firstSeq, count: 10 },
  receipt: { gatewayId: fill(32, gateway), streamId: fill(32, 0x5d), logId: 1n, offset: 4n, firstSeq, batchHash: fill(32, 0xba), ts: 1_800_000_000_123, signature: fill(65, gateway) },
});

const hourly: CheckpointPlan = { every: 'hour', until: millis(NOW + 400 * DAY) };

function setUp(plan: CheckpointPlan | null = hourly) {
  const clock = new ManualClock(NOW);
  const table = new PublishingTable(openStreamStore(':memory:'));
  table.setCheckpoints(id, plan);
  const sent: StandingAction[] = [];
  const told: { last: CheckpointRecord | null; refusal: CodedError | null; tries: number } = { last: null, refusal: null, tries: 0 };
  const checkpointer = new Checkpointer({
    chain: { contracts: { stream: fill(20, 0xc1), channel: fill(20, 0xc2), gateway: fill(20, 0xc3) }, lastCheckpoint: () => Promise.resolve(told.last) },
    index: { gateway: (gateway) => ({ status: gateway === gateways[2] ? 'leaving' : 'bonded' }) },
    actions: {
      submit: (action) => {
        told.tries += 1;
        return told.refusal === null ? Promise.resolve(void sent.push(action)) : Promise.reject(told.refusal);
      },
    },
    table,
    clock, log: silentLogger,
  });
  const wrote = (lastSeq: bigint): CheckpointRecord => ({ number: (told.last?.number ?? 0) + 1, timeSeconds: seconds(clock.now() / 1000), generation: 2, epoch: 7, lastSeq, lastBatchHash: fill(32, 0xba) });
  return { clock, table, sent, told, checkpointer, wrote };
}

it('writes as often as was chosen, when there is more, what the furthest gateway that counts has signed for', async () => {
  const { clock, sent, told, checkpointer, wrote } = setUp();
  const anchors = [anchorAt(1, 100n), anchorAt(2, 200n), anchorAt(3, 900n), anchorAt(9, 900n), anchorAt(1, 900n, 1)];
  await checkpointer.step(stream, anchors); // registered a moment ago
  clock.advance(millis(HOUR));
  await checkpointer.step(stream, []); // nothing was published in this run
  expect(sent).toEqual([]);
  await checkpointer.step(stream, anchors);
  const { gatewayId: _, streamId: __, batchHash: ___, ts, signature, ...receipt } = anchorAt(2, 200n).receipt;
  const hash = toHex(fill(32, 0xba));
  expect(sent.map(({ id: step, authority, payload }) => [step, authority.id, toHex(payload)])).toEqual([[
    `stream-checkpoint:${id}:1`, checkpointMandate(id),
    toHex(encodeCheckpoint(id, { generation: 2, epoch: 7, lastSeq: 209n, lastBatchHash: hash }, { ...receipt, gatewayId: gateways[1] ?? '0x', streamId: id, batchHash: hash, ts: BigInt(ts) }, toHex(signature))),
  ]]);
  expect(toHex(sent[0]?.payload.subarray(4, 36) ?? fill(0, 0))).toBe(id); // the permission is for this stream only
  told.last = wrote(209n);
  clock.advance(millis(HOUR));
  await checkpointer.step(stream, anchors); // it did not grow
  told.last = { ...told.last, lastSeq: 150n, timeSeconds: seconds(clock.now() / 1000 - 3599) };
  await checkpointer.step(stream, anchors); // an hour is not over
  expect(sent).toHaveLength(1);
  clock.advance(millis(1000));
  await checkpointer.step(stream, anchors);
  expect(sent.map(({ id: step }) => step)).toEqual([`stream-checkpoint:${id}:1`, `stream-checkpoint:${id}:2`]);
});

it('writes once a day what is to be written daily, until the permission has run out, and else nothing', async () => {
  const { clock, table, sent, checkpointer } = setUp({ every: 'day', until: millis(NOW + 2 * DAY) });
  clock.advance(millis(DAY - 1));
  await checkpointer.step(stream, [anchorAt(1, 1n)]);
  expect(sent).toEqual([]);
  clock.advance(millis(1));
  await checkpointer.step(stream, [anchorAt(1, 1n)]);
  expect(sent).toHaveLength(1);
  clock.advance(millis(DAY)); // it has run out
  await checkpointer.step(stream, [anchorAt(1, 99n)]);
  expect([sent.length, table.checkpointsOf(id, clock.now())]).toEqual([1, null]);
  const never = setUp(null);
  never.clock.advance(millis(DAY));
  await never.checkpointer.step(stream, [anchorAt(1, 1n)]);
  expect(never.told.tries).toBe(0);
});

it('tries once an hour what is refused, and never again what no permission is for', async () => {
  const { clock, table, sent, told, checkpointer } = setUp();
  clock.advance(millis(HOUR));
  told.refusal = new CodedError('INSUFFICIENT_FUNDS', 'no', { meta: { reason: 'fee' } });
  await checkpointer.step(stream, [anchorAt(1, 1n)]);
  await checkpointer.step(stream, [anchorAt(1, 1n)]);
  expect(told.tries).toBe(1);
  clock.advance(millis(HOUR));
  told.refusal = null;
  await checkpointer.step(stream, [anchorAt(1, 1n)]);
  expect(sent).toHaveLength(1);
  clock.advance(millis(HOUR));
  told.refusal = new CodedError('MANDATE_REFUSED', 'no', { meta: { reason: 'none' } });
  await checkpointer.step(stream, [anchorAt(1, 1n)]);
  clock.advance(millis(2 * HOUR));
  await checkpointer.step(stream, [anchorAt(1, 1n)]);
  expect([told.tries, table.checkpointsOf(id, clock.now())]).toEqual([3, null]);
});

it('makes what the contract takes, for less than the permission allows', async () => {
  const world = new TestStreams();
  const { clock, table, sent, checkpointer } = setUp();
  table.setCheckpoints(world.stream, hourly);
  clock.advance(millis(HOUR));
  const receipt = world.receipt();
  const { gatewayId, streamId, logId, offset, firstSeq, batchHash, ts } = receipt;
  const { generation } = decodeStreamOfResult(world.read('stream', encodeStreamOf(world.stream)));
  await checkpointer.step({ ...stream, id: world.stream, generation, gateways: [gatewayId] }, [{
    batch: { generation, epoch: 3, firstSeq, count: 10 },
    receipt: { gatewayId: fromHex(gatewayId), streamId: fromHex(streamId), logId, offset, firstSeq, batchHash: fromHex(batchHash), ts: Number(ts), signature: fromHex(world.signReceipt(receipt)) },
  }]);
  const outcome = must(world.streams(OWNER, sent[0]?.payload ?? fill(0, 0)));
  expect((outcome.gasUsed * 5n) / 4n).toBeLessThan(CHECKPOINT_GAS);
  expect(outcome.gasUsed).toBeLessThan(CHECKPOINT_GAS_USED); // people are told no less than it costs
});

it('is allowed for the time of the permission and no more', () => {
  expect([checkpointUses('hour'), checkpointUses('day')]).toEqual([9600, 400]);
});
