import { describe, expect, it } from 'vitest';
import { createAddress } from '../../evm/create-address.ts';
import { MemoryStore } from '../../db/memory-store.ts';
import { network } from '../../networks/network.ts';
import { asking } from '../../testing/ask.ts';
import { blocksIn, testChain } from '../../testing/chains.ts';
import { readVector } from '../../testing/vectors.ts';
import { hexOf, fromHex } from '../../base/bytes.ts';
import { traceMethods } from '../methods/trace-methods.ts';
import { evmdisTracer } from './evmdis-tracer.ts';
import { opcodeName } from './opcode-name.ts';
import { traced } from './testing/traced.ts';

interface Operation {
  readonly op: number | string;
  readonly depth: number;
  readonly result: readonly string[];
  readonly input?: Readonly<Record<string, number>>;
  readonly error?: string | null;
  readonly return?: Readonly<Record<string, number>> | null;
  readonly ops?: readonly Operation[];
  readonly pc?: number;
  readonly len?: number;
}
interface Step {
  readonly pc: number;
  readonly op: string;
  readonly depth: number;
  readonly stack: readonly string[];
  readonly error?: object;
}

const operations = (code: string, contracts: Readonly<Record<number, string>> = {}): readonly Operation[] => Object.values(traced(evmdisTracer, code, { contracts }) as object) as Operation[];
const names = (ops: readonly Operation[]): readonly string[] => ops.map(({ op }) => (typeof op === 'string' ? op : opcodeName(op)));
const LEAVE_NOTHING = new Set(['POP', 'MSTORE', 'MSTORE8', 'SSTORE', 'JUMP', 'JUMPI', 'JUMPDEST', 'CALLDATACOPY', 'CODECOPY', 'EXTCODECOPY', 'RETURNDATACOPY', 'LOG0', 'LOG1', 'LOG2', 'LOG3', 'LOG4']);
const OTHER = 'aa'.repeat(20);
const call = (opcode: string, zeros: number): string => `${'6000'.repeat(zeros)}73${OTHER}61ffff${opcode}`;

describe('the instructions of recorded transactions', () => {
  it('are those of the list of steps, each with what the next step of its frame finds on the stack', async () => {
    const chain = await testChain(network('dev'), new MemoryStore(), { archive: true });
    await chain.importBlocks(blocksIn(readVector('blocks/dev-chain.rlp')).slice(0, 99));
    const ask = asking(traceMethods({ chain }));
    const tracesOf = async <T>(number: number, options: object): Promise<readonly T[]> => (await ask<readonly { readonly result: T }[]>('debug_traceBlockByNumber', `0x${number.toString(16)}`, options)).result.map(({ result }) => result);
    let compared = 0;
    let calls = 0;
    for (let number = 1; number < 99; number++) {
      const lists = await tracesOf<{ readonly structLogs: readonly Step[] }>(number, { disableMemory: true, disableStorage: true });
      for (const [index, ops] of (await tracesOf<readonly Operation[]>(number, { tracer: 'evmdisTracer' })).entries()) {
        const steps = withoutCreations(lists[index]?.structLogs ?? []);
        const all = flat(ops);
        expect(all.map(({ op, depth, pc, len }) => [typeof op === 'string' ? op : opcodeName(op), depth, pc, len])).toEqual(steps.filter(isShown).map(shownAs));
        expect(all.map(({ result }) => result)).toEqual(steps.flatMap((step, i) => (isShown(step) ? [left(step, steps, i)] : [])));
        compared += all.length;
        calls += all.filter(({ ops: within = [] }) => within.length > 0).length;
      }
    }
    expect(compared).toBeGreaterThan(1000);
    expect(calls).toBeGreaterThan(0);
  });
});

/** Every instruction, calls before what they ran. */
function flat(ops: readonly Operation[]): readonly Operation[] {
  return ops.flatMap((one) => [one, ...flat(one.ops ?? [])]);
}

function withoutCreations(steps: readonly Step[]): readonly Step[] {
  let creating: number | undefined;
  return steps.filter(({ op, depth }) => {
    if (creating !== undefined && depth > creating) return false;
    creating = op === 'CREATE' ? depth : undefined;
    return true;
  });
}

/** Those that failed are not. */
const isShown = ({ error }: Step): boolean => error === undefined;

function shownAs({ op, depth, pc }: Step): readonly unknown[] {
  return [op, depth, op === 'JUMPDEST' ? pc : undefined, op.startsWith('PUSH') ? Number(op.slice(4)) + 1 : undefined];
}

/** What the next step of the same frame finds: nothing when there is none. */
function left({ op, depth }: Step, steps: readonly Step[], index: number): readonly string[] {
  let at = index + 1;
  while ((steps[at]?.depth ?? 0) > depth) at++;
  const next = steps[at];
  if (next?.depth !== depth) return [];
  const family = /^(?:DUP|SWAP)(\d+)$/.exec(op);
  const count = family === null ? (LEAVE_NOTHING.has(op) ? 0 : 1) : Number(family[1]) + 1;
  return next.stack.slice(next.stack.length - count).reverse().map((word) => BigInt(`0x${word}`).toString(16));
}

describe('a call', () => {
  it('stands with what it was given, what it ran and what came back', () => {
    const ops = operations(`602a6000526020600060206000600773${OTHER}61fffff115`, { 0xaa: '600360005360036000f3' });
    expect(ops.at(10)).toEqual({
      op: 0xf1, depth: 1, result: ['1'], gas: 0xffff, to: OTHER, value: '7', input: bytes(`${'00'.repeat(31)}2a`), error: null, return: bytes('030000'),
      ops: [
        { op: 0x60, depth: 2, result: ['3'], len: 2 },
        { op: 0x60, depth: 2, result: ['0'], len: 2 },
        { op: 0x53, depth: 2, result: [] },
        { op: 0x60, depth: 2, result: ['3'], len: 2 },
        { op: 0x60, depth: 2, result: ['0'], len: 2 },
        { op: 0xf3, depth: 2, result: [] },
      ],
    });
    expect(ops.slice(11)).toEqual([{ op: 0x15, depth: 1, result: ['0'] }, { op: 0, depth: 1, result: [] }]); // the next one is not lost
  });

  it('without value is named, in the order of other nodes', () => {
    const ops = operations(`${call('f4', 4)}50${call('fa', 4)}50`, { 0xaa: '00' });
    const calls = ops.filter(({ ops: within }) => within !== undefined);
    expect(calls.map(({ op }) => op)).toEqual(['DELEGATECALL', 'STATICCALL']);
    expect(calls.map((one) => Object.keys(one))).toEqual(calls.map(() => ['op', 'depth', 'result', 'gas', 'to', 'input', 'error', 'return', 'ops']));
    expect(calls.map((one) => one.return)).toEqual([{}, {}]);
    expect(Object.keys(operations(call('f1', 5)).find(({ ops: within }) => within !== undefined) ?? {})).toEqual(['op', 'depth', 'result', 'gas', 'to', 'value', 'input', 'error', 'return', 'ops']);
  });

  it('that fails says why, unless its instruction was found wrong while it ran', () => {
    const failing = (code: string): readonly unknown[] => operations(`${call('f1', 5)}50`, { 0xaa: code }).filter(({ ops }) => ops !== undefined).map(({ error, return: returned, result, ops = [] }) => [error, returned, result, names(ops)]);
    expect(failing('fe')).toEqual([['invalid opcode 0xfe', null, ['0'], []]]);
    expect(failing('01')).toEqual([['stack underflow (0 <=> 2)', null, ['0'], []]]);
    expect(failing('600356')).toEqual([[null, null, ['0'], ['PUSH1', 'JUMP']]]);
    expect(failing('60006000fd')).toEqual([[null, null, ['0'], ['PUSH1', 'PUSH1', 'REVERT']]]);
  });

  it('of an account without code ran nothing, also when another call follows at once', () => {
    const ops = operations(`${'6000'.repeat(5)}73${'bb'.repeat(20)}${call('f1', 5)}f150`);
    const calls = ops.filter(({ ops: within }) => within !== undefined);
    expect(calls.map(({ depth, ops: within, result }) => [depth, within, result])).toEqual([[1, [], ['1']], [1, [], ['1']]]);
  });
});

it('what a creation runs is passed over, and the calls of it', () => {
  const init = `${call('f1', 5)}00`;
  const length = init.length / 2;
  const code = `60${length.toString(16)}600c60003960${length.toString(16)}60006000f0${init}`;
  const ops = operations(code, { 0xaa: '6001' });
  const created = ops.find(({ op }) => op === 0xf0);
  expect(created?.result).toEqual([hexOf(createAddress(fromHex('c0'.repeat(20)), 0n)).replace(/^0+/, '')]);
  expect(ops.every(({ depth }) => depth === 1)).toBe(true);
});

function bytes(hex: string): Readonly<Record<string, number>> {
  return Object.fromEntries(fromHex(hex).entries());
}
