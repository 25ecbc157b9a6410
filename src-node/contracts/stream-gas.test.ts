/** Gas, calldata and size of the contracts of streams, held against docs/protocol/11 §4.2 and against the smallest block. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fromHex, toHex, u32be, utf8, type Bytes, type Hex } from '../base/bytes.ts';
import { keccak256 } from '../crypto/keccak.ts';
import * as channels from './bindings/pd-channel.gen.ts';
import * as gateways from './bindings/pd-gateway.gen.ts';
import * as streams from './bindings/pd-stream.gen.ts';
import { streamDeployment } from './deploy.ts';
import { splitHash } from './terms.ts';
import { CALLDATA_CEILING, GAS_CEILING, type Outcome } from './testing/harness.ts';
import { account, CPC, DAY, must, STRANGER } from './testing/market.ts';
import { keyOf, OPERATOR, OWNER, PAYER, PUBLISHER, TestStreams } from './testing/streams.ts';

const DOCUMENT = join(import.meta.dirname, '..', '..', 'docs', 'protocol', '11-stream-contracts.md');

interface Row {
  readonly call: string;
  readonly gas: bigint;
  readonly calldata: number;
}

function measure(): readonly Row[] {
  const world = new TestStreams();
  const rows: Row[] = [];
  const note = (call: string, outcome: Outcome): void => {
    must(outcome);
    rows.push({ call, gas: outcome.gasUsed, calldata: outcome.calldata });
  };
  const owner = (call: string, data: Bytes): void => note(call, world.streams(OWNER, data));
  const party = (call: string, from: Hex, data: Bytes, value = 0n): void => note(call, world.channels(from, data, value));
  const operator = (call: string, data: Bytes, value = 0n, from = OPERATOR): void => note(call, world.gateways(from, data, value));
  const longest = 'x'.repeat(256);
  const payees = Array.from({ length: 16 }, (_, i) => account(`payee ${i}`));
  const wide: streams.NewStreamPlan = { ...world.plan, planId: 2, payees, shares: payees.map(() => 625) };
  const eight = Array.from({ length: 8 }, (_, i) => toHex(keccak256(u32be(i))));

  // Streams.
  owner('register a stream, 1 gateway, 2 payees', streams.encodeRegister(world.newStream(1n), world.plan));
  owner('register a stream, 8 gateways, 16 payees, longest address', streams.encodeRegister(world.newStream(2n, { gateways: eight, metaUri: longest }), wide));
  owner('setPlan of a stream, 16 payees', streams.encodeSetPlan(world.stream, wide));
  owner('setMeta of a stream', streams.encodeSetMeta(world.stream, toHex(keccak256(utf8('new'))), 'ipfs://bafyother'));
  owner('setGateways, 8 gateways', streams.encodeSetGateways(world.stream, [...eight.slice(1), world.gateway]));
  owner('setPublisher', streams.encodeSetPublisher(world.stream, PUBLISHER));
  owner('newGeneration', streams.encodeNewGeneration(world.stream));
  const point = { generation: 2, epoch: 3, lastSeq: 110n, lastBatchHash: world.receipt().batchHash };
  const checkpoint = (lastSeq: bigint): Bytes => streams.encodeCheckpoint(world.stream, { ...point, lastSeq }, world.receipt(), world.signReceipt(world.receipt()));
  must(world.streams(PUBLISHER, checkpoint(110n)));
  note('checkpoint, gateway is last of 8', world.streams(PUBLISHER, checkpoint(111n)));

  // Channels.
  party('open', PAYER, channels.encodeOpen(world.newChannel(0n)), 10n * CPC);
  const id = world.open(10n * CPC);
  party('topUp', PAYER, channels.encodeTopUp(id), CPC);
  const redeem = (amount: bigint): Bytes => channels.encodeRedeem(world.voucher(id, amount), world.signVoucher(world.voucher(id, amount)), world.plan.payees, world.plan.shares);
  party('redeem, 2 new payees', STRANGER, redeem(CPC));
  party('redeem again, 2 payees', STRANGER, redeem(2n * CPC));
  const wideId = world.open(10n * CPC, PAYER, { planHash: world.planHash(wide), splitHash: splitHash(wide) });
  const voucher = world.voucher(wideId, CPC, { plan: world.planHash(wide) });
  party('redeem, 16 new payees', STRANGER, channels.encodeRedeem(voucher, world.signVoucher(voucher), wide.payees, wide.shares));
  party('requestClose', PAYER, channels.encodeRequestClose(id));
  party('closeNow', OWNER, channels.encodeCloseNow(wideId));
  world.harness.mine(world.blocks(DAY) + 20, 0n);
  party('finalizeClose', STRANGER, channels.encodeFinalizeClose(id));
  party('withdraw from channels', STRANGER, channels.encodeWithdraw(PAYER));
  party('sweepBurn of channels', STRANGER, channels.encodeSweepBurn());
  owner('end', streams.encodeEnd(world.stream));

  // Gateways.
  const bond = world.parameters.gateway.minBond;
  operator('register a gateway, 1 endpoint', gateways.encodeRegister(1n, account('gateway'), ['https://gateway.example']), bond);
  operator('register a gateway, 4 longest endpoints', gateways.encodeRegister(2n, account('gateway'), Array.from({ length: 4 }, () => longest)), bond);
  operator('setEndpoints', gateways.encodeSetEndpoints(world.gateway, ['https://other.example']));
  operator('raiseLog', gateways.encodeRaiseLog(world.gateway));
  operator('pause of a gateway', gateways.encodePause(world.gateway));
  operator('resume of a gateway', gateways.encodeResume(world.gateway));
  const [a, b] = [world.receipt(), world.receipt({ batchHash: toHex(keccak256(utf8('another'))) })];
  operator('proveEquivocation', gateways.encodeProveEquivocation(a, b, world.signReceipt(a, keyOf('gateway')), world.signReceipt(b)), 0n, STRANGER);
  const leaving = world.register();
  operator('leave', gateways.encodeLeave(leaving));
  world.harness.mine(world.blocks(7 * DAY), 0n);
  operator('finalizeLeave', gateways.encodeFinalizeLeave(leaving), 0n, STRANGER);
  return rows;
}

describe('gas of streams', () => {
  const rows = measure();
  const text = readFileSync(DOCUMENT, 'utf8');

  it('and calldata of every call fit the smallest block that a proposer may make', () => {
    for (const row of rows) expect([row.call, row.gas < GAS_CEILING && row.calldata < CALLDATA_CEILING]).toEqual([row.call, true]);
  });

  it('is what docs/protocol/11 says, to the thousand', () => {
    const table = new Map(text.split('\n').map((line) => line.split('|').map((cell) => cell.trim())).filter((cells) => cells.length === 5).map(([, call, gas, calldata]) => [call, [gas, calldata]]));
    for (const { call, gas, calldata } of rows) expect([call, table.get(call)]).toEqual([call, [thousands(gas), calldata.toLocaleString('en')]]);
  });

  it('of the deployments is what docs/protocol/11 says', () => {
    const world = new TestStreams();
    const from = account('gas payer');
    for (const step of streamDeployment({ deployer: from, nonce: 0n, parameters: world.parameters })) {
      const { gasUsed } = must(world.harness.create(from, step.data, { gas: 10_000_000n }));
      expect(text).toContain(`| ${step.contract} | ${thousands(gasUsed)} | ${world.harness.state.codeSizeOf(fromHex(step.address)).toLocaleString('en')} |`);
    }
  });
});

/** 1234567n -> "1,235,000". */
function thousands(gas: bigint): string {
  return (((gas + 500n) / 1_000n) * 1_000n).toLocaleString('en');
}
