/**
 * The publisher of one stream: rows of its sources are on disk before they are acknowledged, are sealed and signed in batches that are on
 * disk before any gateway sees them, and go to every gateway that the stream names until each has them (docs/protocol/11 §4.11).
 */
import { join } from 'node:path';
import { equal, toHex, type Bytes } from '../../base/bytes.ts';
import { millis, toMillis, type Clock, type Millis } from '../../base/clock.ts';
import { CodedError, isCoded, toCoded } from '../../base/errors.ts';
import type { FilePort } from '../../base/files.ts';
import type { Logger } from '../../base/logger.ts';
import type { GatewayClient } from '../client/gateway-client.ts';
import type { PublisherChain, StreamRecord } from '../stream-chain.ts';
import type { StreamPosition } from '../format/seal-run.ts';
import { FreeSample } from './free-sample.ts';
import { GatewayEndpoints } from './gateway-endpoints.ts';
import { GatewayLink, type LinkStatus } from './gateway-link.ts';
import { KeyDesk, type Reading } from './key-desk.ts';
import type { PublisherKeys } from './keys.ts';
import { Outbox } from './outbox.ts';
import { ReceiptCheck } from './receipt-check.ts';
import { RowSealer } from './row-sealer.ts';
import type { StreamSchema } from './schema.ts';
import type { RowSink } from './source.ts';
import { Spool } from './spool.ts';
import { startPosition } from './start-position.ts';
import type { StreamAnchor } from './stream-anchor.ts';

export interface PublisherOptions {
  readonly streamId: Bytes;
  /** Of this stream only. */
  readonly folder: string;
  readonly schema: StreamSchema;
  /** A row waits at most so long for others to be signed with it: up to a second. */
  readonly maxDelayMillis: Millis;
  /** Of rows that are not signed yet, and as much again of batches that no gateway has. */
  readonly maxWaitingBytes: number;
  /** Accounts that published the stream before, 20 bytes each: what they signed is gone on behind. */
  readonly formerPublishers?: readonly Bytes[];
  /** An epoch is given to everybody as a free sample when it has been over for so long; none when it is not said. */
  readonly peekDelayMillis?: Millis;
}

export interface PublisherModules {
  readonly chain: PublisherChain;
  readonly keys: PublisherKeys;
  readonly files: FilePort;
  readonly clock: Clock;
  readonly log: Logger;
}

export interface PublisherStatus {
  readonly state: 'starting' | 'publishing' | 'stopped';
  /** Why it stopped by itself. */
  readonly fault: CodedError | null;
  /** Number of the next record. */
  readonly nextSeq: bigint;
  /** Drawn by the run that goes on now, 16 bytes. */
  readonly runId: Bytes | null;
  readonly rowsWaiting: number;
  readonly gateways: readonly LinkStatus[];
  /** Who may read now at any gateway, by what all of them say together. */
  readonly subscribers: readonly Reading[];
}

const FILE_BYTES = 8 * 1024 * 1024;
const KEYS_EVERY_MILLIS = 30_000;

export class Publisher {
  readonly #options: PublisherOptions;
  readonly #modules: PublisherModules;
  readonly #spool: Spool;
  readonly #outbox: Outbox;
  readonly #desk: KeyDesk;
  readonly #sealer: RowSealer;
  readonly #sample: FreeSample | null;
  #links: readonly GatewayLink[] = [];
  #state: PublisherStatus['state'] = 'starting';
  #fault: CodedError | null = null;
  /** Aborts when a list of subscribers changes; then it is another one. */
  #news = new AbortController();

  private constructor(options: PublisherOptions, modules: PublisherModules, parts: { readonly spool: Spool; readonly outbox: Outbox; readonly desk: KeyDesk }) {
    this.#options = options;
    this.#modules = modules;
    this.#spool = parts.spool;
    this.#outbox = parts.outbox;
    this.#desk = parts.desk;
    this.#sealer = new RowSealer({ ...options, schemaVersion: options.schema.version }, { ...modules, ...parts });
    this.#sample = options.peekDelayMillis === undefined ? null : new FreeSample({ delayMillis: options.peekDelayMillis }, modules);
  }

  /** Opens what is on disk; rows can be taken from then on. @throws CodedError<FileErrorCode>, JOURNAL_DAMAGED */
  static async open(options: PublisherOptions, modules: PublisherModules): Promise<Publisher> {
    const fileBytes = Math.min(FILE_BYTES, Math.floor(options.maxWaitingBytes / 8));
    const spool = await Spool.open({ folder: join(options.folder, 'rows'), schema: options.schema, maxBytes: options.maxWaitingBytes, fileBytes }, modules);
    const outbox = await Outbox.open({ folder: join(options.folder, 'batches'), fileBytes }, modules);
    const desk = await KeyDesk.open({ path: join(options.folder, 'keys.json') }, modules);
    return new Publisher(options, modules, { spool, outbox, desk });
  }

  /** Where sources bring their rows. */
  get sink(): RowSink {
    return this.#spool;
  }

  get status(): PublisherStatus {
    return {
      state: this.#state, fault: this.#fault, nextSeq: this.#outbox.position.nextSeq, runId: this.#sealer.runId, rowsWaiting: this.#spool.next - this.#outbox.rowsTo,
      gateways: this.#links.map(({ status }) => status), subscribers: this.#desk.readings,
    };
  }

  /** What gateways of this run gave receipts for last. */
  get anchors(): readonly StreamAnchor[] {
    return this.#links.flatMap(({ anchor }) => anchor ?? []);
  }

  /** No further key goes to this channel. @returns when the last one that it has ends */
  async revoke(channelId: Bytes): Promise<Millis> {
    return this.#desk.revoke(channelId, await this.#record());
  }

  get revoked(): readonly Bytes[] {
    return this.#desk.revoked;
  }

  /** Last epoch whose key this channel was ever handed; null before the first. */
  keysGivenTo(channelId: Bytes, generation: number): number | null {
    return this.#desk.givenTo(channelId, generation);
  }

  /** Until `signal` aborts; may be called again after it has ended. @throws PUBLISHER_FORK, WRONG_PUBLISHER, NO_STREAM, CHAIN_UNREACHABLE, and what `keys` throws */
  async run(signal: AbortSignal): Promise<void> {
    this.#fault = null;
    try {
      // anew when the record of the stream changes: another generation of keys, other gateways
      while (!signal.aborted) await this.#runBy(await this.#record(), signal);
    } catch (error) {
      if (signal.aborted && !isCoded(error, 'PUBLISHER_FORK')) return;
      this.#fault = toCoded(error);
      throw error;
    } finally {
      this.#state = 'stopped';
    }
  }

  /** After `run` has ended. */
  async close(): Promise<void> {
    await this.#spool.close();
    await this.#outbox.close();
    await this.#desk.close();
  }

  async #record(): Promise<StreamRecord> {
    const record = await this.#modules.chain.stream(this.#options.streamId);
    if (record === null) throw new CodedError('NO_STREAM', 'The chain knows no such stream.', { help: 'Register it first, or choose its network.' });
    if (record.status === 'ended') throw new CodedError('NO_STREAM', 'This stream was ended.', { help: 'Register a new one.' });
    if (!equal(record.publisher, this.#modules.keys.address)) throw new CodedError('WRONG_PUBLISHER', 'The chain names another account as the publisher of this stream.', { help: 'Open the wallet that registered it.' });
    return record;
  }

  async #runBy(record: StreamRecord, signal: AbortSignal): Promise<void> {
    const stopping = new AbortController();
    const stop = AbortSignal.any([signal, stopping.signal]);
    const stopListening = this.#modules.chain.onHead(() => {
      // a chain that cannot be read now changes nothing
      void this.#modules.chain.stream(record.streamId).then((now) => (now !== null && isSame(now, record) ? undefined : stopping.abort()), () => undefined);
    });
    try {
      this.#state = 'starting';
      this.#desk.begin(record.gateways);
      this.#links = await this.#link(record);
      const after = await startPosition([this.#outbox.position, ...(await this.#checkpoint())], this.#links, this.#modules.clock, stop);
      if (after === null) return;
      this.#outbox.continueBehind(after);
      this.#state = 'publishing';
      const work = [this.#sealer.run(record, after, stop), ...this.#links.flatMap((link) => [link.run(stop), this.#handKeys(link, stop)])];
      await Promise.all(work.map((one) => one.catch((error: unknown) => {
        stopping.abort();
        throw error;
      })));
    } finally {
      stopListening();
      stopping.abort();
    }
  }

  /** What this publisher wrote on the chain is known also when disk and gateways lost it. */
  async #checkpoint(): Promise<readonly StreamPosition[]> {
    const last = await this.#modules.chain.lastCheckpoint(this.#options.streamId);
    return last === null ? [] : [{ nextSeq: last.lastSeq + 1n, prevBatchHash: last.lastBatchHash }];
  }

  async #link(record: StreamRecord): Promise<readonly GatewayLink[]> {
    const { chain, keys, clock, log } = this.#modules;
    const { streamId } = this.#options;
    const links: GatewayLink[] = [];
    for (const gatewayId of record.gateways) {
      const endpoints = await GatewayEndpoints.open({ gatewayId, streamId }, { chain, clock, signTicket: (ticket) => keys.signTicket(ticket) });
      if (endpoints === null) continue;
      links.push(new GatewayLink({ streamId, publishers: [...(this.#options.formerPublishers ?? []), keys.address], domain: { chainId: chain.chainId, genesisHash: chain.genesisHash, contract: chain.contracts.stream } }, {
        endpoints, receipts: new ReceiptCheck({ gatewayId, streamId }, { chain }), outbox: this.#outbox, clock, log,
        onProgress: () => this.#onProgress(),
        onSubscribers: (subscribers) => {
          this.#desk.hear(toHex(gatewayId), subscribers);
          this.#news.abort();
          this.#news = new AbortController();
        },
      }));
    }
    if (links.length === 0) throw new CodedError('NO_GATEWAY', 'The stream names no gateway that can be reached.', { help: 'Name one in the listing of the stream.' });
    return links;
  }

  /** Drops what every gateway has; above the bound, what one of them has: the others get a gap. */
  #onProgress(): void {
    const numbers = this.#links.map(({ next }) => next ?? 0);
    const everywhere = Math.min(...numbers);
    const number = this.#outbox.bytes > this.#options.maxWaitingBytes ? Math.max(...numbers) : everywhere;
    void this.#outbox.dropBefore(number).then(() => this.#sealer.progressed(), (error: unknown) => this.#modules.log.error('batches that were sent could not be deleted', {}, error));
  }

  /** At one gateway, whose silence costs the readers of the others nothing: when a list of subscribers changes, when an epoch begins, and now and then. */
  async #handKeys(link: GatewayLink, signal: AbortSignal): Promise<void> {
    const place = { id: toHex(link.client.gatewayId), post: (request: Parameters<GatewayClient['putEnvelope']>[1]) => link.client.putEnvelope(this.#options.streamId, request, signal) };
    while (!signal.aborted) {
      const { signal: news } = this.#news;
      const record = await this.#modules.chain.stream(this.#options.streamId).catch(() => null);
      if (record !== null) {
        await this.#desk.serve(record, place);
        await this.#sample?.give(record, link, signal);
      }
      const epoch = record === null ? KEYS_EVERY_MILLIS : toMillis(record.epochSeconds);
      const start = record === null ? 0 : toMillis(record.startSeconds);
      const next = epoch - ((this.#modules.clock.now() - start) % epoch);
      await this.#modules.clock.sleep(millis(Math.min(next, KEYS_EVERY_MILLIS)), AbortSignal.any([signal, news]));
    }
  }
}

function isSame(now: StreamRecord, before: StreamRecord): boolean {
  const { status, generation, gateways } = now;
  return status === before.status && generation === before.generation && gateways.length === before.gateways.length && gateways.every((id, i) => equal(id, before.gateways[i] ?? new Uint8Array(0)));
}
