/**
 * One gateway as a client sees it (docs/protocol/11 §4.13): it has to be the one that the chain names, and every request carries a
 * proof by a key that lives only here. Nothing secret stands in an address.
 */
import { concat, equal, hexOf, toHex, type Bytes } from '../../base/bytes.ts';
import { millis, seconds, toSeconds, type Clock, type Millis } from '../../base/clock.ts';
import { CodedError, isCoded } from '../../base/errors.ts';
import { readJsonBody } from '../../base/json-body.ts';
import type { TicketAction, TicketMessage } from '../../contracts/typed-data.ts';
import { randomBytes, sha256 } from '../../crypto/hash.ts';
import { keccak256 } from '../../crypto/keccak.ts';
import { addressOf, isPrivateKey, sign } from '../../crypto/secp256k1.ts';
import type { z } from 'zod';
import type { StreamChain } from '../stream-chain.ts';
import { proofMessage, socketProofMessage } from '../gateway/proof.ts';
import {
  DEFAULT_TICKET_SECONDS, HEADERS, MAX_WAIT_MILLIS, batchesAnswerSchema, channelAnswerSchema, cursorAnswerSchema, doneSchema, errorSchema, helloSchema, keysAnswerSchema, keysRequestSchema,
  peekAnswerSchema, peekKeyRequestSchema, receiptSchema, streamFactsSchema, subscribersAnswerSchema, ticketAnswerSchema, ticketRequestSchema, usageAnswerSchema,
  voucherSchema, type BatchesAnswer, type ChannelAnswer, type Envelope, type Hello, type KeysRequest, type PeekAnswer, type PeekKeyRequest, type SignedReceipt, type SignedVoucher, type StreamFacts,
  type Subscriber, type UsageAnswer,
} from '../gateway/wire.ts';

export interface GatewayClientOptions {
  /** From the chain's record of the gateway. */
  readonly gatewayId: Bytes;
  /** `https://name` or, on a practice network, `http://127.0.0.1:port`; from the same record. */
  readonly endpoint: string;
  readonly action: TicketAction;
  readonly streams: readonly Bytes[];
  /** The channel; 32 zero bytes to publish. */
  readonly entitlement: Bytes;
}

export interface GatewayClientModules {
  readonly chain: Pick<StreamChain, 'chainId' | 'genesisHash'>;
  readonly signTicket: (ticket: TicketMessage) => Promise<Bytes>;
  readonly clock: Clock;
}

interface Ticket {
  readonly text: string;
  readonly expMillis: Millis;
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly headers: Headers;
}

const TIMEOUT_MILLIS = 15_000;
const MAX_ANSWER_BYTES = 96 * 1024 * 1024;
/** A ticket is not used in its last minute. */
const TICKET_MARGIN_MILLIS = 60_000;
/** Codes after which a new ticket may help. */
const TICKET_OVER = new Set(['ticket_unknown', 'ticket_expired', 'ticket_required', 'nonce_unknown']);
const ENDPOINT = /^https?:\/\/[^/@?#]+$/;

export class GatewayClient {
  readonly gatewayId: Bytes;
  readonly endpoint: string;
  readonly #options: GatewayClientOptions;
  readonly #modules: GatewayClientModules;
  /** Signs proofs; drawn anew for each client and never stored. */
  readonly #clientKey = drawKey();
  /** The gateway's clock less ours. */
  #skewMillis = 0;
  #ticket: Promise<Ticket> | undefined;

  /** @throws BAD_ENDPOINT */
  constructor(options: GatewayClientOptions, modules: GatewayClientModules) {
    const endpoint = options.endpoint.replace(/\/$/, '');
    if (!ENDPOINT.test(endpoint)) throw new CodedError('BAD_ENDPOINT', 'The address of this gateway on the chain is not one that can be used.', { help: 'Use another gateway of the stream.', meta: { endpoint } });
    this.gatewayId = options.gatewayId;
    this.endpoint = endpoint;
    this.#options = options;
    this.#modules = modules;
  }

  /** @throws GATEWAY_UNREACHABLE; WRONG_GATEWAY when it is another one, or follows another chain */
  async hello(signal?: AbortSignal): Promise<Hello> {
    const { chain, clock } = this.#modules;
    const hello = read(helloSchema, (await this.#send('GET', '/v1/hello', null, {}, signal)).body);
    const isOurs = equal(hello.gatewayId, this.gatewayId) && hello.chainId === chain.chainId && equal(hello.genesisHash, chain.genesisHash);
    if (!isOurs) throw new CodedError('WRONG_GATEWAY', 'What answers at the address of this gateway is another one.', { help: 'Use another gateway of the stream, and tell the operator.', meta: { endpoint: this.endpoint } });
    this.#skewMillis = hello.time - clock.now();
    return hello;
  }

  /** Open to all. */
  async facts(streamId: Bytes, signal?: AbortSignal): Promise<StreamFacts> {
    return read(streamFactsSchema, (await this.#send('GET', `/v1/streams/${toHex(streamId)}`, null, {}, signal)).body);
  }

  /** Open to all, within the gateway's allowance. */
  async peek(streamId: Bytes, signal?: AbortSignal): Promise<PeekAnswer> {
    return read(peekAnswerSchema, (await this.#send('GET', `/v1/streams/${toHex(streamId)}/peek`, null, {}, signal)).body);
  }

  /** @param options.gap says that the frames between the last batch and this one are lost for good */
  async publish(streamId: Bytes, batch: Bytes, options: { readonly gap: boolean }, signal?: AbortSignal): Promise<SignedReceipt> {
    return read(receiptSchema, (await this.#proved('POST', `/v1/streams/${toHex(streamId)}/batches${options.gap ? '?gap=allow' : ''}`, batch, signal)).body);
  }

  /** @param cursor `live`, `earliest`, or what an answer of this gateway gave @returns with the units owed */
  async batches(streamId: Bytes, query: { readonly cursor: string; readonly max: number; readonly waitMillis: Millis }, signal?: AbortSignal): Promise<BatchesAnswer & { readonly owed: bigint }> {
    const wait = Math.min(query.waitMillis, MAX_WAIT_MILLIS);
    const { body, headers } = await this.#proved('GET', `/v1/streams/${toHex(streamId)}/batches?cursor=${query.cursor}&max=${query.max}&waitMs=${wait}`, null, signal, TIMEOUT_MILLIS + wait);
    return { ...read(batchesAnswerSchema, body), owed: BigInt(headers.get(HEADERS.owed) ?? 0) };
  }

  /** The place of the first batch at or after a time. */
  async cursorAt(streamId: Bytes, time: Millis, signal?: AbortSignal): Promise<string> {
    return read(cursorAnswerSchema, (await this.#proved('GET', `/v1/streams/${toHex(streamId)}/at?ts=${time}`, null, signal)).body).cursor;
  }

  /** Those for this channel that touch the epochs. */
  async envelopes(streamId: Bytes, from: number, to: number, signal?: AbortSignal): Promise<readonly Envelope[]> {
    return read(keysAnswerSchema, (await this.#proved('GET', `/v1/streams/${toHex(streamId)}/keys?from=${from}&to=${to}`, null, signal)).body).envelopes;
  }

  async putEnvelope(streamId: Bytes, request: KeysRequest, signal?: AbortSignal): Promise<void> {
    read(doneSchema, (await this.#proved('POST', `/v1/streams/${toHex(streamId)}/keys`, json(keysRequestSchema.encode(request)), signal)).body);
  }

  async putPeekKey(streamId: Bytes, request: PeekKeyRequest, signal?: AbortSignal): Promise<void> {
    read(doneSchema, (await this.#proved('POST', `/v1/streams/${toHex(streamId)}/peek-key`, json(peekKeyRequestSchema.encode(request)), signal)).body);
  }

  async subscribers(streamId: Bytes, signal?: AbortSignal): Promise<readonly Subscriber[]> {
    return read(subscribersAnswerSchema, (await this.#proved('GET', `/v1/streams/${toHex(streamId)}/subscribers`, null, signal)).body).subscribers;
  }

  async sendVoucher(voucher: SignedVoucher, signal?: AbortSignal): Promise<ChannelAnswer> {
    return read(channelAnswerSchema, (await this.#proved('POST', `/v1/channels/${toHex(voucher.channelId)}/voucher`, json(voucherSchema.encode(voucher)), signal)).body);
  }

  async channel(channelId: Bytes, signal?: AbortSignal): Promise<ChannelAnswer> {
    return read(channelAnswerSchema, (await this.#proved('GET', `/v1/channels/${toHex(channelId)}/voucher`, null, signal)).body);
  }

  async usage(signal?: AbortSignal): Promise<UsageAnswer> {
    return read(usageAnswerSchema, (await this.#proved('GET', '/v1/usage', null, signal)).body);
  }

  /** What AUTH on a socket of this gateway needs. */
  async proveSocket(challenge: Bytes, signal?: AbortSignal): Promise<{ readonly ticket: string; readonly proof: Bytes }> {
    const { text } = await this.#currentTicket(signal);
    return { ticket: text, proof: this.#prove(socketProofMessage(text, challenge)) };
  }

  /** The gateway does not take the ticket any more: the next request gets another one. */
  forgetTicket(): void {
    this.#ticket = undefined;
  }

  async #proved(method: 'GET' | 'POST', target: string, body: Bytes | null, signal?: AbortSignal, timeout?: number): Promise<Answer> {
    try {
      return await this.#provedOnce(method, target, body, signal, timeout);
    } catch (error) {
      if (!isCoded(error) || !TICKET_OVER.has(error.code)) throw error;
      this.forgetTicket();
      return await this.#provedOnce(method, target, body, signal, timeout);
    }
  }

  async #provedOnce(method: 'GET' | 'POST', target: string, body: Bytes | null, signal?: AbortSignal, timeout?: number): Promise<Answer> {
    const { text: ticket } = await this.#currentTicket(signal);
    const time = this.#modules.clock.now() + this.#skewMillis;
    const random = randomBytes(16);
    const proof = this.#prove(proofMessage({ ticket, method, target, bodySha256: sha256(body ?? new Uint8Array(0)), time, random }));
    const headers = { [HEADERS.ticket]: ticket, [HEADERS.time]: String(time), [HEADERS.random]: hexOf(random), [HEADERS.proof]: hexOf(proof) };
    return this.#send(method, target, body, headers, signal, timeout);
  }

  #prove(message: Bytes): Bytes {
    const signature = sign(keccak256(message), this.#clientKey);
    return concat(signature.subarray(0, 64), Uint8Array.of(27 + (signature[64] ?? 0)));
  }

  async #currentTicket(signal?: AbortSignal): Promise<Ticket> {
    const known = await this.#ticket?.catch(() => undefined);
    if (known !== undefined && known.expMillis - TICKET_MARGIN_MILLIS > this.#modules.clock.now() + this.#skewMillis) return known;
    const asking = (this.#ticket = this.#askTicket(signal));
    try {
      return await asking;
    } catch (error) {
      if (this.#ticket === asking) this.#ticket = undefined;
      throw error;
    }
  }

  async #askTicket(signal?: AbortSignal): Promise<Ticket> {
    const { chain, signTicket } = this.#modules;
    const { gatewayId, action, streams, entitlement } = this.#options;
    const { nonce, time } = await this.hello(signal);
    const expirySeconds = seconds(toSeconds(millis(time)) + DEFAULT_TICKET_SECONDS);
    const clientKey = addressOf(this.#clientKey);
    const signature = await signTicket({ gatewayId, nonce, streams, action, entitlement, clientKey, expirySeconds });
    const request = { chainId: chain.chainId, genesisHash: chain.genesisHash, gateway: gatewayId, nonce, streams: [...streams], action, entitlement, clientKey, expSeconds: expirySeconds, signature };
    const { ticket, expSeconds } = read(ticketAnswerSchema, (await this.#send('POST', '/v1/ticket', json(ticketRequestSchema.encode(request)), {}, signal)).body);
    return { text: ticket, expMillis: millis(expSeconds * 1000) };
  }

  async #send(method: 'GET' | 'POST', target: string, body: Bytes | null, headers: Record<string, string>, signal?: AbortSignal, timeout = TIMEOUT_MILLIS): Promise<Answer> {
    const limit = AbortSignal.any([AbortSignal.timeout(timeout), ...(signal === undefined ? [] : [signal])]);
    const isBatch = body !== null && target.includes('/batches');
    const content = body === null ? {} : { body: Uint8Array.from(body), headers: { ...headers, 'Content-Type': isBatch ? 'application/octet-stream' : 'application/json' } };
    let answer: Answer;
    try {
      const response = await fetch(`${this.endpoint}${target}`, { method, headers, redirect: 'error', signal: limit, ...content });
      const json = await readJsonBody(response, MAX_ANSWER_BYTES);
      if (json === undefined) throw this.#unreachable('its answer is too large');
      answer = { status: response.status, headers: response.headers, body: json };
    } catch (error) {
      signal?.throwIfAborted();
      throw isCoded(error) ? error : this.#unreachable('it does not answer', error);
    }
    if (answer.status === 200) return answer;
    throw refusalOf(answer.body) ?? this.#unreachable(`it answers with ${answer.status}`);
  }

  #unreachable(why: string, cause?: unknown): CodedError {
    return new CodedError('GATEWAY_UNREACHABLE', `The gateway at ${this.endpoint} cannot be used now: ${why}.`, { help: 'It is tried again; another gateway of the stream is used meanwhile if there is one.', meta: { endpoint: this.endpoint }, cause });
  }
}

/** What a gateway refuses with, as an error of its code; meta.retry says whether it may be tried again. Null for what is no such answer. */
export function refusalOf(body: unknown): CodedError | null {
  const parsed = errorSchema.safeParse(body);
  if (!parsed.success) return null;
  const { code, message, help, retry, retryAfterMillis, meta } = parsed.data;
  return new CodedError(code, message, { help, meta: { ...meta, retry, retryAfterMillis: retryAfterMillis ?? null } });
}

function read<Schema extends z.ZodType>(schema: Schema, body: unknown): z.output<Schema> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new CodedError('GATEWAY_UNREACHABLE', 'The gateway answers in a form that this program does not know.', { help: 'Use another gateway of the stream, or a newer version of this program.' });
}

function json(value: unknown): Bytes {
  return Buffer.from(JSON.stringify(value));
}

function drawKey(): Bytes {
  for (;;) {
    const key = randomBytes(32);
    if (isPrivateKey(key)) return key;
  }
}
