import { concat, fromBigInt, fromHex, padLeft, toHex, u64be } from '../../../base/bytes.ts';
import { precompileAt } from '../../../evm/precompiles/table.ts';
import { objectKind, same, type VectorCase } from '../vector-kind.ts';

interface Proof {
  readonly address: string;
  readonly blockHash: string;
  readonly cpuDifficulty: number;
  readonly cpuFirstNonce: number;
  readonly memDifficulty: number;
  readonly memFirstNonce: number;
}

interface Recorded {
  readonly cases: readonly Proof[];
  readonly precompileCalls: readonly { readonly precompile: string; readonly input: string; readonly gas: number; readonly output: string }[];
}

const CPU = 0x6an;
const MEMORY = 0x6bn;
const INPUT_BYTES = 128;

/** The two proofs of work that admit a node as a candidate. */
export const admission = objectKind<Recorded>('admission', ['cases', 'precompileCalls'], function* ({ cases, precompileCalls }) {
  for (const [i, proof] of cases.entries()) {
    yield same(`${i}: smallest nonce by processor`, () => firstNonce(CPU, proof, proof.cpuDifficulty, proof.cpuFirstNonce), proof.cpuFirstNonce);
    yield same(`${i}: smallest nonce by memory`, () => firstNonce(MEMORY, proof, proof.memDifficulty, proof.memFirstNonce), proof.memFirstNonce);
  }
  for (const [i, { precompile, input, gas, output }] of precompileCalls.entries()) {
    yield same(`call ${i}`, () => ({ gas: precompileAt(BigInt(precompile))?.gas(fromHex(input)), output: run(BigInt(precompile), fromHex(input)) }), { gas, output });
  }
  yield* shortInputs();
});

/** Where the reference stops with a panic the frame fails, always. */
function* shortInputs(): Generator<VectorCase> {
  for (const address of [CPU, MEMORY]) {
    for (const length of [0, 1, 64, INPUT_BYTES - 1]) yield same(`0x${address.toString(16)} with ${length} bytes`, () => run(address, new Uint8Array(length)), 'failed');
  }
}

/** Looked for no further than where it was found. */
function firstNonce(precompile: bigint, { address, blockHash }: Proof, difficulty: number, recorded: number): number | undefined {
  for (let nonce = 0; nonce <= recorded; nonce++) {
    const input = concat(padLeft(fromHex(address), 32), padLeft(u64be(nonce), 32), fromHex(blockHash), fromBigInt(BigInt(difficulty), 32));
    if (run(precompile, input).endsWith('1')) return nonce;
  }
  return undefined;
}

function run(precompile: bigint, input: Uint8Array): string {
  const output = precompileAt(precompile)?.run(input);
  return output === undefined ? 'failed' : toHex(output);
}
