/** Speed of the interpreter alone: three endless loops, each run until its gas is used up. */
import { keccak256 } from '../src-node/crypto/keccak.ts';
import { fromHex, utf8 } from '../src-node/base/bytes.ts';
import { MemoryStore } from '../src-node/db/memory-store.ts';
import { Evm } from '../src-node/evm/evm.ts';
import { EMPTY_TRIE_ROOT } from '../src-node/primitives/trie-root.ts';
import { State } from '../src-node/state/state.ts';
import { TrieNodeStore } from '../src-node/state/trie-node-store.ts';
import type { BenchRow } from './row.ts';

/** Bodies of loops `JUMPDEST body PUSH1 0 JUMP`; each leaves the stack as it found it but for the first, which keeps one word. */
const LOOPS: Readonly<Record<string, string>> = {
  // DUP1 DUP1 MUL PUSH4 c ADD DUP2 XOR SWAP1 POP, on a full-width word
  arithmetic: '7fc0ffee00000000000000000000000000000000000000000000000000000000015b8080026312345678018118905060215600',
  // PUSH1 32 PUSH1 0 SHA3 PUSH1 0 MSTORE
  keccak: '5b6020600020600052600056',
  // GAS PUSH2 0x0400 MSTORE
  mstore: '5b5a61040052600056',
};

export function benchEvm(): BenchRow[] {
  return Object.entries(LOOPS).map(([name, hex]) => ({ name: `evm ${name}`, value: megagasPerSecond(fromHex(hex)), unit: 'Mgas/s' }));
}

function megagasPerSecond(code: Uint8Array): number {
  const contract = new Uint8Array(20).fill(1);
  const caller = new Uint8Array(20).fill(2);
  const state = new State(new TrieNodeStore({}, { store: new MemoryStore() }), EMPTY_TRIE_ROOT);
  state.setCode(contract, code);
  const block = { coinbase: caller, number: 1n, timeSeconds: 0n, gasLimit: 0n, blockHash: () => keccak256(utf8('')) };
  const evm = new Evm(state, block, { origin: caller, gasPrice: 0n });
  const spend = (gas: bigint): number => {
    const start = performance.now();
    evm.execute({ kind: 'call', caller, to: contract, value: 0n, input: new Uint8Array(0), gas });
    return (performance.now() - start) / 1000;
  };
  spend(5_000_000n); // the engine compiles the hot path
  const gas = 50_000_000n;
  return Math.round(Number(gas) / 1e6 / spend(gas));
}
