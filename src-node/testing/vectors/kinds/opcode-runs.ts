import { fromHex, toHex } from '../../../base/bytes.ts';
import { runCode } from '../../../evm/testing/run-code.ts';
import { objectKind, same } from '../vector-kind.ts';

interface Recorded {
  readonly gasTable: unknown;
  readonly ops: readonly { readonly opcode: string; readonly code: string; readonly gasLimit: number; readonly gasUsed: number; readonly return: string; readonly error?: string }[];
}

/** Every byte run once as an instruction. */
export const opcodeRuns = objectKind<Recorded>('runs of instructions', ['gasTable', 'ops'], function* ({ ops }) {
  for (const run of ops) {
    yield same(run.opcode, () => {
      const { gasUsed, returnData, error } = runCode(fromHex(run.code), { gas: BigInt(run.gasLimit) });
      return { gasUsed: Number(gasUsed), returned: toHex(returnData), failed: error !== undefined };
    }, { gasUsed: run.gasUsed, returned: run.return, failed: run.error !== undefined });
  }
});
