import { beforeEach, describe, expect, it } from 'vitest';
import { fromHex, padLeft, toHex, u64be, type Bytes, type Hex } from '../base/bytes.ts';
import { millis } from '../base/clock.ts';
import { CodedError } from '../base/errors.ts';
import type { CallOutcome, CallRequest, ChainReader, HeadInfo, LocatedLog, LogFilter } from '../chain/reader.ts';
import * as channels from '../contracts/bindings/pd-channel.gen.ts';
import * as gateways from '../contracts/bindings/pd-gateway.gen.ts';
import * as streams from '../contracts/bindings/pd-stream.gen.ts';
import { splitHash } from '../contracts/terms.ts';
import type { Outcome } from '../contracts/testing/harness.ts';
import { account, CPC, must, SPLIT, STRANGER } from '../contracts/testing/market.ts';
import { BATCH_HASH, OPERATOR, OWNER, PAYER, PUBLISHER, TestStreams, UNIT_PRICE } from '../contracts/testing/streams.ts';
import { ReaderStreamChain, streamContracts } from './chain-view.ts';
import { scanStreamEvents, type StreamEvent } from './stream-events.ts';

/** The contracts of a test as a chain is read; each transaction is a block. */
class WorldReader implements Pick<ChainReader, 'call' | 'head' | 'onHead' | 'logs' | 'chainId' | 'genesisHash'> {
  readonly chainId = 337n;
  readonly genesisHash: Bytes;
  readonly asked: Bytes[] = [];
  readonly ranges: (readonly [bigint, bigint])[] = [];
  unreachable = false;
  readonly #world: TestStreams;
  readonly #logs: LocatedLog[] = [];
  readonly #listeners = new Set<(head: HeadInfo) => void>();
  #number = 1n;

  constructor(world: TestStreams) {
    this.#world = world;
    this.genesisHash = fromHex(world.parameters.gateway.genesisHash);
  }

  mine(outcome: Outcome): void {
    must(outcome);
    this.#number += 400n;
    outcome.logs.forEach((log, logIndex) => this.#logs.unshift({ ...log, logIndex, blockNumber: this.#number, blockHash: this.head().hash, transactionHash: new Uint8Array(32) }));
    for (const listener of this.#listeners) listener(this.head());
  }

  head(): HeadInfo {
    return { number: this.#number, hash: u64be(this.#number), timeMillis: millis(Number(this.#world.harness.timeSeconds) * 1_000) };
  }

  onHead(listener: (head: HeadInfo) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  call({ to, data }: CallRequest): Promise<CallOutcome> {
    this.asked.push(data);
    if (this.unreachable) return Promise.reject(new CodedError('CHAIN_UNREACHABLE', 'The node does not answer.'));
    return Promise.resolve({ ok: true, data: this.#world.harness.read(toHex(to ?? new Uint8Array(20)), data) });
  }

  logs({ addresses, fromBlock, toBlock }: LogFilter): Promise<readonly LocatedLog[]> {
    this.ranges.push([fromBlock, toBlock]);
    const wanted = addresses.map(toHex);
    return Promise.resolve(this.#logs.filter(({ address, blockNumber }) => wanted.includes(toHex(address)) && blockNumber >= fromBlock && blockNumber <= toBlock));
  }
}

describe('streams as the chain tells them', () => {
  let world: TestStreams;
  let reader: WorldReader;
  let chain: ReaderStreamChain;
  const unknown = new Uint8Array(32).fill(0xee);

  beforeEach(() => {
    world = new TestStreams();
    reader = new WorldReader(world);
    chain = new ReaderStreamChain({ reader: reader as unknown as ChainReader, contracts: streamContracts(world.addresses) });
  });

  it('tells a stream and its plan, also one that is offered no more', async () => {
    const streamId = fromHex(world.stream);
    expect(await chain.stream(streamId)).toMatchObject({
      streamId, owner: fromHex(OWNER), publisher: fromHex(PUBLISHER), status: 'registered', generation: 1, epochSeconds: 600, ahead: 6, metaUri: 'ipfs://bafyexample', gateways: [fromHex(world.gateway)],
    });
    expect((await chain.stream(streamId))?.startSeconds).toBe(1_800_000_000);
    const before = fromHex(world.planHash());
    reader.mine(world.streams(OWNER, streams.encodeSetPlan(world.stream, { ...world.plan, kind: 'Period' })));
    expect(await chain.plan(streamId, before)).toEqual({
      planId: 1, planHash: before, kind: 'metered', unitPrice: UNIT_PRICE, window: 50, licenceHash: fromHex(world.plan.licenceHash), splitHash: fromHex(splitHash(SPLIT)), active: false,
    });
    expect(await chain.plan(streamId, fromHex(world.planHash({ ...world.plan, kind: 'Period' })))).toMatchObject({ kind: 'period', active: true });
    reader.mine(world.streams(OWNER, streams.encodeEnd(world.stream)));
    expect((await chain.stream(streamId))?.status).toBe('ended');
  });

  it('tells a channel in each of its states', async () => {
    const id = world.open(CPC);
    const read = async (): Promise<unknown> => (await chain.channel(fromHex(id)))?.status;
    expect(await chain.channel(fromHex(id))).toEqual({
      channelId: fromHex(id), streamId: fromHex(world.stream), planHash: fromHex(world.planHash()), payer: fromHex(PAYER), payerKey: fromHex(account('reading key')), status: 'open', deposit: CPC, paid: 0n,
      expirySeconds: 1_800_000_000 + 30 * 86_400,
    });
    reader.mine(world.redeem(world.voucher(id, 7n)));
    expect((await chain.channel(fromHex(id)))?.paid).toBe(7n);
    reader.mine(world.channels(PAYER, channels.encodeRequestClose(id)));
    expect(await read()).toBe('closing');
    reader.mine(world.channels(OWNER, channels.encodeCloseNow(id)));
    expect(await read()).toBe('closed');
  });

  it('tells a gateway in each of its states', async () => {
    const states: unknown[] = [];
    const note = async (): Promise<void> => void states.push((await chain.gateway(fromHex(world.gateway)))?.status);
    expect(await chain.gateway(fromHex(world.gateway))).toEqual({
      gatewayId: fromHex(world.gateway), owner: fromHex(OPERATOR), signer: fromHex(account('gateway')), endpoints: ['https://gateway.example'], status: 'bonded', logId: 1n,
    });
    reader.mine(world.gateways(OPERATOR, gateways.encodePause(world.gateway)));
    await note();
    reader.mine(world.gateways(OPERATOR, gateways.encodeLeave(world.gateway)));
    await note();
    world.harness.mine(world.blocks(7 * 86_400), 0n);
    reader.mine(world.gateways(STRANGER, gateways.encodeFinalizeLeave(world.gateway)));
    await note();
    expect(states).toEqual(['paused', 'leaving', 'left']);
  });

  it('tells the newest checkpoint', async () => {
    expect(await chain.lastCheckpoint(fromHex(world.stream))).toBeNull();
    const checkpoint = (lastSeq: bigint): Outcome => world.streams(PUBLISHER, streams.encodeCheckpoint(world.stream, { generation: 1, epoch: 3, lastSeq, lastBatchHash: BATCH_HASH }, world.receipt(), world.signReceipt(world.receipt())));
    reader.mine(checkpoint(100n));
    reader.mine(checkpoint(120n));
    expect(await chain.lastCheckpoint(fromHex(world.stream))).toEqual({ number: 2, timeSeconds: 1_800_000_000, generation: 1, epoch: 3, lastSeq: 120n, lastBatchHash: fromHex(BATCH_HASH) });
  });

  it('knows nothing of what is not there', async () => {
    expect([await chain.stream(unknown), await chain.plan(fromHex(world.stream), unknown), await chain.channel(unknown), await chain.gateway(unknown), await chain.lastCheckpoint(unknown)]).toEqual([null, null, null, null, null]);
  });

  it('asks once for each head, and again after a failure', async () => {
    const streamId = fromHex(world.stream);
    await Promise.all([chain.stream(streamId), chain.stream(streamId), chain.lastCheckpoint(streamId)]);
    await chain.stream(streamId);
    expect(reader.asked.length).toBe(1);
    let heads = 0;
    const stop = chain.onHead(() => heads++);
    reader.mine(world.streams(OWNER, streams.encodeNewGeneration(world.stream)));
    stop();
    expect([heads, chain.head()?.number, (await chain.stream(streamId))?.generation, reader.asked.length]).toEqual([1, 401n, 2, 2]);
    reader.mine(world.streams(OWNER, streams.encodeNewGeneration(world.stream)));
    reader.unreachable = true;
    await expect(chain.stream(streamId)).rejects.toMatchObject({ code: 'CHAIN_UNREACHABLE' });
    reader.unreachable = false;
    expect([heads, (await chain.stream(streamId))?.generation]).toEqual([1, 3]);
  });

  it('asks again for what strangers have pushed out', async () => {
    for (let i = 0; i < 10_001; i++) void chain.gateway(padLeft(u64be(i), 32));
    const before = reader.asked.length;
    await chain.gateway(padLeft(u64be(0), 32));
    expect([before, reader.asked.length]).toEqual([10_001, 10_002]);
  });

  it('tells the events of all three contracts in the order of the chain, a range at a time', async () => {
    const id = fromHex(world.stream);
    reader.mine(world.streams(OWNER, streams.encodeRegister(world.newStream(1n), world.plan)));
    reader.mine(world.channels(PAYER, channels.encodeOpen(world.newChannel(0n)), CPC));
    reader.mine(world.gateways(OPERATOR, gateways.encodeSetEndpoints(world.gateway, ['wss://b'])));
    const channelId = world.open(CPC);
    reader.mine(world.redeem(world.voucher(channelId, 9n)));
    const found: StreamEvent[] = [];
    const parts: bigint[] = [];
    for await (const { upTo, events } of scanStreamEvents(reader, chain.contracts, { fromBlock: 1n, toBlock: reader.head().number })) {
      parts.push(upTo);
      found.push(...events);
    }
    expect(found.map(({ contract, event }) => `${contract} ${event.name}`)).toEqual([
      'stream StreamRegistered', 'stream StreamMeta', 'stream GatewaysSet', 'stream PlanSet', 'channel ChannelOpened', 'gateway GatewaySet', 'channel ChannelRedeemed',
    ]);
    expect(parts).toEqual([500n, 1_000n, 1_500n, 1_601n]);
    expect(reader.ranges).toEqual([[1n, 500n], [501n, 1_000n], [1_001n, 1_500n], [1_501n, 1_601n]]);
    const [plan, redeemed] = [found[3], found[6]];
    expect([plan?.event, redeemed?.event]).toMatchObject([{ planHash: world.planHash(), plan: world.plan }, { stream: toHex(id), channel: channelId, amount: 9n, paid: 9n, fee: 0n, payer: PAYER satisfies Hex }]);
  });
});
