import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromHex, hexOf, toHex } from '../../base/bytes.ts';
import { createAddress } from '../../evm/create-address.ts';
import { readTraceOptions } from '../parameters/trace-options.ts';
import { callTracer } from './call-tracer.ts';
import { stepTracer } from './step-tracer.ts';
import { traced } from './testing/traced.ts';

interface Call {
  readonly type: string;
  readonly from?: string;
  readonly to?: string;
  readonly value?: string;
  readonly gas?: string;
  readonly gasUsed?: string;
  readonly input?: string;
  readonly output?: string;
  readonly error?: string;
  readonly calls?: readonly Call[];
}

/** Assembled: five zeros or four, an address, gas, the call. */
const addressHex = (byte: number): string => byte.toString(16).padStart(2, '0').repeat(20);
const call = (to: string, gas = 'ffff'): string => `${'6000'.repeat(5)}73${to}61${gas}f1`;
const OTHER = 0xaa;
const OTHER_ADDRESS = `0x${addressHex(OTHER)}`;
const SELF = `0x${'c0'.repeat(20)}`;

function callsOf(code: string, contracts: Readonly<Record<number, string>> = {}, gas?: bigint): Call {
  return traced(callTracer, code, { contracts, ...(gas === undefined ? {} : { gas }) }) as Call;
}

/** What the code ends with, as the error of its own call. */
const errorOf = (code: string, gas?: bigint): string | undefined => callsOf(code, {}, gas).error;

describe('the calls of a transaction', () => {
  it('stand within each other, with what each was given and gave', () => {
    const echo = '60203560005260206000f3'; // returns its second word
    const calling = `602a6020526020600060406000600773${addressHex(OTHER)}61fffff100`;
    const { calls, output, gasUsed, gas } = callsOf(calling, { [OTHER]: echo });
    expect([gas, output]).toEqual(['0xf4240', '0x']);
    expect(calls).toEqual([
      { type: 'CALL', from: SELF, to: OTHER_ADDRESS, value: '0x7', gas: `0x${(0xffff + 2300).toString(16)}`, gasUsed: '0x15', input: `0x${'00'.repeat(63)}2a`, output: `0x${'00'.repeat(31)}2a` },
    ]);
    expect(Number(gasUsed)).toBe(2 * 3 + 9 + 7 * 3 + 700 + 9000 - 2300 + 0x15); // two words of memory, the words of the call, a call with value, and what the callee took
  });

  it('carry value with CALL and CALLCODE alone, and their kind', () => {
    const four = `${'6000'.repeat(4)}73${addressHex(OTHER)}61ffff`;
    const { calls = [] } = callsOf(`${call(addressHex(OTHER))}50${'6000'.repeat(5)}73${addressHex(OTHER)}61fffff250${four}f450${four}fa50`, { [OTHER]: '00' });
    expect(calls.map(({ type, value }) => [type, value])).toEqual([['CALL', '0x0'], ['CALLCODE', '0x0'], ['DELEGATECALL', undefined], ['STATICCALL', undefined]]);
  });

  it('show no gas of an account without code, and nothing of precompiled contracts', () => {
    const { calls } = callsOf(`${call(addressHex(OTHER))}50${call(`${'00'.repeat(19)}04`)}50`);
    expect(calls).toEqual([{ type: 'CALL', from: SELF, to: OTHER_ADDRESS, value: '0x0', input: '0x' }]);
  });

  it('are told apart when one follows the other at once', () => {
    // the second call takes the 1 that the first left as its gas
    const { calls } = callsOf(`${'6000'.repeat(5)}73${addressHex(OTHER)}${call(addressHex(0xbb))}505af100`);
    expect(calls?.map(({ to, calls: below }) => [to, below])).toEqual([[`0x${addressHex(0xbb)}`, undefined], [OTHER_ADDRESS, undefined]]);
  });

  it('that fail keep their gas and say why, and leave the caller going', () => {
    const failing = (code: string): readonly Call[] | undefined => callsOf(`${call(addressHex(OTHER))}50${call(addressHex(0xbb))}50`, { [OTHER]: code, 0xbb: '00' }).calls;
    expect(failing('fe')).toMatchObject([{ error: 'invalid opcode 0xfe', gas: '0xffff', gasUsed: '0xffff' }, { to: `0x${addressHex(0xbb)}`, gasUsed: '0x0', output: '0x' }]);
    expect(failing('60006000fd')).toMatchObject([{ error: 'execution reverted', gasUsed: '0x6' }, { to: `0x${addressHex(0xbb)}` }]);
    expect(failing(`${call(addressHex(0xcc))}fe`)).toMatchObject([{ error: 'invalid opcode 0xfe', calls: [{ to: `0x${addressHex(0xcc)}` }] }, { to: `0x${addressHex(0xbb)}` }]);
  });

  it('show contracts that were created or destroyed', () => {
    const creating = (init: string): Call => callsOf(`6b${init.padEnd(24, '0')}600052600c60146003f050`); // 12 bytes, shifted to the end of the word
    const created = toHex(createAddress(fromHex(SELF), 0n));
    const { calls } = creating('60ff60005360016000f3');
    expect(calls).toEqual([{ type: 'CREATE', from: SELF, to: created, value: '0x3', gas: expect.any(String) as string, gasUsed: `0x${(5 * 3 + 3 + 200).toString(16)}`, input: `0x60ff60005360016000f30000`, output: '0xff' }]);
    expect(creating('fe').calls).toMatchObject([{ type: 'CREATE', error: 'invalid opcode 0xfe' }]);
    expect(creating('60ff6000536160016000f3').calls).toMatchObject([{ error: 'internal failure' }]); // more code than may be stored
    expect(callsOf('33ff').calls).toEqual([{ type: 'SELFDESTRUCT' }]);
  });

  it.each<[code: string, error: string, gas?: bigint]>([
    ['01', 'stack underflow (0 <=> 2)'],
    ['5b6000600056', 'out of gas', 1000n],
    ['6001'.repeat(1025), 'stack limit reached 1024 (1024)'],
    ['600456fe01', 'invalid jump destination (ADD) 4'],
    ['600060006001603c3e', 'evm: return data out of bounds'],
    ['60006000fd', 'execution reverted'],
    ['0c', 'invalid opcode 0xc'],
  ])('end with %s by "%s"', (code, error, gas) => {
    expect(errorOf(code, gas)).toBe(error);
  });

  it('are as deep as the execution went, and use no more than they were given, whatever the code does', () => {
    const instruction = fc.oneof(fc.constantFrom(0x31, 0x35, 0x3e, 0x50, 0x52, 0x55, 0x56, 0x57, 0x80, 0x90, 0xf0, 0xf1, 0xf3, 0xfd, 0xff), fc.nat(255));
    const plain = fc.tuple(fc.constantFrom(0x60, 0x5b), fc.nat(70), instruction).map((bytes) => hexOf(Uint8Array.from(bytes)));
    const calling = fc.tuple(fc.constantFrom(OTHER, 0xbb, 0xc0), fc.constantFrom('f1', 'f2', 'f4', 'fa')).map(([byte, opcode]) => `${'6000'.repeat(4)}${opcode < 'f4' ? '6001' : ''}73${addressHex(byte)}612000${opcode}`);
    const creating = fc.uint8Array({ minLength: 12, maxLength: 12 }).map((init) => `6b${hexOf(init)}600052600c60146001f0`);
    const program = fc.array(fc.oneof(plain, calling, creating), { maxLength: 12 }).map((parts) => parts.join(''));
    const depthOf = ({ calls = [] }: Call): number => 1 + Math.max(0, ...calls.filter(({ gas }) => gas !== undefined).map(depthOf));
    const all = (call: Call): Call[] => [call, ...(call.calls ?? []).flatMap(all)];
    let deepest = 0;
    fc.assert(
      fc.property(program, program, program, (code, other, third) => {
        const options = { contracts: { [OTHER]: other, 0xbb: third }, gas: 200_000n };
        const { structLogs, failed } = traced(stepTracer(readTraceOptions({ disableMemory: true, disableStack: true })), code, options) as { structLogs: { depth: number }[]; failed: boolean };
        const root = traced(callTracer, code, options) as Call;
        expect(root.error !== undefined).toBe(failed);
        if (code !== '') expect(depthOf(root)).toBe(Math.max(...structLogs.map(({ depth }) => depth)));
        for (const { gas, gasUsed } of all(root)) if (gas !== undefined) expect([BigInt(gasUsed ?? -1) >= 0n, BigInt(gasUsed ?? 0) <= BigInt(gas)]).toEqual([true, true]);
        deepest = Math.max(deepest, depthOf(root));
      }),
      { numRuns: 300 },
    );
    expect(deepest).toBeGreaterThan(2);
  });

  it('tell what a transaction did that creates a contract', () => {
    const create = (init: string, gas?: bigint): Call => traced(callTracer, init, { isCreation: true, ...(gas === undefined ? {} : { gas }) }) as Call;
    expect(create('60ff60005360016000f3')).toMatchObject({ type: 'CREATE', to: toHex(createAddress(new Uint8Array(20).fill(0xca), 0n)), input: '0x60ff60005360016000f3', output: '0xff' });
    const tooDear = create('60ff60005360016000f3', 100n);
    expect([tooDear.error, tooDear.output]).toEqual(['contract creation code storage out of gas', undefined]);
  });
});
