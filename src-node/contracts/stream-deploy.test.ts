import { beforeEach, describe, expect, it } from 'vitest';
import { concat, fromHex, toHex, type Hex } from '../base/bytes.ts';
import type { CodedError } from '../base/errors.ts';
import type { ChannelParameters } from './bindings/pd-channel.gen.ts';
import * as channels from './bindings/pd-channel.gen.ts';
import type { GatewayParameters } from './bindings/pd-gateway.gen.ts';
import * as streams from './bindings/pd-stream.gen.ts';
import { streamAddresses, streamDeployment } from './deploy.ts';
import type { MarketKind } from './market-parameters.ts';
import { streamParameters, type StreamParameters } from './stream-parameters.ts';
import { DeployedChain, PRACTICE } from './testing/deployed-chain.ts';
import { account, must } from './testing/market.ts';
import { verifyStreamDeployment, type StreamDeploymentRecord } from './verify-stream-deployment.ts';

const deployer = account('deployer');

describe('the deployment of streams', () => {
  let chain: DeployedChain;
  let record: StreamDeploymentRecord;

  const deploy = (parameters: StreamParameters, from: Hex = deployer): StreamDeploymentRecord => {
    const nonce = chain.harness.nonceOf(from);
    const [gateway, stream, channel] = streamDeployment({ deployer: from, nonce, parameters }).map((step) => {
      const outcome = chain.create(from, step.data);
      must(outcome);
      return outcome.block;
    });
    return { addresses: streamAddresses({ deployer: from, nonce }), createdIn: { gateway: gateway ?? 0n, stream: stream ?? 0n, channel: channel ?? 0n } };
  };
  const verdict = async (changed: StreamDeploymentRecord, period = 1_000): Promise<string> => verifyStreamDeployment(chain, changed, period).then(() => 'OK', (error: unknown) => (error as CodedError).code);

  beforeEach(() => {
    chain = new DeployedChain();
    record = deploy(streamParameters('practice', PRACTICE));
  });

  it('puts the contracts where it said, each knowing the one before it', () => {
    const { addresses } = record;
    expect(streams.decodeGatewaysResult(chain.harness.read(addresses.stream, streams.encodeGateways()))).toBe(addresses.gateway);
    expect(channels.decodeStreamsResult(chain.harness.read(addresses.channel, channels.encodeStreams()))).toBe(addresses.stream);
  });

  it('has the times of docs/protocol/11 §4.26', () => {
    const practice = streamParameters('practice', PRACTICE);
    const standard = streamParameters('standard', PRACTICE);
    const spans = ({ gateway, stream, channel }: StreamParameters): readonly number[] => [channel.closeTime, gateway.leaveTime, stream.minEpoch, stream.maxGap, channel.feeBps, channel.grace];
    expect([spans(practice), spans(standard)]).toEqual([[120, 600, 2, 5_400, 50, 20], [86_400, 604_800, 60, 5_400, 50, 20]]);
    expect([practice.gateway.minBond, standard.gateway.minBond]).toEqual([10n ** 19n, 10n ** 20n]);
  });

  it('is refused by the contracts for parameters beyond the hard caps', () => {
    const fits = streamParameters('standard', PRACTICE);
    const gateways: readonly Partial<GatewayParameters>[] = [{ chainId: 0n }, { periodMs: 0 }, { periodMs: 60_001 }, { minBond: 0n }, { leaveTime: 0 }, { leaveTime: 30 * 86_400 + 1 }];
    const lists: readonly Partial<streams.StreamParameters>[] = [{ chainId: 1n }, { minEpoch: 0 }, { minEpoch: 86_401 }, { maxGap: 0 }, { maxGap: 7 * 86_400 + 1 }];
    const payments: readonly Partial<ChannelParameters>[] = [{ chainId: 1n }, { feeBps: 101 }, { grace: 0 }, { closeTime: 0 }, { closeTime: 7 * 86_400 + 1 }, { periodMs: 0 }, { periodMs: 60_001 }];
    const cases: readonly StreamParameters[] = [
      ...gateways.map((changes) => ({ ...fits, gateway: { ...fits.gateway, ...changes } })),
      ...lists.map((changes) => ({ ...fits, stream: { ...fits.stream, ...changes } })),
      ...payments.map((changes) => ({ ...fits, channel: { ...fits.channel, ...changes } })),
    ];
    cases.forEach((parameters, i) => {
      const from = account(`deployer ${i}`);
      const outcomes = streamDeployment({ deployer: from, nonce: 0n, parameters }).map((step) => chain.create(from, step.data));
      expect([i, outcomes.some(({ reason }) => reason?.code === 'BAD_PARAMETERS')]).toEqual([i, true]);
    });
  });

  it.each<MarketKind>(['practice', 'standard'])('is accepted with the %s parameters, which come out as they went in', async (kind) => {
    const parameters = streamParameters(kind, PRACTICE);
    expect(await verifyStreamDeployment(chain, deploy(parameters, account('another deployer')), 1_000)).toEqual(parameters);
  });

  it('is refused for another chain, another genesis or another block time', async () => {
    expect(await verdict(record)).toBe('OK');
    expect(await verdict(record, 10_000)).toBe('OTHER_CHAIN_STREAMS');
    const fits = streamParameters('practice', PRACTICE);
    const elsewhere = { genesisHash: toHex(new Uint8Array(32)) };
    expect(await verdict(deploy(streamParameters('practice', { ...PRACTICE, chainId: 337n })))).toBe('OTHER_CHAIN_STREAMS');
    expect(await verdict(deploy({ ...fits, gateway: { ...fits.gateway, ...elsewhere } }))).toBe('OTHER_CHAIN_STREAMS');
    expect(await verdict(deploy({ ...fits, channel: { ...fits.channel, ...elsewhere } }))).toBe('OTHER_CHAIN_STREAMS');
  });

  it('is refused when parts of two are mixed, or when an address is something else', async () => {
    const other = deploy(streamParameters('practice', PRACTICE));
    for (const part of ['gateway', 'stream', 'channel'] as const) {
      const mixed = { addresses: { ...record.addresses, [part]: other.addresses[part] }, createdIn: { ...record.createdIn, [part]: other.createdIn[part] } };
      expect(await verdict(mixed)).toBe('MIXED_STREAM_CONTRACTS');
      expect(await verdict({ ...record, addresses: { ...record.addresses, [part]: account('no contract') } })).toBe('NOT_STREAM_CONTRACTS');
      expect(await verdict({ ...record, createdIn: { ...record.createdIn, [part]: 99n } })).toBe('NOT_STREAM_CONTRACTS');
      expect(await verdict({ ...record, createdIn: { ...record.createdIn, [part]: other.createdIn[part] } })).toBe('NOT_STREAM_CONTRACTS');
    }
  });

  it('is refused when our code was put there by a creation of someone else, with a balance for himself in storage', async () => {
    const runtime = toHex(chain.harness.state.codeOf(fromHex(record.addresses.channel))).slice(2);
    const size = (runtime.length / 2).toString(16).padStart(4, '0');
    // SSTORE(1, 1), then CODECOPY and RETURN of the code that follows.
    const creation = chain.create(account('thief'), concat(fromHex(`600160015561${size}8060116000396000f3`), fromHex(runtime)));
    expect(toHex(chain.harness.state.codeOf(fromHex(creation.address)))).toBe(`0x${runtime}`);
    expect(await verdict({ addresses: { ...record.addresses, channel: creation.address }, createdIn: { ...record.createdIn, channel: creation.block } })).toBe('NOT_STREAM_CONTRACTS');
  });
});
