/** Takes one entry of the outbox one step on: settle, replace when it is stuck, sign, send. */
import type { Bytes } from '../base/bytes.ts';
import { CodedError, isCoded, type ErrorJson } from '../base/errors.ts';
import type { HeadInfo } from '../chain/reader.ts';
import { keccak256 } from '../crypto/keccak.ts';
import type { OutboxEntry } from './action.ts';
import { currentOf, everSigned, isPublic, type Candidate } from './attempts.ts';
import type { OutboxModules } from './outbox.ts';
import { loweredPrice, replacementDue } from './reprice.ts';

export class EntryAdvance {
  readonly #modules: OutboxModules;
  readonly #problems = new Map<string, ErrorJson>();

  constructor(modules: OutboxModules) {
    this.#modules = modules;
  }

  problemOf(entry: OutboxEntry): ErrorJson | null {
    return this.#problems.get(keyOf(entry)) ?? null;
  }

  /** @returns false when the account's later entries have to wait for this one */
  async advance(entry: OutboxEntry): Promise<boolean> {
    let now = entry;
    try {
      if (await this.#settle(entry)) return true;
      if (isTooLate(entry, this.#modules.reader.head())) throw new CodedError('STEP_TOO_LATE', 'The time for this step was over before it could be sent, so it was not sent.', { help: 'Look at how things stand now.' });
      now = await this.#repriced(entry);
      return await this.#send(now);
    } catch (error) {
      return this.#failed(now, error);
    }
  }

  async #send(entry: OutboxEntry): Promise<boolean> {
    const { store, reader, clock, onChange } = this.#modules;
    const candidate = currentOf(entry);
    const raw = candidate.raw ?? (await this.#sign(candidate.number === 0 ? await this.#withoutGap(entry) : entry, candidate));
    if (raw === null || !this.#mayLeave(entry, candidate)) return true;
    await reader.send(raw);
    this.#problems.delete(keyOf(entry));
    if (candidate.number > 0 && entry.attempts.some(({ number, state }) => number === candidate.number && state !== 'sent')) {
      store.attempts.sent(entry, candidate.number);
      onChange(entry.action);
    }
    if (entry.state !== 'sent') {
      store.sent(entry, clock.now());
      onChange(entry.action);
    }
    return true;
  }

  /** Written down before it leaves; false when it was given up in the meantime. */
  #mayLeave(entry: OutboxEntry, { number, offeredBlock }: Candidate): boolean {
    const { store, reader } = this.#modules;
    const head = reader.head()?.number ?? 0n;
    if (number === 0) return store.offered(entry, head);
    if (offeredBlock === null) store.attempts.offered(entry, number, head);
    return true;
  }

  /** What was dropped before it may have left a number free, and the chain takes nothing behind a gap. A contract's address hangs on its number. */
  async #withoutGap(entry: OutboxEntry): Promise<OutboxEntry> {
    const { store, reader } = this.#modules;
    return entry.call.to === null ? entry : store.renumbered(entry, await reader.nonceOf(entry.account));
  }

  /** @returns null when the entry was dropped meanwhile */
  async #sign(entry: OutboxEntry, { number, call, authority }: Candidate): Promise<Bytes | null> {
    const { reader, signer, store, onChange } = this.#modules;
    const { to, value, payload, gasLimit, gasPrice } = call;
    const raw = await signer.signTransaction({ account: entry.account, chainId: reader.chainId, nonce: entry.nonce, gasPrice, gasLimit, to, value, payload }, authority);
    if (number > 0) store.attempts.signed(entry, number, raw, keccak256(raw));
    else if (!store.signed(entry, raw, keccak256(raw))) return null;
    onChange(entry.action);
    return raw;
  }

  /** What no sheet was shown for is replaced by the program itself while its block takes too long; the keys process knows how far. */
  async #repriced(entry: OutboxEntry): Promise<OutboxEntry> {
    const { store, reader, onChange } = this.#modules;
    const due = await replacementDue(entry, reader);
    if (due === null) return entry;
    if (due.refused !== null) store.attempts.replan(entry, due.refused, due.gasPrice);
    else if (!store.attempts.add({ id: `${entry.action}/${entry.step}/${entry.attempts.length + 1}`, action: entry.action, purpose: 'speed-up', steps: [{ step: entry.step, call: { ...entry.call, gasPrice: due.gasPrice } }], authority: entry.authority })) return entry;
    onChange(entry.action);
    return store.openEntry(entry.action, entry.step) ?? entry;
  }

  /** True when the chain has it. */
  async #settle(entry: OutboxEntry): Promise<boolean> {
    const { reader, store, onChange } = this.#modules;
    for (const { number, hash } of everSigned(entry).toReversed()) {
      const receipt = hash === null ? null : await reader.receipt(hash);
      const head = reader.head();
      if (receipt === null || head === null) continue;
      // A signed block alone proves nothing about receipts; its child does (docs/protocol/11 §4.2).
      const state = head.number > receipt.blockNumber ? 'final' : 'mined';
      if (entry.state !== state || entry.minedBy !== number) {
        store.mined(entry, { by: number, block: receipt.blockNumber, ok: receipt.ok, gasUsed: receipt.gasUsed, state });
        onChange(entry.action);
      }
      this.#problems.delete(keyOf(entry));
      return true;
    }
    return false;
  }

  async #failed(entry: OutboxEntry, error: unknown): Promise<boolean> {
    const { store, reader, log, onChange } = this.#modules;
    const candidate = currentOf(entry);
    const isUnheld = isCoded(error, 'WALLET_LOCKED') || isCoded(error, 'DELIVERY_NOT_HELD');
    if (isUnheld && candidate.authority.kind !== 'sheet') {
      if (candidate.number > 0) return this.#refused(entry, candidate, error);
      // Nobody is waiting before a sheet: kept, it would go out with the fee and the state of things of another day.
      store.withdraw(entry);
      onChange(entry.action);
      return true;
    }
    if (isUnheld || isCoded(error, 'KEYS_STOPPED') || isCoded(error, 'CHAIN_UNREACHABLE')) {
      log.info('transaction waits', { action: entry.action, step: entry.step, reason: error.code });
      return candidate.number > 0 && isUnheld;
    }
    const isTaken = isCoded(error, 'TRANSACTION_REFUSED') && error.meta['reason'] === 'NONCE_TOO_LOW';
    if (isTaken) {
      // Its own receipt may have arrived in between; otherwise another copy of this wallet used the number.
      if (await this.#settle(store.openEntry(entry.action, entry.step) ?? entry)) return true;
      if ((await reader.nonceOf(entry.account)) <= entry.nonce) return false;
    } else if (!isCoded(error)) {
      throw error;
    }
    const coded = isTaken ? nonceTaken() : isCoded(error) ? error : new CodedError('INTERNAL', 'The transaction could not be sent.', { cause: error });
    if (!isTaken && candidate.offeredBlock !== null && !isCoded(error, 'STEP_TOO_LATE')) return this.#heldOff(entry, coded);
    if (!isTaken && candidate.number > 0) return this.#refused(entry, candidate, coded);
    store.drop(entry, coded);
    log.warn('transaction dropped', { action: entry.action, step: entry.step, code: coded.code });
    onChange(entry.action);
    return true;
  }

  /** It may be known elsewhere and be mined all the same, so its number stays its own. */
  #heldOff(entry: OutboxEntry, error: CodedError): boolean {
    const { log, onChange } = this.#modules;
    if (this.problemOf(entry)?.meta?.['reason'] !== error.meta['reason']) {
      log.warn('transaction not taken now', { action: entry.action, step: entry.step, reason: String(error.meta['reason'] ?? error.code) });
      this.#problems.set(keyOf(entry), error.toJSON());
      onChange(entry.action);
    }
    return true;
  }

  /** The one before it goes on. Where only the price was too high, the highest that is allowed is tried at once. */
  async #refused(entry: OutboxEntry, candidate: Candidate, error: CodedError): Promise<boolean> {
    const { store, reader, log, onChange } = this.#modules;
    store.attempts.refused(entry, candidate.number, reader.head()?.number ?? 0n, error);
    log.info('replacement not taken', { action: entry.action, step: entry.step, code: error.code });
    const before = store.openEntry(entry.action, entry.step);
    const lowered = before === null ? null : loweredPrice(before, candidate, error);
    if (before !== null && lowered !== null) {
      store.attempts.replan(before, candidate.number, lowered);
      return this.advance(store.openEntry(entry.action, entry.step) ?? before);
    }
    onChange(entry.action);
    return true;
  }
}

function keyOf({ action, step }: OutboxEntry): string {
  return `${action}/${step}`;
}

/** What was sent once is public, and sent again whenever. */
function isTooLate(entry: OutboxEntry, head: HeadInfo | null): boolean {
  return entry.lastBlock !== null && head !== null && head.number > entry.lastBlock && (entry.state === 'planned' || entry.state === 'signed') && !(isPublic(entry) && entry.attempts.length > 0);
}

function nonceTaken(): CodedError {
  return new CodedError('NONCE_TAKEN', 'Another program with the same wallet sent a transaction in between, so this one can no longer be mined. No money has moved.', { help: 'Look at the balance, then do it again if it is still wanted.' });
}
