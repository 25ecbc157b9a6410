/**
 * Reads a stream: verifies, decrypts, pays for what arrived and no more, goes on where it stood, and changes to another gateway of the
 * stream when one fails (docs/protocol/11 §4.11-§4.13).
 */
import type { Bytes } from '../../base/bytes.ts';
import { millis, type Clock } from '../../base/clock.ts';
import { CodedError, isCoded, toCoded } from '../../base/errors.ts';
import type { Logger } from '../../base/logger.ts';
import { KnownDomain } from '../../contracts/typed-data.ts';
import type { StreamSchema } from '../publisher/schema.ts';
import type { StreamChain } from '../stream-chain.ts';
import { GatewaySession } from './gateway-session.ts';
import { Intake, isOfOtherAccount, type Chunk } from './intake.ts';
import { KeptReader } from './kept-reader.ts';
import type { SubscriberKeys } from './keys.ts';
import { Payer } from './payer.ts';
import type { ReaderStore } from './reader-store.ts';
import { rowOf, type StreamRow } from './row.ts';
import { Standstill } from './standstill.ts';
import type { StreamEvent } from './stream-event.ts';
import { Subscription } from './subscription.ts';

export type { StreamEvent } from './stream-event.ts';

export interface ConnectOptions {
  readonly streamId: Bytes;
  readonly channelId: Bytes;
  /** Where a reader begins that never read this stream; by the message `earliest` is the first epoch that its keys open. */
  readonly begin: 'live' | 'earliest';
  readonly schema: StreamSchema;
  /** Base units a day (UTC); null for no other bound than the deposit. */
  readonly dailyCap: bigint | null;
  /** Ends the reading, after the row that is in hand. */
  readonly signal?: AbortSignal;
}

export interface ConnectModules {
  readonly chain: StreamChain;
  readonly keys: SubscriberKeys;
  readonly store: ReaderStore;
  readonly clock: Clock;
  readonly log: Logger;
  readonly onEvent?: (event: StreamEvent) => void;
}

const TICK_MILLIS = 250;
const RETRY_MILLIS = 500;
const MAX_RETRY_MILLIS = 15_000;

/** `for await (const { row } of connectStream(options, modules))`: ends when the stream has ended. @throws what no gateway will change */
export function connectStream(options: ConnectOptions, modules: ConnectModules): AsyncIterable<StreamRow> {
  return { [Symbol.asyncIterator]: () => rowsOf(options, modules) };
}

async function* rowsOf(options: ConnectOptions, modules: ConnectModules): AsyncGenerator<StreamRow, void, undefined> {
  const { streamId, channelId, schema, signal } = options;
  const kept = await KeptReader.open(modules);
  const subscription = await Subscription.open({ streamId, channelId }, modules);
  const connection = new StreamConnection(options, { ...modules, kept, subscription });
  try {
    for (let chunk = await connection.next(); chunk !== null; chunk = await connection.next()) {
      let handed = 0;
      try {
        // in this loop itself: every row would pass through the promises of each generator around it
        for (const record of chunk.records) {
          if (signal?.aborted === true) return;
          handed += 1;
          yield rowOf(record, schema);
        }
      } finally {
        connection.handed(chunk, handed);
      }
      await connection.passed(chunk);
    }
  } finally {
    await connection.close();
  }
}

/** A reading that goes on until it is closed. */
class StreamConnection {
  readonly #options: ConnectOptions;
  readonly #modules: ConnectModules & { readonly kept: KeptReader; readonly subscription: Subscription };
  readonly #payer: Payer;
  readonly #intake: Intake;
  readonly #stop = new AbortController();
  readonly #standstill: Standstill;
  readonly #chunks: Chunk[] = [];
  /** Chunks that came and were not handed on whole. */
  #unhanded = 0;
  readonly #running: Promise<unknown>;
  readonly #onAbort = (): void => this.#finish(null);
  #more: () => void = () => undefined;
  #end: { readonly error: CodedError | null } | null = null;
  #session: GatewaySession | null = null;

  constructor(options: ConnectOptions, modules: ConnectModules & { readonly kept: KeptReader; readonly subscription: Subscription }) {
    const { chain, kept, subscription, clock } = modules;
    const { streamId, begin } = options;
    this.#options = options;
    this.#modules = modules;
    this.#standstill = new Standstill({ clock });
    this.#payer = new Payer(options, { ...modules, send: (voucher) => this.#session?.send({ type: 'VOUCHER', ...voucher }), tell: (event) => this.#tell(event) });
    const domain = new KnownDomain({ chainId: chain.chainId, genesisHash: chain.genesisHash, contract: chain.contracts.stream });
    const isFromZero = begin === 'earliest' && subscription.record.plan.kind === 'period'; // by the message it begins with whatever its keys open
    const after = kept.state.position ?? (isFromZero ? { nextSeq: 0n, prevBatchHash: null } : null);
    this.#intake = new Intake({ streamId, domain, publisher: subscription.record.stream.publisher, after }, { clock, payer: this.#payer, hand: (chunk) => this.#hand(chunk), tell: (event) => this.#tell(event) });
    options.signal?.addEventListener('abort', this.#onAbort, { once: true });
    const fail = (error: unknown): void => this.#finish(toCoded(error));
    this.#running = Promise.all([this.#run().then(() => this.#finish(null), fail), this.#tick().catch(fail)]);
  }

  /** What is to be handed on next; null at the end. @throws what ended it */
  async next(): Promise<Chunk | null> {
    for (;;) {
      if (this.#options.signal?.aborted === true) return null;
      const chunk = this.#chunks.shift();
      if (chunk !== undefined) return chunk;
      if (this.#end !== null) {
        if (this.#end.error !== null) throw this.#end.error;
        return null;
      }
      await new Promise<void>((resolve) => (this.#more = resolve));
    }
  }

  /** All its records were handed on. */
  async passed({ records, release }: Chunk): Promise<void> {
    const { kept } = this.#modules;
    this.#unhanded -= 1;
    release();
    const last = records.at(-1);
    if (last !== undefined) this.#payer.read(last.epoch);
    if (kept.state.timeMillis > 0) await kept.saveSometimes();
  }

  /** Everything is paid and written down. */
  async close(): Promise<void> {
    this.#options.signal?.removeEventListener('abort', this.#onAbort);
    await this.#payer.settled; // a voucher that is being signed still reaches the gateway, which would else count it as a debt
    this.#stop.abort();
    await this.#running;
    await this.#payer.settled;
    await this.#modules.kept.save();
  }

  /** Where the reader stands when so many records of a chunk were handed on. */
  handed({ records, position, cursor }: Chunk, handed: number): void {
    const { kept } = this.#modules;
    const { cursors, timeMillis, counted } = kept.state;
    const last = records[handed - 1];
    const isWhole = handed === records.length;
    if (isWhole) kept.change({ position });
    else if (last !== undefined) kept.change({ position: { nextSeq: last.seq + 1n, prevBatchHash: null } });
    if (isWhole && cursor !== null) kept.change({ cursors: { ...cursors, [cursor.gateway]: cursor.text } });
    kept.change({ timeMillis: last?.timeMillis ?? timeMillis, counted: counted + BigInt(handed) });
  }

  #hand(chunk: Chunk): void {
    this.#chunks.push(chunk);
    this.#unhanded += 1;
    this.#more();
  }

  #finish(error: CodedError | null): void {
    this.#end ??= { error };
    this.#more();
  }

  #tell(event: StreamEvent): void {
    this.#modules.onEvent?.(event);
  }

  /** Time passes whether a gateway is there or not. */
  async #tick(): Promise<void> {
    const { signal } = this.#stop;
    while (!isAborted(signal)) {
      await this.#modules.clock.sleep(millis(TICK_MILLIS), signal);
      this.#intake.tick();
      this.#payer.tick();
      if (this.#standstill.isDue({ counted: this.#payer.counted, waits: this.#intake.waits || this.#unhanded > 0 })) this.#session?.beginAnew();
    }
  }

  /** One gateway after the other, until the stream has ended. @throws when every gateway refuses for good */
  async #run(): Promise<void> {
    const { clock, subscription } = this.#modules;
    const { signal } = this.#stop;
    let pause = RETRY_MILLIS;
    while (!signal.aborted) {
      const { gateways } = (await subscription.refresh()).stream;
      const refusals = new Map<Bytes, CodedError>(); // by what stands in `gateways` itself, so that one that is named twice counts twice
      for await (const { gatewayId, endpoint } of this.#places(gateways)) {
        if (refusals.has(gatewayId)) continue;
        const began = clock.now();
        let error = await this.#read(gatewayId, endpoint);
        while (isCoded(error, 'READING_STANDS') || (await this.#isAccountNew(error))) error = await this.#read(gatewayId, endpoint);
        if (isAborted(signal) || isCoded(error, 'stream_retired')) return;
        this.#tell({ type: 'disconnected', endpoint, error });
        if (error.meta['retry'] === 'never') refusals.set(gatewayId, error);
        if (clock.now() - began > MAX_RETRY_MILLIS) pause = RETRY_MILLIS;
      }
      if (gateways.length === 0) throw new CodedError('NO_GATEWAY', 'The stream names no gateway.', { help: 'Ask its publisher.' });
      const [refusal] = refusals.values();
      if (refusals.size === gateways.length && refusal !== undefined) throw refusal;
      await clock.sleep(millis(pause), signal);
      pause = Math.min(2 * pause, MAX_RETRY_MILLIS);
    }
  }

  /** First addresses before second ones: another gateway answers sooner than another address of one that is gone. Each is asked of the chain when its turn comes. */
  async *#places(gateways: readonly Bytes[]): AsyncGenerator<{ readonly gatewayId: Bytes; readonly endpoint: string }> {
    let isMore = true;
    for (let turn = 0; isMore; turn++) {
      isMore = false;
      for (const gatewayId of gateways) {
        const endpoints = (await this.#modules.chain.gateway(gatewayId).catch(() => null))?.endpoints ?? [];
        const endpoint = endpoints[turn];
        isMore ||= turn + 1 < endpoints.length;
        if (endpoint !== undefined) yield { gatewayId, endpoint };
      }
    }
  }

  /** Whether batches were refused because the stream has another account by now; it is followed then. */
  async #isAccountNew(error: CodedError): Promise<boolean> {
    return isOfOtherAccount(error) && this.#intake.follow((await this.#modules.subscription.refresh()).stream.publisher);
  }

  /** @returns why it ended */
  async #read(gatewayId: Bytes, endpoint: string): Promise<CodedError> {
    const { begin } = this.#options;
    this.#session = new GatewaySession({ gatewayId, endpoint, begin }, { ...this.#modules, intake: this.#intake, payer: this.#payer, standstill: this.#standstill, tell: (event) => this.#tell(event) }, this.#stop.signal);
    return this.#session.run();
  }
}

/** It may have changed since it was last looked at. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}
