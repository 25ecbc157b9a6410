import { describe, expect, it } from 'vitest';
import { concat, fromBigInt, fromHex, hexOf, toBigInt, utf8 } from '../base/bytes.ts';
import { keccak256 } from '../crypto/keccak.ts';
import { createAddress } from './create-address.ts';
import { Evm } from './evm.ts';
import { CALLER, CONTRACT, emptyState, runCode } from './testing/run-code.ts';

/** Returns the word on top of the stack. */
const RETURN_TOP = '60005260206000f3';

function wordOf(hex: string, options?: Parameters<typeof runCode>[1]): bigint {
  const { returnData, error } = runCode(fromHex(hex + RETURN_TOP), options);
  expect(error).toBeUndefined();
  return toBigInt(returnData);
}

describe('Evm', () => {
  it('nests 1025 frames and no more, on its own stack', () => {
    // SLOAD(0)+1 -> SSTORE(0); CALL(gas, address, 0, 0, 0, 0, 0)
    const { state, error } = runCode(fromHex('60005460010160005560006000600060006000305af1'), { gas: 10n ** 14n });
    expect(error).toBeUndefined();
    expect(state.storageAt(CONTRACT, 0n)).toBe(1025n);
  });

  it('answers a call to 0x6a with too short an input with a failed frame that costs its gas', () => {
    // CALL(0xffff, 0x6a, 0, 0, 64, 0, 0)
    const run = runCode(fromHex(`60006000604060006000606a61fffff1${RETURN_TOP}`));
    expect(toBigInt(run.returnData)).toBe(0n);
    expect(run.gasUsed).toBeGreaterThan(0xffffn);
    expect(wordOf('60006000608060006000606a61fffff1')).toBe(1n);
  });

  it('knows the hashes of the last 256 blocks only', () => {
    const hash = (n: number): bigint => wordOf(`61${n.toString(16).padStart(4, '0')}40`);
    expect(hash(999)).toBe(toBigInt(keccak256(utf8('999'))));
    expect(hash(744)).toBe(toBigInt(keccak256(utf8('744'))));
    expect([hash(743), hash(1000), hash(1001)]).toEqual([0n, 0n, 0n]);
  });

  it('refuses changes in a static call', () => {
    for (const code of ['6001600055', '60006000a0', '600060006000f0', '6000ff', '60006000600060006001600260fff1']) {
      expect(runCode(fromHex(code), { isStatic: true }).error).toBe('WRITE_PROTECTION');
    }
    expect(runCode(fromHex('60006000600060006000600260fff1'), { isStatic: true }).error).toBeUndefined();
  });

  it('creates, reverts a creation with its data, and collides with a used address', () => {
    const state = emptyState();
    state.addBalance(CALLER, 100n);
    const block = { coinbase: CALLER, number: 1n, timeSeconds: 0n, gasLimit: 1n, blockHash: () => new Uint8Array(32) };
    const evm = new Evm(state, block, { origin: CALLER, gasPrice: 0n });
    const create = (code: string, value = 0n): ReturnType<Evm['execute']> => evm.execute({ kind: 'create', caller: CALLER, value, code: fromHex(code), gas: 100_000n });

    // MSTORE8(0, 0xfe) RETURN(0, 1)
    const made = create('60fe60005360016000f3', 7n);
    expect(hexOf(made.created ?? CALLER)).toBe(hexOf(createAddress(CALLER, 0n)));
    expect(state.codeOf(createAddress(CALLER, 0n))).toEqual(Uint8Array.of(0xfe));
    expect(state.balanceOf(createAddress(CALLER, 0n))).toBe(7n);

    const reverted = create('60fe60005360016000fd', 7n);
    expect(reverted).toMatchObject({ error: 'REVERT', returnData: Uint8Array.of(0xfe) });
    expect(state.exists(createAddress(CALLER, 1n))).toBe(false);

    state.setNonce(createAddress(CALLER, 2n), 1n);
    expect(create('00')).toMatchObject({ error: 'ADDRESS_COLLISION', gasLeft: 0n });
    expect(create('00', 1000n)).toMatchObject({ error: 'INSUFFICIENT_BALANCE', gasLeft: 100_000n });
    expect(state.nonceOf(CALLER)).toBe(3n);
  });

  it('grows memory by the word, reads zeros beyond its inputs and forgets what a longer copy overwrote', () => {
    expect(wordOf('610123600052601f5159')).toBe(64n);
    // CALLDATACOPY(0, 0, 32) over a filled word, with 1 byte of input
    const filled = `7f${'ff'.repeat(32)}60005260206000600037600051`;
    expect(wordOf(filled, { input: Uint8Array.of(0xab) })).toBe(0xabn << 248n);
    expect(runCode(concat(Uint8Array.of(0x7f), fromBigInt(1n << 64n, 32), Uint8Array.of(0x51))).error).toBe('OUT_OF_GAS');
    expect(runCode(fromHex(`60007f${'ff'.repeat(32)}20`)).error).toBeUndefined(); // SHA3 of nothing, anywhere
  });

  it('refuses gas that a number cannot count', () => {
    expect(() => runCode(fromHex('00'), { gas: 1n << 53n })).toThrow(/2\^53/);
  });
});
