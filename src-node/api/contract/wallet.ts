/** Accounts and money. Private keys never pass here; the 24 words do exactly once, to be written down. */
import { z } from 'zod';
import { addressSchema, amountSchema, idSchema, nameSchema, passwordSchema, procedure, type, type Address, type Amount, type Hash, type Time } from './base.ts';
import type { ErrorJson } from '../../base/errors.ts';
import type { ActionKind, Proposal, Replacement } from './proposal.ts';

export interface AccountView {
  readonly address: Address;
  readonly name: string;
  readonly source: 'seed' | 'keystore';
  readonly path: string | null;
  readonly balance: Amount;
  /** Prices of the account's open orders, and what is left of the deposits of its subscriptions. */
  readonly inEscrow: Amount;
  /** Bonds of its listings and gateways. */
  readonly inBonds: Amount;
  /** RNode deposit. */
  readonly staked: Amount;
  /** Credits at the contracts of market and streams, to withdraw. */
  readonly withdrawable: Amount;
}

export interface WalletView {
  readonly state: 'none' | 'locked' | 'unlocked';
  readonly accounts: readonly AccountView[];
  readonly defaultAccount: Address | null;
  readonly backedUp: boolean;
  readonly locksAt: Time | null;
  /** True where a faucet gives practice money. */
  readonly faucet: boolean;
  readonly chainId: number | null;
  readonly asOfBlock: number | null;
}

export interface Movement {
  readonly id: string;
  /** `credit`: paid by contracts in this block; `hash` is the block's. */
  readonly kind: 'in' | 'out' | 'self' | 'call' | 'deploy' | 'credit';
  /** What the call did, when the program knows the contract: `PDEscrow.place`. */
  readonly method: string | null;
  readonly counterparty: Address | null;
  readonly amount: bigint;
  readonly fee: Amount | null;
  readonly state: 'ok' | 'failed';
  readonly hash: Hash;
  readonly block: number;
  readonly at: Time;
  readonly nonce: number;
  /** What became of an attempt to replace it; `kind` is what was signed first. */
  readonly replacement: { readonly outcome: 'cancelled' | 'too-late' | 'sped-up'; readonly kind: ActionKind } | null;
}

/** Signed by this wallet and in no block yet. */
export interface PendingMovement {
  /** Id of the action. */
  readonly activity: string;
  readonly kind: ActionKind;
  readonly title: string;
  readonly from: Address;
  readonly state: 'waiting' | 'sent' | 'replaced' | 'cancelling';
  /** Where the first of its transactions goes; null creates a contract. */
  readonly to: Address | null;
  /** Negative leaves the account. */
  readonly amount: bigint;
  readonly feeAtMost: Amount;
  readonly gasPrice: Amount;
  readonly nonce: number;
  readonly hash: Hash | null;
  readonly since: Time;
  /** False before it was sent, and for what the delivery account replaces by itself. */
  readonly canReplace: boolean;
  /** Why the node does not take it, or did not take what should replace it. */
  readonly problem: ErrorJson | null;
}

export interface ReplacementOffer {
  /** What is being cancelled can only be cancelled faster. */
  readonly purpose: Replacement;
  /** Base units per gas: what the network asks for, and at least a tenth more than before. */
  readonly gasPrice: Amount;
  readonly leastPrice: Amount;
  /** Gas of all its transactions, at most. */
  readonly gasLimit: number;
}

const replacementSchema = z.object({ activity: idSchema, purpose: z.enum(['speed-up', 'cancel']) });

export interface SeedDraft {
  readonly draftId: string;
  readonly words: readonly string[];
  /** Positions (0-based) of the words that the backup check asks for. */
  readonly ask: readonly number[];
}

export const wallet = {
  view: procedure.output(type<WalletView>()),
  draftSeed: procedure.output(type<SeedDraft>()),
  /** @throws BACKUP_CHECK_FAILED, DRAFT_EXPIRED, WEAK_PASSWORD */
  create: procedure
    .input(z.object({ draftId: idSchema, password: passwordSchema, answers: z.array(z.object({ position: z.number().int().min(0).max(23), word: z.string().max(20) })).max(24) }))
    .output(type<WalletView>()),
  /** @throws BAD_WORDS (which word), WEAK_PASSWORD, WALLET_EXISTS */
  importSeed: procedure.input(z.object({ words: z.string().max(600), password: passwordSchema })).output(type<WalletView>()),
  /** Adds an account from a Web3 keystore file. @throws BAD_KEYSTORE, WRONG_PASSWORD, ACCOUNT_EXISTS */
  importKeystore: procedure.input(z.object({ json: z.string().max(100_000), filePassword: z.string().max(1024), password: passwordSchema })).output(type<WalletView>()),
  addAccount: procedure.input(z.object({ name: nameSchema })).output(type<WalletView>()),
  rename: procedure.input(z.object({ address: addressSchema, name: nameSchema })).output(type<WalletView>()),
  setDefault: procedure.input(z.object({ address: addressSchema })).output(type<WalletView>()),
  /** @throws WRONG_PASSWORD, THROTTLED (meta.waitMillis) */
  unlock: procedure.input(z.object({ password: passwordSchema })).output(type<WalletView>()),
  lock: procedure.output(type<WalletView>()),
  movements: procedure.input(z.object({ account: addressSchema.optional(), before: z.string().max(80).optional(), limit: z.number().int().min(1).max(200) })).output(type<{ readonly entries: readonly Movement[]; readonly next: string | null }>()),
  /** Oldest first. */
  pending: procedure.input(z.object({ account: addressSchema.optional() })).output(type<readonly PendingMovement[]>()),
  /** @throws ALREADY_MINED, NOT_REPLACEABLE, UNKNOWN_ACTION */
  replacementOffer: procedure.input(replacementSchema).output(type<ReplacementOffer>()),
  /** @throws as `replacementOffer`, and REPLACEMENT_UNDERPRICED, INSUFFICIENT_FUNDS */
  prepareReplacement: procedure.input(replacementSchema.extend({ gasPrice: amountSchema })).output(type<Proposal>()),
  /** Practice money; at most 250,000 CPC an account. @throws FAUCET_EMPTY, FAUCET_LIMIT, NO_FAUCET */
  faucet: procedure.input(z.object({ account: addressSchema, amount: amountSchema })).output(type<{ readonly hash: Hash }>()),
  /** @throws INSUFFICIENT_FUNDS, BAD_ADDRESS */
  prepareSend: procedure.input(z.object({ from: addressSchema, to: addressSchema, amount: z.union([amountSchema, z.literal('all')]) })).output(type<Proposal>()),
};
