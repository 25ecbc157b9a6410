/**
 * What a sheet shows is exactly what gets signed: a proposal holds the finished calls, is simulated again at the moment of the
 * signature, and becomes an action under its own id. Confirming it twice is confirming it once.
 */
import { randomUUID } from 'node:crypto';
import { equal, hexOf, type Bytes } from '../base/bytes.ts';
import { millis, type Clock, type Millis } from '../base/clock.ts';
import { CodedError, isCoded } from '../base/errors.ts';
import type { ChainReader } from '../chain/reader.ts';
import type { ActionRecord, ActionSubject, PlannedCall, ReplacementPurpose } from './action.ts';
import type { Outbox } from './outbox.ts';
import type { RevertExplainer } from './ports.ts';

/** A call before its gas is known. */
export interface DraftCall {
  readonly to: Bytes | null;
  readonly value: bigint;
  readonly payload: Bytes;
  /** Only where the call cannot be simulated yet because an earlier one of the same proposal must be mined first, or is known already. */
  readonly gasLimit?: bigint;
  /** Instead of what the network asks for. */
  readonly gasPrice?: bigint;
}

export interface StandingPermission {
  readonly id: string;
  readonly contract: Bytes;
  readonly methods: readonly Bytes[];
  readonly subject: Bytes | null;
  readonly maxValue: bigint;
  readonly maxGas: bigint;
  readonly maxGasPrice: bigint;
  readonly uses: number;
  readonly expiresAt: Millis;
}

export interface DraftProposal {
  readonly kind: string;
  readonly title: string;
  readonly account: Bytes;
  readonly calls: readonly DraftCall[];
  readonly subject: ActionSubject | null;
  /** What the same signature also allows later, without another sheet. */
  readonly permissions: readonly StandingPermission[];
  /** An id of its own makes two preparations of one thing (this order's confirmation) the same action; what they would sign must be the same too. */
  readonly id?: string;
  /** As of an action. */
  readonly lastBlock?: bigint;
  /** As of an action: what the sheet shows as the number of its first transaction. */
  readonly nonce?: bigint;
  /** Its calls take the place of these steps, under their nonces. */
  readonly replaces?: { readonly action: string; readonly purpose: ReplacementPurpose; readonly steps: readonly number[] };
}

export interface PreparedCall extends PlannedCall {
  readonly gasEstimate: bigint;
}

export interface PreparedProposal extends Omit<DraftProposal, 'calls' | 'id'> {
  readonly id: string;
  readonly calls: readonly PreparedCall[];
  readonly value: bigint;
  readonly feeAtMost: bigint;
  readonly balance: bigint;
  readonly simulatedOnBlock: bigint;
  readonly expiresAt: Millis;
}

export interface ProposalModules {
  readonly reader: ChainReader;
  readonly outbox: Outbox;
  readonly clock: Clock;
  readonly explain: RevertExplainer;
  readonly grant: (proposal: PreparedProposal, permission: StandingPermission) => Promise<void>;
}

const LIFETIME_MILLIS = 10 * 60_000;
const MAX_KEPT = 200;
/** State may move between simulation and block: a quarter more than the estimate. */
const withMargin = (gas: bigint): bigint => gas + gas / 4n;

export class Proposals {
  readonly #modules: ProposalModules;
  readonly #kept = new Map<string, PreparedProposal>();

  constructor(modules: ProposalModules) {
    this.#modules = modules;
  }

  /** Simulates and prices. @throws INSUFFICIENT_FUNDS, or what the contract would refuse with */
  async prepare(draft: DraftProposal): Promise<PreparedProposal> {
    const { reader, clock } = this.#modules;
    const [balance, gasPrice] = await Promise.all([reader.balanceOf(draft.account), reader.gasPrice()]);
    const value = draft.calls.reduce((sum, call) => sum + call.value, 0n);
    if (value > balance) throw insufficient(value, balance);
    const calls = await Promise.all(draft.calls.map((call) => this.#price(draft.account, call, gasPrice)));
    const feeAtMost = calls.reduce((sum, { gasLimit, gasPrice: price }) => sum + gasLimit * price, 0n);
    if (value + feeAtMost > balance) throw insufficient(value + feeAtMost, balance);
    const prepared: PreparedProposal = {
      ...draft,
      id: this.#freeId(draft.id),
      calls,
      value,
      feeAtMost,
      balance,
      simulatedOnBlock: reader.head()?.number ?? 0n,
      expiresAt: millis(clock.now() + LIFETIME_MILLIS),
    };
    this.#keep(prepared);
    return prepared;
  }

  /** After an action that failed, a new one. */
  #freeId(id: string | undefined): string {
    const before = id === undefined ? null : this.#modules.outbox.find(id);
    const failed = before !== null && (before.error !== null || before.entries.some(({ ok }) => ok === false));
    return id === undefined || failed ? randomUUID() : id;
  }

  async #price(from: Bytes, call: DraftCall, gasPrice: bigint): Promise<PreparedCall> {
    const { to, value, payload } = call;
    const gasEstimate = call.gasLimit ?? (await this.#estimate(from, call));
    return { to, value, payload, gasEstimate, gasLimit: call.gasLimit ?? withMargin(gasEstimate), gasPrice: call.gasPrice ?? gasPrice };
  }

  async #estimate(from: Bytes, call: Pick<DraftCall, 'to' | 'value' | 'payload'>): Promise<bigint> {
    const { reader, explain } = this.#modules;
    try {
      return await reader.estimateGas({ from, to: call.to, data: call.payload, value: call.value });
    } catch (error) {
      if (!isCoded(error, 'CALL_FAILS')) throw error;
      const outcome = await reader.call({ from, to: call.to, data: call.payload, value: call.value });
      const known = explain(outcome.data);
      if (known === null) throw error;
      throw new CodedError(known.code, known.message, { ...known, cause: error });
    }
  }

  /** Nobody will sign it: it takes no room from the others any more. */
  forget(id: string): void {
    this.#kept.delete(id);
  }

  /** The proposal as it was shown, while it is valid. @throws PROPOSAL_EXPIRED */
  get(id: string): PreparedProposal {
    const prepared = this.#kept.get(id);
    if (prepared === undefined || this.#modules.clock.now() >= prepared.expiresAt) {
      throw new CodedError('PROPOSAL_EXPIRED', 'This sheet is too old to be signed; nothing was sent.', { help: 'Open it again: prices and fees are then those of now.' });
    }
    return prepared;
  }

  /** Signs and sends. A second confirmation returns the first one's action. @throws PROPOSAL_EXPIRED, SIMULATION_CHANGED, ALREADY_MINED, WALLET_LOCKED … */
  async confirm(id: string): Promise<ActionRecord> {
    const { outbox, grant } = this.#modules;
    const done = outbox.find(id) ?? outbox.findReplaced(id);
    if (done !== null) return done;
    const prepared = this.get(id);
    const authority = { kind: 'sheet', proposal: id } as const;
    const { replaces } = prepared;
    if (replaces !== undefined) {
      const steps = replaces.steps.flatMap((step, i) => (prepared.calls[i] === undefined ? [] : [{ step, call: prepared.calls[i] }]));
      return outbox.replace({ id, action: replaces.action, purpose: replaces.purpose, steps, authority });
    }
    await this.#assertStillPasses(prepared);
    for (const permission of prepared.permissions) await grant(prepared, permission);
    return outbox.submit({ id, kind: prepared.kind, title: prepared.title, account: prepared.account, calls: prepared.calls, authority, subject: prepared.subject, ...(prepared.lastBlock === undefined ? {} : { lastBlock: prepared.lastBlock }), ...(prepared.nonce === undefined ? {} : { nonce: prepared.nonce }) });
  }

  async #assertStillPasses(prepared: PreparedProposal): Promise<void> {
    const [first] = prepared.calls;
    if (first === undefined) return;
    try {
      await this.#estimate(prepared.account, first);
    } catch (error) {
      if (!isCoded(error) || error.code === 'CHAIN_UNREACHABLE') throw error;
      throw new CodedError('SIMULATION_CHANGED', error.code === 'CALL_FAILS' ? 'The chain moved on and this would now fail; nothing was sent.' : error.message, {
        help: error.help ?? 'Open it again to see how things stand.',
        meta: { reason: error.code, account: hexOf(prepared.account) },
        cause: error,
      });
    }
  }

  /** Voids the earlier sheets of the same thing, which another window may still show: only one of them can come true. */
  #keep(prepared: PreparedProposal): void {
    for (const [id, { kind, account, subject }] of this.#kept) {
      if (subject !== null && kind === prepared.kind && subject.id === prepared.subject?.id && equal(account, prepared.account)) this.#kept.delete(id);
    }
    this.#kept.set(prepared.id, prepared);
    const oldest = this.#kept.keys().next();
    if (this.#kept.size > MAX_KEPT && oldest.done !== true) this.#kept.delete(oldest.value);
  }
}

function insufficient(needed: bigint, balance: bigint): CodedError {
  return new CodedError('INSUFFICIENT_FUNDS', 'The account does not hold enough for the amount and the highest fee.', {
    help: 'Lower the amount, or bring CPC to this account first.',
    meta: { needed: needed.toString(), balance: balance.toString() },
  });
}
