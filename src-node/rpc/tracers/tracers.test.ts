import { describe, expect, it } from 'vitest';
import { fromHex, hexOf, toHex } from '../../base/bytes.ts';
import type { Chain } from '../../chain/chain.ts';
import { applyTransaction } from '../../chain/execution/transaction.ts';
import { authorOf } from '../../chain/execution/author.ts';
import { blockContextOf } from '../../chain/execution/block-context.ts';
import { GasPool } from '../../chain/execution/gas-pool.ts';
import { MemoryStore } from '../../db/memory-store.ts';
import { emptyState } from '../../evm/testing/run-code.ts';
import { network } from '../../networks/network.ts';
import { senderOf, transactionHash, type Transaction } from '../../primitives/transaction.ts';
import { encodeBlock, type Block } from '../../primitives/block.ts';
import { asking } from '../../testing/ask.ts';
import { blocksIn, testChain } from '../../testing/chains.ts';
import { readVector } from '../../testing/vectors.ts';
import { debugMethods } from '../methods/debug-methods.ts';
import { traceMethods } from '../methods/trace-methods.ts';
import { sizeLimit } from '../methods/size-limit.ts';
import { readDuration } from '../parameters/duration.ts';
import { readTraceOptions } from '../parameters/trace-options.ts';
import { checksummed } from '../views/address-view.ts';
import { durationText } from '../views/duration.ts';
import { fourByteTracer } from './four-byte-tracer.ts';
import { stepTracer } from './step-tracer.ts';
import { traced } from './testing/traced.ts';
import { trigramTracer } from './trigram-tracer.ts';

interface Steps {
  readonly gas: number;
  readonly failed: boolean;
  readonly returnValue: string;
  readonly structLogs: readonly { readonly op: string; readonly depth: number; readonly error?: object }[];
}
type Prestate = Readonly<Record<string, { readonly balance: string; readonly nonce: number; readonly code: string; readonly storage: Readonly<Record<string, string>> }>>;

/** The recorded chain as far as its blocks with contracts of all kinds. */
const HEAD = 98;
const chain: Chain = await testChain(network('dev'), new MemoryStore(), { archive: true });
await chain.importBlocks(blocksIn(readVector('blocks/dev-chain.rlp')).slice(0, HEAD + 1));
const blocks = Array.from({ length: HEAD + 1 }, (_, number) => chain.blockByNumber(BigInt(number))).filter((block) => block !== undefined && block.transactions.length > 0) as Block[];
const ask = asking(traceMethods({ chain }));

/** Of all transactions of a block. */
async function traces<T>({ header }: Block, options: object): Promise<readonly T[]> {
  const { result } = await ask<readonly { readonly result: T }[]>('debug_traceBlockByNumber', `0x${header.number.toString(16)}`, options);
  return result.map((each) => each.result);
}

const WITHOUT_PARTS = { disableMemory: true, disableStack: true, disableStorage: true };
const sender = (tx: Transaction): Uint8Array => senderOf(tx, chain.network.chainId);
const contextOf = ({ header }: Block): ReturnType<typeof blockContextOf> => blockContextOf(header, authorOf(header), (number) => chain.hashAt(number) ?? new Uint8Array(32));

/** How often each name came. */
function counted(names: readonly string[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

it('counts of instructions are those of the list of steps', async () => {
  let steps = 0;
  for (const block of blocks) {
    const lists = (await traces<Steps>(block, WITHOUT_PARTS)).map(({ structLogs }) => structLogs);
    steps += lists.flat().length;
    expect(await traces(block, { tracer: 'opcountTracer' })).toEqual(lists.map(({ length }) => length));
    expect(await traces(block, { tracer: 'unigramTracer' })).toEqual(lists.map((list) => counted(list.map(({ op }) => op))));
    const pairs = lists.map((list) => list.slice(1).flatMap(({ op, depth }, i) => (list[i]?.depth === depth ? [`${list[i].op}-${op}`] : [])));
    expect(await traces(block, { tracer: 'bigramTracer' })).toEqual(pairs.map(counted));
    expect(await traces(block, { tracer: 'noopTracer' })).toEqual(lists.map(() => null));
  }
  expect(steps).toBeGreaterThan(1000);
});

it('three instructions are counted where they ran at one depth', () => {
  const calling = `${'6000'.repeat(5)}73${'aa'.repeat(20)}61fffff100`;
  expect(traced(trigramTracer, calling, { contracts: { 0xaa: '60016002' } })).toEqual({
    '--PUSH1': 2, '-PUSH1-PUSH1': 1, 'PUSH1-PUSH1-PUSH1': 2, 'PUSH1-PUSH1-PUSH20': 1, 'PUSH1-PUSH20-PUSH2': 1, 'PUSH20-PUSH2-CALL': 1, '-PUSH1-STOP': 1,
  });
});

it('methods that were called are known by four bytes and the length of the rest', () => {
  const deadbeef = '63deadbeef60e01b600052';
  const call = (opcode: string, zeros: number, length: string): string => `60006000${length}6000${'6000'.repeat(zeros - 4)}73${'aa'.repeat(20)}61ffff${opcode}50`;
  const code = `${deadbeef}${call('f1', 5, '6024')}${call('f1', 5, '6024')}${call('f4', 4, '6004')}${call('fa', 4, '6003')}60006000602060006000600461fffff150`;
  expect(traced(fourByteTracer, code, { input: fromHex('0x0102030405') })).toEqual({ '0xdeadbeef-32': 2, '0xdeadbeef-0': 1, '0x01020304-1': 1 });
});

describe('the accounts and slots that a transaction met', () => {
  it('are all that it needs to come to the same end elsewhere', async () => {
    let slots = 0;
    for (const block of blocks) {
      const prestates = await traces<Prestate>(block, { tracer: 'prestateTracer' });
      const ends = await traces<Steps>(block, WITHOUT_PARTS);
      for (const [index, tx] of block.transactions.entries()) {
        const state = emptyState();
        for (const [name, account] of Object.entries(prestates[index] ?? {})) {
          const address = fromHex(name);
          state.addBalance(address, BigInt(account.balance));
          state.setNonce(address, BigInt(account.nonce));
          if (account.code !== '0x') state.setCode(address, fromHex(account.code));
          for (const [slot, value] of Object.entries(account.storage)) state.setStorage(address, BigInt(slot), BigInt(value));
          slots += Object.keys(account.storage).length;
        }
        state.finalise();
        const outcome = applyTransaction({ state, tx, sender: sender(tx), evmBlock: contextOf(block), gasPool: new GasPool(block.header.gasLimit) });
        expect({ gas: Number(outcome.gasUsed), failed: outcome.error !== undefined, returnValue: hexOf(outcome.returnData) }).toEqual({ ...ends[index], structLogs: undefined });
      }
    }
    expect(slots).toBeGreaterThan(20);
  });

  it('show the sender and the receiver of a payment as they were', async () => {
    const block = blocks.find(({ transactions: [tx] }) => tx !== undefined && tx.to !== null && tx.payload.length === 0);
    const [tx] = block?.transactions ?? [];
    if (block === undefined || tx?.to == null) throw new TypeError('no payment is recorded');
    const state = chain.stateAt(chain.headerByHash(block.header.parentHash)?.stateRoot ?? new Uint8Array());
    const met = Object.entries((await traces<Prestate>(block, { tracer: 'prestateTracer' }))[0] ?? {});
    expect(met.map(([name, { balance, nonce }]) => [name, BigInt(balance), BigInt(nonce)])).toEqual([tx.to, sender(tx)].map((who) => [toHex(who), state.balanceOf(who), state.nonceOf(who)]));
  });
});

it('a transaction is shown alone as it is shown in its block', async () => {
  const block = blocks.find(({ header }) => header.number === 94n);
  if (block === undefined) throw new TypeError('no such block');
  const all = await traces(block, { tracer: '4byteTracer' });
  for (const index of [0, 7, all.length - 1]) {
    const tx = block.transactions[index] as Transaction;
    expect((await ask('debug_traceTransaction', toHex(transactionHash(tx)), { tracer: '4byteTracer' })).result).toEqual(all[index]);
  }
  expect(new Set(all.map((each) => JSON.stringify(each))).size).toBeGreaterThan(3);
});

describe('a block that is given whole', () => {
  const given = async (encoded: string | Uint8Array): ReturnType<typeof ask> => ask('debug_traceBlock', typeof encoded === 'string' ? encoded : Buffer.from(encoded).toString('base64'), { tracer: 'unigramTracer' });
  const [block] = blocks.slice(-1) as [Block];
  const changed = (header: Partial<Block['header']>, change: Partial<Transaction> = {}): Uint8Array => encodeBlock({ header: { ...block.header, ...header }, transactions: block.transactions.map((tx) => ({ ...tx, ...change })) });

  it('is shown as the one of the chain, also when the chain would refuse it', async () => {
    const wanted = (await traces(block, { tracer: 'unigramTracer' })).map((result) => ({ result }));
    expect((await given(encodeBlock(block))).result).toEqual(wanted);
    expect((await given(changed({ gasUsed: 1n }))).result).toEqual(wanted);
  });

  it.each<[what: string, encoded: string | Uint8Array, message: RegExp]>([
    ['no base64', '0xf9f', /^invalid argument 0: illegal base64 data$/],
    ['no block', 'wIDA', /^could not decode block: /],
    ['a block without a parent', changed({ parentHash: new Uint8Array(32).fill(7) }), /^parent (?:07){32} not found$/],
    ['a block with the number of another', changed({ number: 5n }), /^parent [0-9a-f]{64} not found$/],
    ['a transaction out of its turn', changed({}, { nonce: 77n }), /./],
  ])('is refused: %s', async (_, encoded, message) => {
    expect((await given(encoded)).error?.message).toMatch(message);
  });
});

it('a block is printed with its transactions', async () => {
  const print = async (number: number): Promise<string[]> => (await asking(debugMethods({ chain }))<string>('debug_printBlock', number)).result.split('\n');
  const created = await print(92);
  const at = created.indexOf(' transactions: (types.Transactions) (len=18) {');
  const [first] = blocks.find(({ header }) => header.number === 92n)?.transactions ?? [];
  expect(created.slice(at + 1, at + 7)).toEqual([
    '  (*types.Transaction)({',
    '   data: (types.txdata) {',
    '    Type: (uint64) 0,',
    `    AccountNonce: (uint64) ${first?.nonce.toString() ?? ''},`,
    `    Price: (*big.Int)(${first?.gasPrice.toString() ?? ''}),`,
    `    GasLimit: (uint64) ${first?.gasLimit.toString() ?? ''},`,
  ]);
  expect(created[at + 7]).toBe('    Recipient: (*common.Address)(<nil>),');
  expect(await print(94)).toContain(`    Recipient: (*common.Address)((len=20) ${checksummed(fromHex('0x7f7c576e6623f5d5b7a2140b5400c37c381f1400'))}),`);
});

describe('options of a trace', () => {
  const hash = toHex(transactionHash(blocks[0]?.transactions[0] as Transaction));
  const message = async (options: object): Promise<string | undefined> => (await ask('debug_traceTransaction', hash, options)).error?.message;

  it.each<[options: object, message: RegExp]>([
    [{ tracer: '{step: function() {}}' }, /^programs are not run: .*callTracer/],
    [{ tracer: 5 }, /cannot unmarshal number into Go value of type string/],
    [{ tracer: 'callTracer', timeout: '5 seconds' }, /time: invalid duration 5 seconds/],
    [{ reexec: -1 }, /cannot unmarshal number -1/],
    [{ tracer: 'opcountTracer', timeout: '1ns' }, /^execution timeout$/],
  ])('%j is refused', async (options, expected) => {
    expect(await message(options)).toMatch(expected);
  });

  it.each([{ tracer: 'opcountTracer', timeout: '1m0.5s', reexec: 10 }, { Tracer: 'opcountTracer', TIMEOUT: '5s' }, { tracer: null, timeout: null, reexec: 0 }])('%j is taken', async (options) => {
    expect(await message(options)).toBeUndefined();
  });
});

it('an error is shown with its step where it was found before the instruction, and not where the instruction found it', () => {
  const lastOf = (code: string): unknown => (traced(stepTracer(readTraceOptions({})), code) as Steps).structLogs.map(({ op, error }) => [op, error]).at(-1);
  expect(lastOf('600456fe01')).toEqual(['JUMP', undefined]);
  expect(lastOf('60016000603c600060003e')).toEqual(['RETURNDATACOPY', undefined]);
  expect(lastOf('01')).toEqual(['ADD', {}]);
});

it('an answer that grows too long ends by name', () => {
  const grow = sizeLimit('ask for less');
  grow(60 * 1024 * 1024);
  expect(() => grow(5 * 1024 * 1024)).toThrow(expect.objectContaining({ code: 'ANSWER_TOO_LONG', message: 'the answer is too long: ask for less' }));
});

it.each([[0, '0s'], [0.000_5, '500ns'], [0.012_345, '12.345µs'], [1.297254, '1.297254ms'], [1500, '1.5s']])('%d milliseconds are written as %s', (millis, text) => {
  expect(durationText(millis)).toBe(text);
});

it.each([['0', 0], ['300ms', 300], ['1m30s', 90_000], ['1.5h', 5_400_000], ['-2s', -2000], ['250µs', 0.25]])('%s is read as %d milliseconds', (text, millis) => {
  expect(readDuration(text)).toBeCloseTo(millis, 6);
});
