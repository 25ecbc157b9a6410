/** Tickets: who may ask for one, and the proof that comes with every request (docs/protocol/11 §4.13, "Tickets"). */
import { concat, equal, isZero, type Bytes } from '../../base/bytes.ts';
import { millis, seconds, toSeconds, type Clock, type Millis } from '../../base/clock.ts';
import { ticketDigest, type TypedDomain } from '../../contracts/typed-data.ts';
import { keccak256 } from '../../crypto/keccak.ts';
import { randomBytes, sha256 } from '../../crypto/hash.ts';
import { recoverAddress } from '../../crypto/secp256k1.ts';
import { typedSigner, type TypedSigner } from '../../crypto/typed-signer.ts';
import type { StreamChain } from '../stream-chain.ts';
import type { Nonces } from './nonces.ts';
import { proofMessage, socketProofMessage } from './proof.ts';
import { refusal } from './refusal.ts';
import type { Rights } from './rights.ts';
import type { GatewayStore, TicketRecord } from './store.ts';
import { HEADERS, MAX_TICKET_SECONDS, PROOF_SKEW_MILLIS, ticketSchema, type TicketAnswer, type TicketRequest } from './wire.ts';

/** A ticket in use. */
export interface Holder extends TicketRecord {
  /** SHA-256 of the ticket: its name in books and counters. */
  readonly id: Bytes;
}

export interface ProvedRequest {
  readonly method: string;
  /** Path and query as they were sent. */
  readonly target: string;
  readonly body: Bytes;
}

/** What a request says of its ticket, before it is proved. */
export interface ProofClaim {
  readonly holder: Holder;
  readonly ticket: string;
  readonly time: Millis;
  readonly random: Bytes;
  readonly proof: Bytes;
}

export interface TicketModules {
  readonly chain: StreamChain;
  readonly store: GatewayStore;
  readonly nonces: Nonces;
  readonly rights: Rights;
  readonly clock: Clock;
}

const RANDOM = /^[0-9a-f]{32}$/;
const PROOF = /^[0-9a-f]{130}$/;
const TIME = /^[0-9]{1,15}$/;

export class Tickets {
  readonly #gatewayId: Bytes;
  readonly #domain: TypedDomain;
  readonly #modules: TicketModules;

  /** @param options.domain of PDGateway */
  constructor(options: { readonly gatewayId: Bytes; readonly domain: TypedDomain }, modules: TicketModules) {
    this.#gatewayId = options.gatewayId;
    this.#domain = options.domain;
    this.#modules = modules;
  }

  /** @returns the answer and who signed it. @throws wrong_chain, wrong_gateway, nonce_unknown, ticket_expired, ticket_forged, and what `Rights` refuses */
  async give(request: TicketRequest): Promise<{ readonly answer: TicketAnswer; readonly record: TicketRecord; readonly signer: TypedSigner }> {
    const { chain, store, nonces, rights, clock } = this.#modules;
    if (request.chainId !== chain.chainId || !equal(request.genesisHash, chain.genesisHash)) throw refusal('wrong_chain');
    if (!equal(request.gateway, this.#gatewayId)) throw refusal('wrong_gateway');
    const now = toSeconds(clock.now());
    if (request.expSeconds <= now) throw refusal('ticket_expired');
    if (request.expSeconds > now + MAX_TICKET_SECONDS + PROOF_SKEW_MILLIS / 1000) throw refusal('bad_request', { why: 'expSeconds' });
    const isPublishing = request.action === 'publish';
    if (isPublishing !== isZero(request.entitlement) || (!isPublishing && request.streams.length !== 1)) throw refusal('bad_request', { why: 'entitlement' });
    const signer = typedSigner(ticketDigest(this.#domain, { ...request, gatewayId: request.gateway, expirySeconds: seconds(request.expSeconds) }), request.signature);
    if (signer === null) throw refusal('ticket_forged');
    const record = { ...request, expirySeconds: seconds(request.expSeconds), address: signer.address };
    for (const stream of request.streams) {
      if (isPublishing) await rights.publishing(stream, signer.address, 'ticket_forged');
      else await rights.reading(stream, request.entitlement, signer.address);
    }
    if (!nonces.use(request.nonce)) throw refusal('nonce_unknown');
    const ticket = randomBytes(32);
    store.putTicket(sha256(ticket), record);
    return { answer: { ticket: Buffer.from(ticket).toString('base64url'), expSeconds: request.expSeconds }, record, signer };
  }

  /** What the headers of a request claim: a ticket that is known, at about this time. @throws ticket_required, ticket_unknown, ticket_expired, clock_skew, proof_forged */
  claimed(headers: Readonly<Record<string, string | undefined>>): ProofClaim {
    const ticket = headers[HEADERS.ticket];
    const [time, random, proof] = [headers[HEADERS.time] ?? '', headers[HEADERS.random] ?? '', headers[HEADERS.proof] ?? ''];
    if (ticket === undefined) throw refusal('ticket_required');
    if (!TIME.test(time) || !RANDOM.test(random) || !PROOF.test(proof)) throw refusal('proof_forged');
    const holder = this.#holder(ticket);
    const now = this.#modules.clock.now();
    if (Math.abs(Number(time) - now) > PROOF_SKEW_MILLIS) throw refusal('clock_skew', { time: now });
    return { holder, ticket, time: millis(Number(time)), random: Buffer.from(random, 'hex'), proof: Buffer.from(proof, 'hex') };
  }

  /** The holder of the ticket that a request proves. @throws proof_forged, proof_replayed */
  proved({ holder, ticket, time, random, proof }: ProofClaim, { method, target, body }: ProvedRequest): Holder {
    this.#check(holder, proofMessage({ ticket, method, target, bodySha256: sha256(body), time, random }), proof);
    // as long as its time is taken
    if (!this.#modules.store.once(concat(holder.id, random), millis(time + 2 * PROOF_SKEW_MILLIS))) throw refusal('proof_replayed');
    return holder;
  }

  /** The same for a socket's challenge. */
  provedSocket(ticket: string, challenge: Bytes, proof: Bytes): Holder {
    const holder = this.#holder(ticket);
    this.#check(holder, socketProofMessage(ticket, challenge), proof);
    return holder;
  }

  #holder(ticket: string): Holder {
    if (!ticketSchema.safeParse(ticket).success) throw refusal('ticket_unknown');
    const id = sha256(Buffer.from(ticket, 'base64url'));
    const record = this.#modules.store.ticket(id);
    if (record === undefined) throw refusal('ticket_unknown');
    if (record.expirySeconds <= toSeconds(this.#modules.clock.now())) throw refusal('ticket_expired');
    return { ...record, id };
  }

  #check({ clientKey }: Holder, message: Bytes, proof: Bytes): void {
    // r ‖ s ‖ 27 or 28 as in typed data, or ‖ 0 or 1 as the curve's library says it
    const v = proof[64] ?? 0;
    const signature = concat(proof.subarray(0, 64), Uint8Array.of(v >= 27 ? v - 27 : v));
    const signer = recoverAddress(keccak256(message), signature);
    if (signer === null || !equal(signer, clientKey)) throw refusal('proof_forged');
  }
}
