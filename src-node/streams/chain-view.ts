/**
 * Streams, plans, channels and gateways over the chain reader. What is asked for is read once for each head: a gateway looks at
 * the same few records for every batch and every request.
 */
import { hexOf, fromHex, toHex, type Bytes, type Hex } from '../base/bytes.ts';
import { seconds, type Millis } from '../base/clock.ts';
import type { ChainReader } from '../chain/reader.ts';
import * as channelBinding from '../contracts/bindings/pd-channel.gen.ts';
import * as gatewayBinding from '../contracts/bindings/pd-gateway.gen.ts';
import * as streamBinding from '../contracts/bindings/pd-stream.gen.ts';
import { revertError } from '../contracts/revert-errors.ts';
import type { ChannelRecord, CheckpointRecord, GatewayRecord, PublisherChain, StreamContracts, StreamPlan, StreamRecord } from './stream-chain.ts';

const NOBODY = new Uint8Array(20);
/** Strangers ask gateways for ids of their own making, and a head may last for long. */
const MAX_KEPT = 10_000;

export class ReaderStreamChain implements PublisherChain {
  readonly contracts: StreamContracts;
  readonly #reader: ChainReader;
  readonly #kept = new Map<string, Promise<Bytes>>();
  /** Block that the kept answers are of, in hex. */
  #keptAt = '';

  constructor(modules: { readonly reader: ChainReader; readonly contracts: StreamContracts }) {
    this.#reader = modules.reader;
    this.contracts = modules.contracts;
  }

  get chainId(): bigint {
    return this.#reader.chainId;
  }

  get genesisHash(): Bytes {
    return this.#reader.genesisHash;
  }

  head(): { readonly number: bigint; readonly timeMillis: Millis } | null {
    return this.#reader.head();
  }

  onHead(listener: () => void): () => void {
    return this.#reader.onHead(() => listener());
  }

  async stream(streamId: Bytes): Promise<StreamRecord | null> {
    const found = await this.#stream(streamId);
    if (found.status === 'None') return null;
    return {
      streamId,
      owner: fromHex(found.owner),
      publisher: fromHex(found.publisher),
      status: found.status === 'Ended' ? 'ended' : 'registered',
      generation: found.generation,
      epochSeconds: seconds(found.epochSeconds),
      ahead: found.ahead,
      startSeconds: seconds(found.start),
      metaHash: fromHex(found.metaHash),
      metaUri: found.metaUri,
      gateways: found.gateways.map(fromHex),
    };
  }

  /** Also one that is offered no more: open channels keep theirs. */
  async plan(streamId: Bytes, planHash: Bytes): Promise<StreamPlan | null> {
    const data = await this.#read('stream', streamBinding.encodePlanOf(toHex(streamId), toHex(planHash)));
    const { kind, licenceHash, splitHash, ...rest } = streamBinding.decodePlanOfResult(data);
    if (kind === 'None') return null;
    return { ...rest, planHash, kind: kind === 'Period' ? 'period' : 'metered', licenceHash: fromHex(licenceHash), splitHash: fromHex(splitHash) };
  }

  async channel(channelId: Bytes): Promise<ChannelRecord | null> {
    const found = channelBinding.decodeChannelOfResult(await this.#read('channel', channelBinding.encodeChannelOf(toHex(channelId))));
    if (found.status === 'None') return null;
    return {
      channelId,
      streamId: fromHex(found.streamId),
      planHash: fromHex(found.planHash),
      payer: fromHex(found.payer),
      payerKey: fromHex(found.payerKey),
      status: CHANNEL_STATUS[found.status],
      deposit: found.deposit,
      paid: found.paid,
      expirySeconds: seconds(found.expiry),
    };
  }

  async gateway(gatewayId: Bytes): Promise<GatewayRecord | null> {
    const found = gatewayBinding.decodeGatewayOfResult(await this.#read('gateway', gatewayBinding.encodeGatewayOf(toHex(gatewayId))));
    if (found.status === 'None') return null;
    return {
      gatewayId,
      owner: fromHex(found.owner),
      signer: fromHex(found.signer),
      endpoints: found.endpoints,
      status: GATEWAY_STATUS[found.status],
      logId: found.logId,
    };
  }

  async lastCheckpoint(streamId: Bytes): Promise<CheckpointRecord | null> {
    const { checkpointCount: number } = await this.#stream(streamId);
    if (number === 0) return null;
    const data = await this.#read('stream', streamBinding.encodeCheckpointOf(toHex(streamId), number));
    const { time, generation, epoch, lastSeq, lastBatchHash } = streamBinding.decodeCheckpointOfResult(data);
    return { number, timeSeconds: seconds(time), generation, epoch, lastSeq, lastBatchHash: fromHex(lastBatchHash) };
  }

  async #stream(streamId: Bytes): Promise<streamBinding.Stream> {
    return streamBinding.decodeStreamOfResult(await this.#read('stream', streamBinding.encodeStreamOf(toHex(streamId))));
  }

  /** Answers of one head: whoever asks while the same is on its way waits for it. */
  #read(contract: keyof StreamContracts, data: Bytes): Promise<Bytes> {
    const head = this.#reader.head();
    const at = head === null ? '' : hexOf(head.hash);
    if (at !== this.#keptAt || this.#kept.size >= MAX_KEPT) this.#kept.clear();
    this.#keptAt = at;
    const key = contract + hexOf(data);
    const kept = this.#kept.get(key);
    if (kept !== undefined) return kept;
    const asked = this.#call(contract, data);
    this.#kept.set(key, asked);
    asked.catch(() => {
      if (this.#kept.get(key) === asked) this.#kept.delete(key); // it is asked again
    });
    return asked;
  }

  async #call(contract: keyof StreamContracts, data: Bytes): Promise<Bytes> {
    const outcome = await this.#reader.call({ from: NOBODY, to: this.contracts[contract], data, value: 0n });
    if (!outcome.ok) throw revertError(outcome.data);
    return outcome.data;
  }
}

const CHANNEL_STATUS = { Open: 'open', Closing: 'closing', Closed: 'closed' } as const;
const GATEWAY_STATUS = { Bonded: 'bonded', Paused: 'paused', Leaving: 'leaving', Left: 'left' } as const;

/** As the chain view takes them. */
export function streamContracts(addresses: Readonly<Record<keyof StreamContracts, Hex>>): StreamContracts {
  return { stream: fromHex(addresses.stream), channel: fromHex(addresses.channel), gateway: fromHex(addresses.gateway) };
}
