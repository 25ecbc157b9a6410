/** A whole state as text (docs/protocol/05 §5): hex without "0x", accounts and slots by address and number in their order. */
import { hexOf, type Bytes } from '../../base/bytes.ts';
import type { Account } from '../../state/account.ts';
import type { State } from '../../state/state.ts';
import { plainNumber } from '../protocol/json.ts';

/** Characters of an account without code and storage. */
const ACCOUNT_LENGTH = 320;
const SLOT_LENGTH = 140;

/**
 * What is known by its hash alone stands under "", the last of it, as other nodes of the network write it.
 * @param checkpoint called again and again, and `grow` with the characters that are added: both may throw
 */
export function dumpView(state: State, root: Bytes, checkpoint: () => void, grow: (characters: number) => void): object {
  const accounts: [name: string, view: object][] = [];
  for (const { address, account } of state.accounts()) {
    checkpoint();
    accounts.push([hexOf(address ?? new Uint8Array()), accountView(account, checkpoint, grow)]);
  }
  return { root: hexOf(root), accounts: byName(accounts) };
}

function accountView(account: Account, checkpoint: () => void, grow: (characters: number) => void): object {
  const { balance, nonce, storageRoot, codeHash, code } = account;
  grow(ACCOUNT_LENGTH + 2 * code.length);
  const storage: [name: string, value: string][] = [];
  for (const { number, encodedValue } of account.storage()) {
    checkpoint();
    grow(SLOT_LENGTH);
    storage.push([hexOf(number ?? new Uint8Array()), hexOf(encodedValue)]);
  }
  return { balance: balance.toString(), nonce: plainNumber(nonce), root: hexOf(storageRoot), codeHash: hexOf(codeHash), code: hexOf(code), storage: byName(storage) };
}

function byName<T>(entries: readonly (readonly [name: string, value: T])[]): Readonly<Record<string, T>> {
  return Object.fromEntries([...entries].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}
