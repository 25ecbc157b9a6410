/** The first block of a network and its state (docs/protocol/02 §4). Genesis is not executed: it is written. */
import type { Bytes } from '../base/bytes.ts';
import type { WriteBatch } from '../db/store.ts';
import type { GenesisAccount, NetworkConfig } from '../networks/network-config.ts';
import type { Block } from '../primitives/block.ts';
import { emptyBloom } from '../primitives/bloom.ts';
import { SIGNATURE_LENGTH } from '../primitives/header.ts';
import { EMPTY_TRIE_ROOT } from '../primitives/trie-root.ts';
import { State } from '../state/state.ts';
import type { TrieNodeStore } from '../state/trie-node-store.ts';

/** Adds the allocated accounts to the batch; empty ones stay. @returns the state root */
export function writeGenesisState(alloc: readonly GenesisAccount[], nodes: TrieNodeStore, batch: WriteBatch): Bytes {
  const state = new State(nodes, EMPTY_TRIE_ROOT);
  for (const account of alloc) {
    state.addBalance(account.address, account.balance);
    if (account.nonce !== 0n) state.setNonce(account.address, account.nonce);
    if (account.code.length > 0) state.setCode(account.address, account.code);
    for (const [slot, value] of account.storage) state.setStorage(account.address, slot, value);
  }
  state.finalise({ keepEmpty: true });
  return state.commit(batch, 0n);
}

export function genesisBlock(network: NetworkConfig, stateRoot: Bytes): Block {
  const { genesis, dpor } = network;
  const noSignature = new Uint8Array(SIGNATURE_LENGTH);
  return {
    header: {
      parentHash: new Uint8Array(32),
      coinbase: new Uint8Array(20),
      stateRoot,
      transactionsRoot: EMPTY_TRIE_ROOT,
      receiptsRoot: EMPTY_TRIE_ROOT,
      logsBloom: emptyBloom(),
      number: 0n,
      gasLimit: genesis.gasLimit,
      gasUsed: 0n,
      timeMillis: genesis.timeMillis,
      extra: genesis.extra,
      dpor: {
        seal: noSignature,
        sigs: new Array<Bytes>(3 * dpor.faulty + 1).fill(noSignature),
        proposers: network.proposers,
        validators: network.validators,
      },
    },
    transactions: [],
  };
}
