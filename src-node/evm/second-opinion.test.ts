/** The interpreter beside another one that shares no code with it: the same programs, the same gas, output, storage and logs. */
import { Common, Hardfork, Mainnet } from '@ethereumjs/common';
import { createEVM, type EVM, type EVMOpts } from '@ethereumjs/evm';
import { SimpleStateManager } from '@ethereumjs/statemanager';
import { Address, createAccount, createAddressFromString } from '@ethereumjs/util';
import { describe, expect, it } from 'vitest';
import { fromBigInt, toBigInt, toHex, type Bytes } from '../base/bytes.ts';
import { CALLER, CONTRACT, runCode } from './testing/run-code.ts';
import { dice, randomCode } from './testing/random-code.ts';

const PROGRAMS = 400;
const GAS = 300_000n;
const OTHER = 0xd0;
const WORD = 1n << 256n;
const SLOTS = 6n;

/** This chain's SAR, which differs for zero (docs/protocol/03 §6.3). */
const SAR: Extract<NonNullable<EVMOpts['customOpcodes']>[number], { opcodeName: string }> = {
  opcode: 0x1d,
  opcodeName: 'SAR',
  baseFee: 3,
  logicFunction: ({ stack }) => {
    const [shift, value] = stack.popN(2) as [bigint, bigint];
    const signed = BigInt.asIntN(256, value);
    stack.push(shift >= 256n ? (signed > 0n ? 0n : WORD - 1n) : BigInt.asUintN(256, signed >> shift));
  },
};

const address = (byte: number | Bytes): Address => new Address(typeof byte === 'number' ? new Uint8Array(20).fill(byte) : byte);

/** Byzantium with the shifts: Petersburg without the two instructions that it has beyond them. */
async function otherEvm(code: Bytes, other: Bytes): Promise<EVM> {
  const common = new Common({ chain: Mainnet, hardfork: Hardfork.Petersburg });
  const stateManager = new SimpleStateManager({ common });
  await stateManager.putAccount(address(CALLER), createAccount({ balance: 10n ** 18n }));
  for (const [place, content] of [[CONTRACT, code], [new Uint8Array(20).fill(OTHER), other]] as const) {
    await stateManager.putAccount(address(place), createAccount({}));
    await stateManager.putCode(address(place), content);
  }
  return createEVM({ common, stateManager, customOpcodes: [{ opcode: 0xf5 }, { opcode: 0x3f }, SAR] });
}

const zero = createAddressFromString(`0x${'00'.repeat(20)}`);
const block = { header: { number: 1000n, coinbase: zero, timestamp: 1n, difficulty: 0n, prevRandao: new Uint8Array(32), gasLimit: 100_000_000n, baseFeePerGas: 0n, slotNumber: 0n, getBlobGasPrice: () => undefined } };

interface Outcome {
  readonly failed: boolean;
  readonly gasUsed: bigint;
  readonly refund: bigint;
  readonly output: string;
  readonly logs: readonly unknown[];
  readonly storage: readonly string[];
}

async function theirs(code: Bytes, other: Bytes, input: Bytes): Promise<Outcome> {
  const evm = await otherEvm(code, other);
  const { execResult } = await evm.runCall({ to: address(CONTRACT), caller: address(CALLER), origin: address(CALLER), gasPrice: 1n, gasLimit: GAS, data: input, block });
  const failed = execResult.exceptionError !== undefined;
  const storage: string[] = [];
  for (const place of [CONTRACT, new Uint8Array(20).fill(OTHER)]) {
    for (let slot = 0n; slot < SLOTS; slot++) storage.push(toBigInt(await evm.stateManager.getStorage(address(place), fromBigInt(slot, 32))).toString(16));
  }
  const logs = failed ? [] : (execResult.logs ?? []).map(([who, topics, data]) => [toHex(who), topics.map(toHex), toHex(data)]);
  return { failed, gasUsed: execResult.executionGasUsed, refund: failed ? 0n : (execResult.gasRefund ?? 0n), output: toHex(execResult.returnValue), logs, storage };
}

function ours(code: Bytes, other: Bytes, input: Bytes): Outcome {
  const { error, gasUsed, returnData, state } = runCode(code, { gas: GAS, input, contracts: { [OTHER]: other } });
  const storage = [CONTRACT, new Uint8Array(20).fill(OTHER)].flatMap((place) => Array.from({ length: Number(SLOTS) }, (_, slot) => state.storageAt(place, BigInt(slot)).toString(16)));
  const logs = state.takeLogs().map((log) => [toHex(log.address), log.topics.map(toHex), toHex(log.data)]);
  return { failed: error !== undefined, gasUsed, refund: state.refund, output: toHex(returnData), logs, storage };
}

describe('the interpreter', () => {
  it(`agrees with another one about ${PROGRAMS} random programs`, async () => {
    const seen = { failed: 0, logs: 0, storage: 0, output: 0 };
    for (let seed = 1; seed <= PROGRAMS; seed++) {
      const roll = dice(seed * 7919);
      const others = [toBigInt(new Uint8Array(20).fill(OTHER)), toBigInt(CONTRACT), 2n, 4n];
      const code = randomCode(roll, others);
      const other = randomCode(roll, others);
      const input = Uint8Array.from({ length: roll(100) }, () => roll(256));
      const mine = ours(code, other, input);
      expect({ seed, code: toHex(code), ...mine }).toEqual({ seed, code: toHex(code), ...(await theirs(code, other, input)) });
      seen.failed += Number(mine.failed);
      seen.logs += mine.logs.length;
      seen.storage += mine.storage.filter((value) => value !== '0').length;
      seen.output += Number(mine.output.length > 2);
    }
    // The programs do things: most end well, and what is compared is there.
    expect(seen.failed).toBeLessThan(PROGRAMS * 0.6);
    expect(Math.min(seen.failed, seen.logs, seen.storage, seen.output)).toBeGreaterThan(50);
  });
});
