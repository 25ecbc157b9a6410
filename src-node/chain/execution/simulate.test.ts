import { describe, expect, it } from 'vitest';
import { EMPTY_BYTES, fromHex, hexOf, toHex } from '../../base/bytes.ts';
import { CodedError } from '../../base/errors.ts';
import { applyMessage, type ChainMessage } from './message.ts';
import { estimateGas, simulateCall } from './simulate.ts';
import { preState } from './testing/pre-state.ts';

const SENDER = fromHex('a94f5374fce5edbc8e2a8697c15331677e6ebf0b');
const KEEPER = fromHex('00000000000000000000000000000000000c0de0');

/** With input: stores it at slot 0; without: reverts with the word 42. */
const KEEPER_CODE = '0x36600e57602a60005260206000fd5b60003560005500';

function setUp() {
  const state = preState({
    [toHex(SENDER)]: { balance: '1000000', nonce: 3, code: '0x', storage: {} },
    [toHex(KEEPER)]: { balance: '0', nonce: 1, code: KEEPER_CODE, storage: {} },
  });
  const evmBlock = { coinbase: new Uint8Array(20), number: 1n, timeSeconds: 0n, gasLimit: 10_000_000n, blockHash: () => new Uint8Array(32) };
  return { state, evmBlock };
}

function message(changes: Partial<ChainMessage>): ChainMessage {
  return { from: SENDER, to: KEEPER, value: 0n, payload: EMPTY_BYTES, gasLimit: 1_000_000n, gasPrice: 0n, ...changes };
}

describe('simulateCall', () => {
  it('gives a revert as a code with its data and leaves the state alone', () => {
    const modules = setUp();
    const before = hexOf(modules.state.root());
    const outcome = simulateCall(message({}), modules, { funds: 'own' });
    expect(outcome.error).toBe('REVERT');
    expect(hexOf(outcome.returnData)).toBe('2a'.padStart(64, '0'));
    expect(simulateCall(message({ payload: Uint8Array.of(7) }), modules, { funds: 'own' }).error).toBeUndefined();
    expect(modules.state.nonceOf(SENDER)).toBe(3n);
    modules.state.finalise();
    expect(hexOf(modules.state.root())).toBe(before);
  });

  it('lets the sender pay from its balance, or without end', () => {
    const modules = setUp();
    const dear = message({ payload: Uint8Array.of(7), gasPrice: 18_000_000_000n, value: 0n });
    expect(() => simulateCall(dear, modules, { funds: 'own' })).toThrow('insufficient balance to pay for gas');
    expect(simulateCall(dear, modules, { funds: 'unlimited' }).error).toBeUndefined();
    expect(() => simulateCall(message({ value: 1_000_001n }), modules, { funds: 'own' })).toThrow('insufficient balance for transfer');
    expect(() => simulateCall(message({ gasLimit: 20_999n }), modules, { funds: 'own' })).toThrow('out of gas');
  });
});

describe('a checkpoint', () => {
  it('ends endless code and leaves the state as it was', () => {
    const { state, evmBlock } = setUp();
    state.setCode(KEEPER, fromHex('5b600056')); // JUMPDEST PUSH1 0 JUMP
    state.finalise();
    let calls = 0;
    const checkpoint = (): void => {
      if (++calls > 3) throw new CodedError('CALL_TIMED_OUT', 'execution timeout');
    };
    expect(() => simulateCall(message({ gasLimit: 100_000_000n }), { state, evmBlock, checkpoint }, { funds: 'own' })).toThrow('execution timeout');
    expect(state.nonceOf(SENDER)).toBe(3n);
  });
});

describe('estimateGas', () => {
  it('finds the smallest limit that succeeds', () => {
    const modules = setUp();
    const payload = Uint8Array.of(7);
    const estimate = estimateGas(message({ payload }), modules, { funds: 'own' });
    const succeeds = (gasLimit: bigint): boolean => simulateCall(message({ payload, gasLimit }), modules, { funds: 'own' }).error === undefined;
    expect([succeeds(estimate), succeeds(estimate - 1n)]).toEqual([true, false]);
    expect(estimateGas(message({ to: SENDER }), modules, { funds: 'own' })).toBe(21_000n);
  });

  it('says when no limit suffices', () => {
    expect(() => estimateGas(message({}), setUp(), { funds: 'own' })).toThrow('gas required exceeds allowance or always failing transaction');
  });

  it('counts gas that only comes back as a refund', () => {
    const modules = setUp();
    applyMessage(message({ payload: Uint8Array.of(7) }), modules, 1_000_000n);
    modules.state.finalise();
    const clearing = message({ payload: Uint8Array.of(0) });
    const { gasUsed } = simulateCall(clearing, modules, { funds: 'own' });
    expect(estimateGas(clearing, modules, { funds: 'own' })).toBeGreaterThan(gasUsed);
  });
});
