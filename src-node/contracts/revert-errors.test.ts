import { Interface } from 'ethers';
import { describe, expect, it } from 'vitest';
import { fromHex } from '../base/bytes.ts';
import { ERROR_FRAGMENTS } from './bindings/errors.gen.ts';
import { revertError } from './revert-errors.ts';

const codec = new Interface([...ERROR_FRAGMENTS, 'error Error(string)', 'error Panic(uint256)', 'error Foreign(uint256)']);
const data = (name: string, ...args: readonly unknown[]): Uint8Array => fromHex(codec.encodeErrorResult(name, args));

describe('revertError', () => {
  it('names every custom error with a code of its own, a sentence and a next step', () => {
    const errors = new Interface(ERROR_FRAGMENTS).fragments.map((fragment) => ({ name: 'name' in fragment ? String(fragment.name) : '', inputs: fragment.inputs }));
    const found = errors.map(({ name, inputs }) => revertError(data(name, ...inputs.map(({ type }) => (type === 'bytes32' ? `0x${'00'.repeat(32)}` : 7)))));
    expect(new Set(found.map(({ code }) => code)).size).toBe(errors.length);
    for (const error of found) expect([error.code !== 'CONTRACT_REVERTED', /^[A-Z].*\.$/.test(error.message), /^[A-Z].*\.$/.test(error.help ?? '')]).toEqual([true, true, true]);
  });

  it('keeps the arguments for the details', () => {
    expect(revertError(data('TooEarly', 1234n)).meta).toEqual({ fromBlock: '1234' });
    expect(revertError(data('BondTooLow', 5n)).meta).toEqual({ free: '5' });
  });

  it('passes on a short reason of another contract, and nothing that is none', () => {
    expect(revertError(data('Error', 'no tokens left'))).toMatchObject({ code: 'CONTRACT_REVERTED', message: 'The contract refused the call: no tokens left' });
    expect(revertError(data('Error', 'x'.repeat(5_000))).message.length).toBeLessThan(300);
    const others = [data('Panic', 0x11n), data('Foreign', 1n), new Uint8Array(0), fromHex('08c379a0'), fromHex('08c379a0ff'), new Uint8Array(3), fromHex(`${'2f'.repeat(4)}00`)];
    for (const other of others) expect(revertError(other)).toMatchObject({ code: 'CONTRACT_REVERTED', message: 'The contract refused the call without a reason.' });
  });
});
