/** A whole state as the reference writes it down: names without 0x, storage by slot as RLP. */
import { fromHex, hexOf, toBigInt, toHex } from '../../base/bytes.ts';
import { preState, type RecordedAccount } from '../../chain/execution/testing/pre-state.ts';
import { keccak256 } from '../../crypto/keccak.ts';
import { bytesIn, decode } from '../../primitives/rlp/index.ts';
import { trieRoot } from '../../primitives/trie-root.ts';
import { same, type VectorCase } from './vector-kind.ts';

export interface StateDump {
  readonly root: string;
  readonly accounts: Readonly<Record<string, DumpedAccount>>;
}

interface DumpedAccount extends RecordedAccount {
  /** Of its storage. */
  readonly root: string;
  readonly codeHash: string;
}

/** Every account by itself, then the root over all of them. */
export function* stateDumpCases({ root, accounts }: StateDump): Generator<VectorCase> {
  for (const [address, { root: storageRoot, codeHash, code, storage }] of Object.entries(accounts)) {
    yield same(`account ${address}: code`, () => hexOf(keccak256(fromHex(code))), codeHash);
    yield same(`account ${address}: storage`, () => hexOf(trieRoot(Object.entries(storage).map(([slot, value]) => [keccak256(fromHex(slot)), fromHex(value)]))), storageRoot);
  }
  yield same('root of the state', () => hexOf(preState(Object.fromEntries(Object.entries(accounts).map(readable))).root()), root.replace('0x', ''));
}

function readable([address, account]: readonly [string, DumpedAccount]): [string, RecordedAccount] {
  const storage = Object.entries(account.storage).map(([slot, value]) => [slot, toBigInt(bytesIn(decode(fromHex(value))))] as const);
  return [address, { ...account, code: toHex(fromHex(account.code)), storage: Object.fromEntries(storage.map(([slot, value]) => [slot, `0x${value.toString(16).padStart(64, '0')}`])) }];
}
