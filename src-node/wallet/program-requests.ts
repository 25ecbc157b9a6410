/**
 * Requests of other programs, while they wait for the person: in memory only, so that none outlives the program or the connection
 * that made it. What is signed becomes an action as everything else does, and is written down before it leaves.
 */
import { randomUUID } from 'node:crypto';
import { equal, type Bytes } from '../base/bytes.ts';
import { millis, type Clock, type Millis } from '../base/clock.ts';
import { CodedError, invariant } from '../base/errors.ts';
import type { ChainReader } from '../chain/reader.ts';
import type { ActionRecord } from './action.ts';
import type { Outbox } from './outbox.ts';
import type { MessageSigner } from './ports.ts';
import type { Asked, AskedSignature, AskedTransaction, Asker, ProgramRequest } from './program-request.ts';
import type { PreparedProposal, Proposals } from './proposals.ts';

/** How long a program is kept waiting. */
const LIFETIME_MILLIS = millis(5 * 60_000);
/** Of all programs, and of one connection: a person reads one after the other. */
const LIMITS = { all: 8, connection: 3 } as const;

export interface ProgramRequestModules {
  readonly proposals: Proposals;
  readonly outbox: Outbox;
  readonly reader: ChainReader;
  readonly signer: MessageSigner;
  readonly clock: Clock;
  /** Told when a request came or went. */
  readonly onChange: () => void;
}

/** `checking`: not shown yet · `waiting` · `signing`: by a sheet, or signed and on its way to the node. */
type Stage = { readonly kind: 'checking' | 'waiting' } | { readonly kind: 'signing'; readonly action: { readonly id: string; readonly run: Promise<ActionRecord> } | null };

interface Entry {
  readonly request: ProgramRequest;
  readonly asker: Asker;
  readonly answer: PromiseWithResolvers<Bytes>;
  /** Ends its clock. */
  readonly ended: AbortController;
  stage: Stage;
  /** Why it is not waited for any more; what is being signed then is not called back. */
  over: CodedError | null;
}

export class ProgramRequests {
  readonly #modules: ProgramRequestModules;
  readonly #entries = new Map<string, Entry>();
  /** Sheets that were made of requests; those of a request that is gone sign nothing. */
  readonly #sheets = new Map<string, { readonly request: string; readonly expiresAt: Millis }>();

  constructor(modules: ProgramRequestModules) {
    this.#modules = modules;
  }

  /**
   * Resolves with the hash when the person has signed and the node has the transaction. What cannot be done is refused at once.
   * @throws TOO_MANY_REQUESTS, NONCE_NOT_NEXT, INSUFFICIENT_FUNDS, what the contract would refuse with; REQUEST_DECLINED, REQUEST_WITHDRAWN
   */
  async askTransaction(asked: Omit<AskedTransaction, 'kind'>, asker: Asker): Promise<Bytes> {
    const entry = this.#admit({ kind: 'transaction', ...asked }, asker);
    try {
      const { id } = await this.#propose(entry);
      this.#modules.proposals.forget(id); // nobody is shown this one
    } catch (error) {
      this.#remove(entry);
      throw error;
    }
    return this.#show(entry);
  }

  /** Resolves with r, s and V. @throws TOO_MANY_REQUESTS, REQUEST_DECLINED, REQUEST_WITHDRAWN */
  async askSignature(asked: Omit<AskedSignature, 'kind'>, asker: Asker): Promise<Bytes> {
    return this.#show(this.#admit({ kind: 'message', ...asked }, asker));
  }

  /** Those that wait for the person, oldest first. */
  list(): readonly ProgramRequest[] {
    return [...this.#entries.values()].filter(({ stage }) => stage.kind === 'waiting').map(({ request }) => request);
  }

  /** @throws REQUEST_WITHDRAWN */
  get(id: string): ProgramRequest {
    return this.#waiting(id).request;
  }

  /** The sheet of an asked transaction as things stand now. @throws REQUEST_WITHDRAWN, and as `askTransaction` */
  async prepare(id: string): Promise<PreparedProposal> {
    const { clock } = this.#modules;
    const prepared = await this.#propose(this.#waiting(id));
    for (const [sheet, { expiresAt }] of this.#sheets) if (expiresAt <= clock.now()) this.#forget(sheet);
    this.#sheets.set(prepared.id, { request: id, expiresAt: prepared.expiresAt });
    this.#waiting(id);
    return prepared;
  }

  /**
   * Confirms a sheet: that of a request only while its program waits, and of one request only one. Any other sheet is the window's own.
   * @throws REQUEST_WITHDRAWN and as `Proposals.confirm`
   */
  async confirm(proposal: string): Promise<ActionRecord> {
    const { proposals, outbox } = this.#modules;
    const sheet = this.#sheets.get(proposal);
    if (sheet === undefined) return proposals.confirm(proposal);
    const done = outbox.find(proposal);
    if (done !== null) return done;
    const entry = this.#entries.get(sheet.request);
    // Pressed twice: it is signed once.
    if (entry?.stage.kind === 'signing' && entry.stage.action?.id === proposal) return entry.stage.action.run;
    const waiting = this.#waiting(sheet.request);
    const run = proposals.confirm(proposal);
    const record = await this.#signing(waiting, { id: proposal, run }, run);
    this.settle();
    return record;
  }

  /** @throws REQUEST_WITHDRAWN, WALLET_LOCKED */
  async signMessage(id: string): Promise<void> {
    const entry = this.#waiting(id);
    const { asked } = entry.request;
    invariant(asked.kind === 'message', 'a transaction is signed by its sheet');
    const signature = await this.#signing(entry, null, this.#modules.signer.signMessage(asked.account, asked.message, id));
    this.#answer(entry, () => entry.answer.resolve(signature));
  }

  /** @throws REQUEST_WITHDRAWN */
  decline(id: string): void {
    const entry = this.#waiting(id);
    this.#answer(entry, () => entry.answer.reject(new CodedError('REQUEST_DECLINED', 'request declined in the wallet')));
  }

  /** Answers those whose transaction the node has, or will not get; called whenever an action has changed. */
  settle(): void {
    for (const entry of this.#entries.values()) {
      const record = entry.stage.kind === 'signing' && entry.stage.action !== null ? this.#modules.outbox.find(entry.stage.action.id) : null;
      const [first] = record?.entries ?? [];
      if (record === null || first === undefined) continue;
      const { error } = record;
      if (error !== null) this.#answer(entry, () => entry.answer.reject(CodedError.fromJSON(error)));
      else if (first.hash !== null && (first.state === 'sent' || first.state === 'mined' || first.state === 'final')) this.#answer(entry, () => entry.answer.resolve(first.hash ?? new Uint8Array(0)));
    }
  }

  #admit(asked: Asked, asker: Asker): Entry {
    const { clock } = this.#modules;
    const others = [...this.#entries.values()].filter(({ stage }) => stage.kind !== 'signing');
    const ofConnection = others.filter((other) => other.asker.closed === asker.closed).length;
    if (others.length >= LIMITS.all) throw tooMany(`${LIMITS.all} requests wait in the wallet`);
    if (ofConnection >= LIMITS.connection) throw tooMany(`${LIMITS.connection} requests of this connection wait in the wallet`);
    if (asker.closed.aborted) throw withdrawn();
    const [askedAt, expiresAt] = [clock.now(), millis(clock.now() + LIFETIME_MILLIS)];
    const isRepeated = [...this.#entries.values()].some(({ request }) => isSame(request.asked, asked));
    const entry: Entry = { request: { id: randomUUID(), asked, link: asker.link, isRepeated, askedAt, expiresAt }, asker, answer: Promise.withResolvers(), ended: new AbortController(), stage: { kind: 'checking' }, over: null };
    this.#entries.set(entry.request.id, entry);
    return entry;
  }

  /** From here on it is seen, and ends with its time or its connection. */
  #show(entry: Entry): Promise<Bytes> {
    const { closed } = entry.asker;
    const close = (): void => this.#end(entry, withdrawn());
    closed.addEventListener('abort', close, { once: true, signal: entry.ended.signal });
    void this.#modules.clock.sleep(LIFETIME_MILLIS, entry.ended.signal).then(() => this.#end(entry, new CodedError('REQUEST_EXPIRED', 'nobody answered the request in the wallet within 5 minutes')));
    entry.stage = { kind: 'waiting' };
    if (closed.aborted) close();
    this.#modules.onChange();
    return entry.answer.promise;
  }

  /** Simulates and prices it under the account's next number. */
  async #propose({ request: { asked } }: Entry): Promise<PreparedProposal> {
    invariant(asked.kind === 'transaction', 'a message needs no simulation');
    const { proposals, outbox, reader } = this.#modules;
    const { account, to, value, payload, gasLimit, gasPrice } = asked;
    const nonce = await outbox.nextNonce(account);
    if (asked.nonce !== undefined && asked.nonce !== nonce) throw new CodedError('NONCE_NOT_NEXT', `nonce ${asked.nonce} is not the next one of this account, which is ${nonce}`, { help: 'Leave the nonce out, and the wallet takes the next one.', meta: { given: asked.nonce.toString(), next: nonce.toString() } });
    // With a limit of the program's own it is run all the same: what fails is not worth a signature.
    if (gasLimit !== undefined) await reader.estimateGas({ from: account, to, data: payload, value });
    return proposals.prepare({ kind: 'program', title: '', account, calls: [{ to, value, payload, ...(gasLimit === undefined ? {} : { gasLimit }), ...(gasPrice === undefined ? {} : { gasPrice }) }], subject: null, permissions: [], nonce });
  }

  /** @param action that the signature begins: the answer then comes when the node has it */
  async #signing<T>(entry: Entry, action: (Stage & { readonly kind: 'signing' })['action'], run: Promise<T>): Promise<T> {
    entry.stage = { kind: 'signing', action };
    this.#modules.onChange();
    try {
      return await run;
    } catch (error) {
      // What is written down goes on by itself; else nothing was signed and the person may try again, unless nobody waits any more.
      if (action !== null && this.#modules.outbox.find(action.id) !== null) throw error;
      entry.stage = { kind: 'waiting' };
      if (entry.over !== null) this.#end(entry, entry.over);
      this.#modules.onChange();
      throw error;
    }
  }

  #waiting(id: string): Entry {
    const entry = this.#entries.get(id);
    if (entry?.stage.kind !== 'waiting') throw withdrawn();
    return entry;
  }

  #end(entry: Entry, why: CodedError): void {
    if (!this.#entries.has(entry.request.id)) return;
    entry.over = why;
    if (entry.stage.kind === 'waiting') this.#answer(entry, () => entry.answer.reject(why));
  }

  #answer(entry: Entry, answer: () => void): void {
    this.#remove(entry);
    answer();
    this.#modules.onChange();
  }

  #remove(entry: Entry): void {
    const { id } = entry.request;
    this.#entries.delete(id);
    for (const [sheet, { request }] of this.#sheets) if (request === id) this.#modules.proposals.forget(sheet);
    entry.ended.abort();
  }

  /** From here on nobody knows that it is a program's, so it goes altogether: the clock may be set back, and it would be valid again. */
  #forget(sheet: string): void {
    this.#modules.proposals.forget(sheet);
    this.#sheets.delete(sheet);
  }
}

function isSame(one: Asked, other: Asked): boolean {
  if (!equal(one.account, other.account)) return false;
  if (one.kind === 'message') return other.kind === 'message' && equal(one.message, other.message);
  const isSameTarget = other.kind === 'transaction' && (one.to === null || other.to === null ? one.to === other.to : equal(one.to, other.to));
  return other.kind === 'transaction' && isSameTarget && one.value === other.value && equal(one.payload, other.payload);
}

function tooMany(which: string): CodedError {
  return new CodedError('TOO_MANY_REQUESTS', `${which}: wait until one of them is answered`);
}

function withdrawn(): CodedError {
  return new CodedError('REQUEST_WITHDRAWN', 'The program does not wait for this any more; nothing was signed.', { help: 'If it is still wanted, the program asks again.' });
}
