/** Accounts and money. */
import type { UseMutationResult, UseQueryResult } from '@tanstack/react-query';
import type { AccountView, Amount, Movement, Proposal, SeedDraft, WalletView } from '../../src-node/api/contract/index.ts';
import { useApi } from './api-context.ts';
import { useApiAction, useApiQuery } from './query.ts';

export function useWallet(): UseQueryResult<WalletView, unknown> {
  return useApiQuery({ topic: 'wallet', name: 'view', read: (api, signal) => api.wallet.view(undefined, { signal }) });
}

export interface MovementPage {
  readonly entries: readonly Movement[];
  readonly next: string | null;
}

export function useMovements(input: { readonly account?: string; readonly limit: number }): UseQueryResult<MovementPage, unknown> {
  return useApiQuery({ topic: 'wallet', name: 'movements', input, keep: true, read: (api, signal) => api.wallet.movements(input, { signal }) });
}

/** The account that acts unless another one is chosen. */
export function defaultAccount(wallet: WalletView): AccountView | undefined {
  return wallet.accounts.find((account) => account.address === wallet.defaultAccount) ?? wallet.accounts[0];
}

export interface Holdings {
  readonly free: Amount;
  readonly staked: Amount;
  readonly inEscrow: Amount;
  readonly inBonds: Amount;
  readonly withdrawable: Amount;
  readonly total: Amount;
}

/** Everything of some accounts, by where it lies. */
export function holdingsOf(accounts: readonly AccountView[]): Holdings {
  const sum = (pick: (account: AccountView) => Amount): Amount => accounts.reduce((total, account) => total + pick(account), 0n);
  const parts = { free: sum((one) => one.balance), staked: sum((one) => one.staked), inEscrow: sum((one) => one.inEscrow), inBonds: sum((one) => one.inBonds), withdrawable: sum((one) => one.withdrawable) };
  return { ...parts, total: parts.free + parts.staked + parts.inEscrow + parts.inBonds + parts.withdrawable };
}

/** The name of one of our accounts, or null for anybody else. */
export function useAccountName(): (address: string) => string | null {
  const accounts = useWallet().data?.accounts ?? [];
  return (address) => accounts.find((account) => account.address.toLowerCase() === address.toLowerCase())?.name ?? null;
}

export function useDraftSeed(): UseMutationResult<SeedDraft, unknown, undefined> {
  return useApiAction((api) => api.wallet.draftSeed());
}

export interface NewWallet {
  readonly draftId: string;
  readonly password: string;
  readonly answers: { readonly position: number; readonly word: string }[];
}

export function useCreateWallet(): UseMutationResult<WalletView, unknown, NewWallet> {
  return useApiAction((api, input: NewWallet) => api.wallet.create(input), ['app', 'wallet']);
}

export function useImportSeed(): UseMutationResult<WalletView, unknown, { readonly words: string; readonly password: string }> {
  return useApiAction((api, input: { readonly words: string; readonly password: string }) => api.wallet.importSeed(input), ['app', 'wallet']);
}

export interface KeystoreImport {
  readonly json: string;
  readonly filePassword: string;
  readonly password: string;
}

export function useImportKeystore(): UseMutationResult<WalletView, unknown, KeystoreImport> {
  return useApiAction((api, input: KeystoreImport) => api.wallet.importKeystore(input), ['app', 'wallet']);
}

export function useAddAccount(): UseMutationResult<WalletView, unknown, string> {
  return useApiAction((api, name: string) => api.wallet.addAccount({ name }), ['wallet']);
}

export function useRenameAccount(): UseMutationResult<WalletView, unknown, { readonly address: string; readonly name: string }> {
  return useApiAction((api, input: { readonly address: string; readonly name: string }) => api.wallet.rename(input), ['wallet']);
}

export function useSetDefaultAccount(): UseMutationResult<WalletView, unknown, string> {
  return useApiAction((api, address: string) => api.wallet.setDefault({ address }), ['wallet']);
}

export function useUnlock(): UseMutationResult<WalletView, unknown, string> {
  return useApiAction((api, password: string) => api.wallet.unlock({ password }), ['app', 'wallet']);
}

export function useLock(): UseMutationResult<WalletView, unknown, undefined> {
  return useApiAction((api) => api.wallet.lock(), ['app', 'wallet']);
}

export function useFaucet(): UseMutationResult<{ readonly hash: string }, unknown, { readonly account: string; readonly amount: Amount }> {
  return useApiAction((api, input: { readonly account: string; readonly amount: Amount }) => api.wallet.faucet(input), ['wallet']);
}

/** Simulates a payment; nothing is signed by it. */
export function usePrepareSend(): (input: { from: string; to: string; amount: Amount | 'all' }) => Promise<Proposal> {
  const api = useApi();
  return (input) => api.wallet.prepareSend(input);
}
