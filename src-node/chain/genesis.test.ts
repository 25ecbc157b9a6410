import { describe, expect, it } from 'vitest';
import { fromHex, toBigInt, toHex } from '../base/bytes.ts';
import { MemoryStore } from '../db/memory-store.ts';
import type { GenesisAccount } from '../networks/network-config.ts';
import { network } from '../networks/network.ts';
import { headerHash } from '../primitives/header.ts';
import { TrieNodeStore } from '../state/trie-node-store.ts';
import { readVectorJson } from '../testing/vectors.ts';
import { genesisBlock, writeGenesisState } from './genesis.ts';

interface CustomGenesis {
  readonly genesis: { readonly alloc: Readonly<Record<string, { balance: string; nonce?: number; code?: string; storage?: Record<string, string> }>>; readonly stateRoot: string };
}

function stateRootOf(alloc: readonly GenesisAccount[]): Uint8Array {
  const store = new MemoryStore();
  return writeGenesisState(alloc, new TrieNodeStore({}, { store }), store.batch());
}

describe('genesis', () => {
  it('of practice never changes by accident', () => {
    const config = network('practice');
    const block = genesisBlock(config, stateRootOf(config.genesis.alloc));
    expect(toHex(headerHash(block.header))).toBe('0xfd43b5c8e09ac480067861222baa552609748a6077958bed1c1d02ef486d4f67');
  });

  it('has the recorded state root when accounts have code and storage', () => {
    const { genesis } = readVectorJson<CustomGenesis>('chain/block-of-eleven.json');
    const alloc = Object.entries(genesis.alloc).map(([address, account]) => ({
      address: fromHex(address),
      balance: BigInt(account.balance),
      nonce: BigInt(account.nonce ?? 0),
      code: fromHex(account.code ?? ''),
      storage: new Map(Object.entries(account.storage ?? {}).map(([slot, value]) => [toBigInt(fromHex(slot)), toBigInt(fromHex(value))])),
    }));
    expect(toHex(stateRootOf(alloc))).toBe(genesis.stateRoot);
  });

  it('puts a word of storage under its slot', () => {
    const first = toBigInt(fromHex(`01${'00'.repeat(31)}`));
    const account = { address: fromHex(`01${'00'.repeat(19)}`), balance: 1n, nonce: 0n, code: new Uint8Array(), storage: new Map([[first, first]]) };
    expect(toHex(stateRootOf([account]))).toBe('0x8257aee1cdaa2c42ae5dfad636710ee73437466b7504770feb19d63e2be3c913');
  });
});
