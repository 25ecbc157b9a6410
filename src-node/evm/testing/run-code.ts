import { EMPTY_BYTES, type Bytes } from '../../base/bytes.ts';
import { MemoryStore } from '../../db/memory-store.ts';
import { EMPTY_TRIE_ROOT } from '../../primitives/trie-root.ts';
import { State } from '../../state/state.ts';
import { TrieNodeStore } from '../../state/trie-node-store.ts';
import { keccak256 } from '../../crypto/keccak.ts';
import { utf8 } from '../../base/bytes.ts';
import { Evm, type ExecutionResult } from '../evm.ts';
import type { Tracer } from '../trace.ts';

export const CALLER = new Uint8Array(20).fill(0xca);
export const CONTRACT = new Uint8Array(20).fill(0xc0);

export interface RunCodeOptions {
  readonly gas?: bigint;
  readonly input?: Bytes;
  readonly isStatic?: boolean;
  readonly tracer?: Tracer;
  /** Further contracts of the state, by the byte that fills their address. */
  readonly contracts?: Readonly<Record<number, Bytes>>;
}

export type CodeRun = ExecutionResult & { readonly gasUsed: bigint; readonly state: State };

export function emptyState(): State {
  return new State(new TrieNodeStore({}, { store: new MemoryStore() }), EMPTY_TRIE_ROOT);
}

/** Runs `code` as the contract CONTRACT, called by CALLER, in a state with nothing else. */
export function runCode(code: Bytes, options: RunCodeOptions = {}): CodeRun {
  const { gas = 1_000_000n, input = EMPTY_BYTES, isStatic = false, contracts = {}, tracer } = options;
  const state = emptyState();
  state.addBalance(CALLER, 10n ** 18n);
  state.setCode(CONTRACT, code);
  for (const [byte, other] of Object.entries(contracts)) state.setCode(new Uint8Array(20).fill(Number(byte)), other);
  state.finalise();
  const block = { coinbase: new Uint8Array(20), number: 1000n, timeSeconds: 1n, gasLimit: 100_000_000n, blockHash: (n: bigint) => keccak256(utf8(String(n))) };
  const evm = new Evm(state, block, { origin: CALLER, gasPrice: 1n }, tracer === undefined ? {} : { tracer });
  const result = evm.execute({ kind: 'call', caller: CALLER, to: CONTRACT, value: 0n, input, gas, isStatic });
  return { ...result, gasUsed: gas - result.gasLeft, state };
}
