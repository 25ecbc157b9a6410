/**
 * Money, once. A transaction is written down before it is signed, and signed before it is sent; signatures are deterministic, so
 * a step taken again after a kill makes the same bytes. Each head moves every open entry one step on.
 */
import { toHex, type Bytes } from '../base/bytes.ts';
import type { Clock } from '../base/clock.ts';
import { CodedError, isCoded } from '../base/errors.ts';
import type { Logger } from '../base/logger.ts';
import type { ChainReader, HeadInfo } from '../chain/reader.ts';
import { keccak256 } from '../crypto/keccak.ts';
import type { ActionRecord, NewAction, OutboxEntry } from './action.ts';
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
  #running: Promise<void> | null = null;
  /** Raised by every call of `step`, so that a run knows whether something was asked for while it was at work. */
  #asked = 0;

  constructor(modules: OutboxModules) {
    this.#modules = modules;
  }

  /**
   * Writes the action down and starts it; the same id again returns what stands. Resolves when it is written, not when it is mined.
   * @throws WALLET_LOCKED for a step without a sheet that cannot be signed now; nothing of it stays
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

  /** @throws UNKNOWN_ACTION */
  get(id: string): ActionRecord {
    const record = this.#modules.store.action(id);
    if (record === null) throw new CodedError('UNKNOWN_ACTION', 'There is no such action in this wallet.', { meta: { id } });
    return record;
  }

  find(id: string): ActionRecord | null {
    return this.#modules.store.action(id);
  }

  list(limit: number): readonly ActionRecord[] {
    return this.#modules.store.actions(limit);
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
      for (const entry of this.#modules.store.open()) {
        const account = toHex(entry.account);
        // An earlier entry of this run may have ended the action.
        if (waiting.has(account) || !this.#modules.store.isOpen(entry)) continue;
        if (!(await this.#advance(entry))) waiting.add(account);
      }
    } while (seen !== this.#asked);
  }

  /** @returns false when the account's later entries have to wait for this one */
  async #advance(entry: OutboxEntry): Promise<boolean> {
    try {
      if (entry.hash !== null && (await this.#settle(entry))) return true;
      if (isTooLate(entry, this.#modules.reader.head())) throw new CodedError('STEP_TOO_LATE', 'The time for this step was over before it could be sent, so it was not sent.', { help: 'Look at how things stand now.' });
      const raw = entry.raw ?? (await this.#sign(await this.#withoutGap(entry)));
      await this.#modules.reader.send(raw);
      if (entry.state !== 'sent') {
        this.#modules.store.sent(entry, this.#modules.clock.now());
        this.#modules.onChange(entry.action);
      }
      return true;
    } catch (error) {
      return this.#failed(entry, error);
    }
  }

  /** What was dropped before it may have left a number free, and the chain takes nothing behind a gap. A contract's address hangs on its number. */
  async #withoutGap(entry: OutboxEntry): Promise<OutboxEntry> {
    const { store, reader } = this.#modules;
    return entry.call.to === null ? entry : store.renumbered(entry, await reader.nonceOf(entry.account));
  }

  async #sign(entry: OutboxEntry): Promise<Bytes> {
    const { reader, signer, store, onChange } = this.#modules;
    const { to, value, payload, gasLimit, gasPrice } = entry.call;
    const raw = await signer.signTransaction({ account: entry.account, chainId: reader.chainId, nonce: entry.nonce, gasPrice, gasLimit, to, value, payload }, entry.authority);
    store.signed(entry, raw, keccak256(raw));
    onChange(entry.action);
    return raw;
  }

  /** True when the chain has it. */
  async #settle(entry: OutboxEntry): Promise<boolean> {
    const { reader, store, onChange } = this.#modules;
    const receipt = entry.hash === null ? null : await reader.receipt(entry.hash);
    const head = reader.head();
    if (receipt === null || head === null) return false;
    // A signed block alone proves nothing about receipts; its child does (docs/protocol/11 §4.2).
    const state = head.number > receipt.blockNumber ? 'final' : 'mined';
    if (entry.state !== state) {
      store.mined(entry, { block: receipt.blockNumber, ok: receipt.ok, gasUsed: receipt.gasUsed, state });
      onChange(entry.action);
    }
    return true;
  }

  async #failed(entry: OutboxEntry, error: unknown): Promise<boolean> {
    const { store, reader, log, onChange } = this.#modules;
    if ((isCoded(error, 'WALLET_LOCKED') || isCoded(error, 'DELIVERY_NOT_HELD')) && entry.authority.kind !== 'sheet') {
      // Nobody is waiting before a sheet: kept, it would go out with the fee and the state of things of another day.
      store.withdraw(entry);
      onChange(entry.action);
      return true;
    }
    if (isCoded(error, 'WALLET_LOCKED') || isCoded(error, 'KEYS_STOPPED') || isCoded(error, 'CHAIN_UNREACHABLE')) {
      log.info('transaction waits', { action: entry.action, step: entry.step, reason: error.code });
      return false;
    }
    if (isCoded(error, 'TRANSACTION_REFUSED') && error.meta['reason'] === 'NONCE_TOO_LOW') {
      // Its own receipt may have arrived in between; otherwise another copy of this wallet used the number.
      if (await this.#settle(entry)) return true;
      if ((await reader.nonceOf(entry.account)) <= entry.nonce) return false;
    } else if (!isCoded(error)) {
      throw error;
    }
    const coded = isCoded(error) ? error : new CodedError('INTERNAL', 'The transaction could not be sent.', { cause: error });
    store.drop(entry, coded.code === 'TRANSACTION_REFUSED' && coded.meta['reason'] === 'NONCE_TOO_LOW' ? nonceTaken() : coded);
    log.warn('transaction dropped', { action: entry.action, step: entry.step, code: coded.code });
    onChange(entry.action);
    return true;
  }
}

/** What was sent once is public, and sent again whenever. */
function isTooLate({ lastBlock, state }: OutboxEntry, head: HeadInfo | null): boolean {
  return lastBlock !== null && head !== null && head.number > lastBlock && (state === 'planned' || state === 'signed');
}

function nonceTaken(): CodedError {
  return new CodedError('NONCE_TAKEN', 'Another program with the same wallet sent a transaction in between, so this one can no longer be mined. No money has moved.', { help: 'Look at the balance, then do it again if it is still wanted.' });
}
