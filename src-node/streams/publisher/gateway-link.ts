/** Brings the batches of the outbox to one gateway in their order, and again after every break, until the gateway has them all. */
import { equal, toHex, type Bytes } from '../../base/bytes.ts';
import { millis, type Clock } from '../../base/clock.ts';
import { CodedError, isCoded, type ErrorJson } from '../../base/errors.ts';
import type { Logger } from '../../base/logger.ts';
import type { GatewayClient } from '../client/gateway-client.ts';
import { GatewaySocket } from '../client/gateway-socket.ts';
import { BATCH_HEADER_BYTES, decodeBatchHeader } from '../format/batch.ts';
import type { StreamPosition } from '../format/seal-run.ts';
import type { SignedReceipt, Subscriber } from '../gateway/wire.ts';
import type { GatewayEndpoints } from './gateway-endpoints.ts';
import { ListedSubscribers } from './listed-subscribers.ts';
import type { Outbox, OutboxBatch } from './outbox.ts';
import type { ReceiptCheck } from './receipt-check.ts';
import { provedTail, requireConflict, type ClaimDomain } from './signed-claim.ts';
import type { StreamAnchor } from './stream-anchor.ts';

export interface LinkModules {
  readonly endpoints: GatewayEndpoints;
  readonly receipts: ReceiptCheck;
  readonly outbox: Outbox;
  readonly clock: Clock;
  readonly log: Logger;
  /** The gateway has all batches before this number of the outbox. */
  readonly onProgress: () => void;
  readonly onSubscribers: (subscribers: readonly Subscriber[]) => void;
}

export type LinkState = 'connecting' | 'sending' | 'waiting';

export interface LinkStatus {
  readonly gatewayId: string;
  readonly endpoint: string;
  readonly state: LinkState;
  /** Why it does not send now; null while it does. */
  readonly fault: ErrorJson | null;
  /** Batches that wait for this gateway. */
  readonly waiting: number;
  /** Newest record that it has; null before it said so. */
  readonly acknowledgedSeq: bigint | null;
}

/** Batches on their way at once. */
const IN_FLIGHT = 16;
const RETRY_MILLIS = 1000;
/** Whatever a gateway asks for. */
const LEAST_RETRY_MILLIS = 200;
const MAX_RETRY_MILLIS = 30_000;

export class GatewayLink {
  readonly #own: ClaimDomain;
  readonly #modules: LinkModules;
  #state: LinkState = 'connecting';
  #fault: CodedError | null = null;
  /** Number in the outbox of the first batch that the gateway does not have. */
  #next: number | null = null;
  #acknowledgedSeq: bigint | null = null;
  #newest: { readonly header: Bytes; readonly receipt: SignedReceipt } | null = null;

  readonly #subscribers = new ListedSubscribers();

  /** @param own the stream, and what its batches are signed with */
  constructor(own: ClaimDomain, modules: LinkModules) {
    this.#own = own;
    this.#modules = modules;
  }

  /** Null until the gateway said what it has. */
  get next(): number | null {
    return this.#next;
  }

  /** Of the last batch that it took in this run. */
  get anchor(): StreamAnchor | null {
    return this.#newest === null ? null : { batch: decodeBatchHeader(this.#newest.header).fields, receipt: this.#newest.receipt };
  }

  /** Of the endpoint that is used now. */
  get client(): GatewayClient {
    return this.#modules.endpoints.client;
  }

  get status(): LinkStatus {
    const { client } = this;
    const { outbox } = this.#modules;
    const waiting = outbox.next - (this.#next ?? outbox.first);
    return { gatewayId: toHex(client.gatewayId), endpoint: client.endpoint, state: this.#state, fault: this.#fault?.toJSON() ?? null, waiting, acknowledgedSeq: this.#acknowledgedSeq };
  }

  /** Behind the last batch that the gateway has, which this publisher signed; null while it has none. @throws GATEWAY_UNREACHABLE, WRONG_GATEWAY, BAD_TAIL, and what the gateway refuses with */
  async tail(signal: AbortSignal): Promise<StreamPosition | null> {
    const { endpoints } = this.#modules;
    for (let tried = 1; ; tried++) {
      try {
        await this.client.hello(signal);
        const { tail } = await this.client.facts(this.#own.streamId, signal);
        return provedTail(tail, this.#own);
      } catch (error) {
        if (tried >= endpoints.count || !isAway(error)) throw error;
        await endpoints.next();
      }
    }
  }

  /** Until `signal` aborts. @throws PUBLISHER_FORK when the gateway shows other batches under numbers of ours */
  async run(signal: AbortSignal): Promise<void> {
    let pause = RETRY_MILLIS;
    while (!signal.aborted) {
      const began = this.#modules.clock.now();
      try {
        await this.#session(signal);
      } catch (error) {
        if (isAborted(signal)) return;
        if (isFork(error)) throw error;
        if (!isCoded(error)) throw error;
        if (this.#fault?.code !== error.code) this.#modules.log.warn('a gateway takes nothing now', { endpoint: this.client.endpoint, code: error.code });
        this.#fault = error;
        if (isAway(error)) await this.#modules.endpoints.next();
        this.#state = 'waiting';
        if (this.#modules.clock.now() - began > MAX_RETRY_MILLIS) pause = RETRY_MILLIS;
        const asked = error.meta['retryAfterMillis'];
        await this.#modules.clock.sleep(millis(Math.min(typeof asked === 'number' ? Math.max(asked, LEAST_RETRY_MILLIS) : pause, MAX_RETRY_MILLIS)), signal);
        pause = Math.min(2 * pause, MAX_RETRY_MILLIS);
      }
    }
  }

  async #session(signal: AbortSignal): Promise<void> {
    const { log } = this.#modules;
    this.#state = 'connecting';
    let expected = this.#place(await this.tail(signal));
    const { client } = this;
    const socket = await GatewaySocket.open(client, {
      onData: () => undefined,
      onFrame: (frame) => {
        if (frame.type === 'SUBSCRIBERS' && equal(frame.stream, this.#own.streamId)) this.#modules.onSubscribers(this.#subscribers.take(frame));
        if (frame.type === 'BYE') log.info('a gateway ends the connection', { endpoint: client.endpoint, reason: frame.reason });
      },
    }, signal);
    this.#state = 'sending';
    this.#fault = null;
    const failed = new AbortController();
    const done = AbortSignal.any([signal, failed.signal]);
    const fail = (error: unknown): void => failed.abort(error);
    void socket.closed.then(fail);
    const flying = new Set<Promise<void>>();
    let inOrder = Promise.resolve();
    try {
      for (let number = this.#next ?? 0; !done.aborted; ) {
        const batch = await this.#modules.outbox.batch(number);
        if (batch === null || flying.size >= IN_FLIGHT) {
          await (batch === null ? this.#grown(done) : Promise.race([...flying, aborted(done)]));
          continue;
        }
        inOrder = Promise.all([socket.publish(batch.bytes, { gap: batch.firstSeq !== expected }), inOrder]).then(([receipt]) => this.#took(batch, receipt));
        const sent = inOrder.catch((error: unknown) => fail(this.#refused(error, batch))).finally(() => flying.delete(sent));
        flying.add(sent);
        expected = batch.nextSeq;
        number = batch.number + 1;
      }
    } finally {
      socket.close();
    }
    if (failed.signal.aborted && !signal.aborted) throw failed.signal.reason;
  }

  /** @throws BAD_RECEIPT, CHAIN_UNREACHABLE */
  async #took(batch: OutboxBatch, receipt: SignedReceipt): Promise<void> {
    const { receipts, onProgress } = this.#modules;
    await receipts.require(receipt, batch);
    this.#next = batch.number + 1;
    this.#acknowledgedSeq = batch.nextSeq - 1n;
    this.#newest = { header: Uint8Array.from(batch.bytes.subarray(0, BATCH_HEADER_BYTES)), receipt };
    onProgress();
  }

  /** Where to send on. @returns the number that the gateway expects @throws PUBLISHER_FORK */
  #place(tail: StreamPosition | null): bigint {
    const { outbox } = this.#modules;
    const next = tail === null ? outbox.first : outbox.after(tail);
    if (next === 'fork') throw fork(tail?.nextSeq ?? 0n);
    this.#next = next;
    this.#acknowledgedSeq = tail === null ? null : tail.nextSeq - 1n;
    this.#modules.onProgress();
    return tail?.nextSeq ?? 0n;
  }

  /** Why a batch was refused; what the gateway only says of it is held against the gateway. */
  #refused(error: unknown, batch: OutboxBatch): unknown {
    if (!isCoded(error, 'batch_conflict')) return error;
    try {
      requireConflict(batch, error.meta['header'], this.#own);
      return fork(batch.firstSeq);
    } catch (unproved) {
      return unproved;
    }
  }

  #grown(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        off();
        signal.removeEventListener('abort', done);
        resolve();
      };
      const off = this.#modules.outbox.onGrown(done);
      signal.addEventListener('abort', done, { once: true });
      if (signal.aborted) done();
    });
  }
}

/** It may have changed since it was last looked at. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => (signal.aborted ? resolve() : signal.addEventListener('abort', () => resolve(), { once: true })));
}

/** Nothing, or another one, answers at this endpoint of the gateway. */
function isAway(error: unknown): boolean {
  return isCoded(error, 'GATEWAY_UNREACHABLE') || isCoded(error, 'WRONG_GATEWAY');
}

function fork(seq: bigint): CodedError {
  return new CodedError('PUBLISHER_FORK', 'A gateway has other batches of this stream, signed with the same key, than this program. It publishes no more.', {
    help: 'Let one program only publish this stream. If it was restored from a copy, start it again: it goes on behind what the gateways have.',
    meta: { seq: seq.toString() },
  });
}

function isFork(error: unknown): boolean {
  return isCoded(error, 'PUBLISHER_FORK');
}
