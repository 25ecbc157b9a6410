/**
 * Money, once. A transaction is written down before it is signed, and signed before it is sent; signatures are deterministic, so
 * a step taken again after a kill makes the same bytes. Whatever replaces a transaction has its nonce, so that one of them is
 * mined. Each head moves every open entry one step on.
 */
import { toHex, type Bytes } from '../base/bytes.ts';
import type { Clock } from '../base/clock.ts';
import { CodedError, type ErrorJson } from '../base/errors.ts';
import type { Logger } from '../base/logger.ts';
import type { ChainReader } from '../chain/reader.ts';
import type { ActionRecord, NewAction, OutboxEntry } from './action.ts';
import type { Replacement } from './attempt-store.ts';
import { leastPrice } from './attempts.ts';
import { EntryAdvance } from './entry-advance.ts';
import type { OutboxStore } from './outbox-store.ts';
import type { TransactionSigner } from './ports.ts';

export interface OutboxModules {
  readonly store: OutboxStore;
  readonly reader: ChainReader;
  readonly signer: TransactionSigner;
  readonly clock: Clock;
  readonly log: Logger;
  /** Told after any change of an action. */
  readonly onChange: (actionId: string) => void;
}

export class Outbox {
  readonly #modules: OutboxModules;
  readonly #advance: EntryAdvance;
  #running: Promise<void> | null = null;
  /** Raised by every call of `step`, so that a run knows whether something was asked for while it was at work. */
  #asked = 0;

  constructor(modules: OutboxModules) {
    this.#modules = modules;
    this.#advance = new EntryAdvance(modules);
  }

  /**
   * Writes the action down and starts it; the same id again returns what stands. Resolves when it is written, not when it is mined.
   * @throws SIMULATION_CHANGED when another action took its nonce; WALLET_LOCKED for a step without a sheet that cannot be signed now; nothing of it stays
   */
  async submit(action: NewAction): Promise<ActionRecord> {
    const { store, reader, clock } = this.#modules;
    if (store.action(action.id) === null) {
      store.add(action, await reader.nonceOf(action.account), clock.now());
      this.#modules.onChange(action.id);
      await this.step();
    }
    const record = this.find(action.id);
    if (record === null) throw new CodedError('WALLET_LOCKED', 'The wallet is locked, so this step was not signed.', { help: 'Unlock the wallet; the step is then taken by itself.' });
    return record;
  }

  /** Nonce of the account's next transaction, after all that this wallet has signed or is about to sign. */
  async nextNonce(account: Bytes): Promise<bigint> {
    return this.#modules.store.nextNonce(account, await this.#modules.reader.nonceOf(account));
  }

  /**
   * Puts other transactions in the place of what is sent and not mined, under the same nonces; the same id again returns what stands.
   * @throws ALREADY_MINED, REPLACEMENT_UNDERPRICED; nothing is written then
   */
  async replace(replacement: Replacement): Promise<ActionRecord> {
    const { store, onChange } = this.#modules;
    if (store.attempts.actionOf(replacement.id) === null) await this.step();
    // Asked for again while the step ran, it may stand by now.
    if (store.attempts.actionOf(replacement.id) === null) {
      const { entries } = this.get(replacement.action);
      for (const { step, call } of replacement.steps) {
        const entry = entries.find((one) => one.step === step);
        if (entry !== undefined && call.gasPrice < leastPrice(entry)) throw underpriced(leastPrice(entry));
      }
      if (!store.attempts.add(replacement)) throw alreadyMined();
      onChange(replacement.action);
      await this.step();
    }
    return this.get(replacement.action);
  }

  /** @throws UNKNOWN_ACTION */
  get(id: string): ActionRecord {
    const record = this.#modules.store.action(id);
    if (record === null) throw new CodedError('UNKNOWN_ACTION', 'There is no such action in this wallet.', { meta: { id } });
    return record;
  }

  find(id: string): ActionRecord | null {
    return this.#modules.store.action(id);
  }

  /** The action that this replacement belongs to. */
  findReplaced(replacement: string): ActionRecord | null {
    const action = this.#modules.store.attempts.actionOf(replacement);
    return action === null ? null : this.find(action);
  }

  /** The entry that made this transaction. */
  entryOf(hash: Bytes): OutboxEntry | null {
    return this.#modules.store.byHash(hash);
  }

  list(limit: number): readonly ActionRecord[] {
    return this.#modules.store.actions(limit);
  }

  /** Actions with a transaction that waits for its block, oldest first. */
  pending(): readonly ActionRecord[] {
    const ids = new Set(this.#modules.store.open().filter(({ state }) => state !== 'mined').map(({ action }) => action));
    return [...ids].flatMap((id) => this.find(id) ?? []).toSorted((a, b) => a.createdAt - b.createdAt);
  }

  /** Why the node does not take a transaction that was sent before, while that is so. */
  problemOf(entry: OutboxEntry): ErrorJson | null {
    return this.#advance.problemOf(entry);
  }

  /** Takes every step that can be taken now. Safe to call at any time; runs never overlap. */
  async step(): Promise<void> {
    this.#asked += 1;
    if (this.#running !== null) return this.#running;
    this.#running = this.#run();
    try {
      await this.#running;
    } finally {
      this.#running = null;
    }
  }

  async #run(): Promise<void> {
    let seen: number;
    do {
      seen = this.#asked;
      const waiting = new Set<string>();
      for (const { action, step, account } of this.#modules.store.open()) {
        const key = toHex(account);
        // An earlier entry of this run may have ended the action.
        const entry = this.#modules.store.openEntry(action, step);
        if (waiting.has(key) || entry === null) continue;
        if (!(await this.#advance.advance(entry))) waiting.add(key);
      }
    } while (seen !== this.#asked);
  }
}

function alreadyMined(): CodedError {
  return new CodedError('ALREADY_MINED', 'It was mined in the meantime, so there is nothing left to replace; nothing was signed.', { help: 'Look at how things stand now.' });
}

function underpriced(least: bigint): CodedError {
  return new CodedError('REPLACEMENT_UNDERPRICED', 'The price is not high enough to take the place of the other transaction; nothing was signed.', { help: 'Raise the gas price by at least 10 %.', meta: { least: least.toString() } });
}
