import { fromHex, toBigInt } from '../../../base/bytes.ts';
import { MemoryStore } from '../../../db/memory-store.ts';
import { EMPTY_TRIE_ROOT } from '../../../primitives/trie-root.ts';
import { State } from '../../../state/state.ts';
import { TrieNodeStore } from '../../../state/trie-node-store.ts';

/** An account as recorded: balance decimal, code and storage in hex. */
export interface RecordedAccount {
  readonly balance: string;
  readonly nonce: number;
  readonly code: string;
  readonly storage: Readonly<Record<string, string>>;
}

/** A state of exactly these accounts, empty ones too. */
export function preState(accounts: Readonly<Record<string, RecordedAccount>>): State {
  const state = new State(new TrieNodeStore({}, { store: new MemoryStore() }), EMPTY_TRIE_ROOT);
  for (const [hex, account] of Object.entries(accounts)) {
    const address = fromHex(hex);
    state.touch(address);
    state.addBalance(address, BigInt(account.balance));
    state.setNonce(address, BigInt(account.nonce));
    if (account.code !== '0x') state.setCode(address, fromHex(account.code));
    for (const [slot, value] of Object.entries(account.storage)) state.setStorage(address, toBigInt(fromHex(slot)), toBigInt(fromHex(value)));
  }
  state.finalise({ keepEmpty: true });
  return state;
}
