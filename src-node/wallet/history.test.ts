import { beforeEach, describe, expect, it } from 'vitest';
import { fromHex, hexOf, toHex, type Bytes } from '../base/bytes.ts';
import { millis } from '../base/clock.ts';
import { CodedError } from '../base/errors.ts';
import type { BlockInfo, ChainReader, ReceiptInfo, TransactionInfo } from '../chain/reader.ts';
import { History } from './history.ts';
import { openWalletStore } from './store.ts';

const ME = fromHex('11'.repeat(20));
const OTHER = fromHex('22'.repeat(20));
const CONTRACT = fromHex('cc'.repeat(20));
const CALL = fromHex('51cff8d9');
const GAS = 21_000n;

/** A chain written down by hand: transactions with what they did, and what contracts paid inside of them. */
class WrittenChain {
  readonly blocks: BlockInfo[] = [];
  readonly receipts = new Map<string, ReceiptInfo>();
  readonly balances: Map<string, bigint>[] = [new Map([[hexOf(ME), 1_000_000n]])];
  pruned = false;
  #count = 0;

  transaction(fields: Partial<TransactionInfo>): TransactionInfo {
    return { hash: fromHex((this.#count += 1).toString(16).padStart(64, '0')), from: ME, to: OTHER, value: 0n, nonce: 0n, gasPrice: 1n, input: new Uint8Array(0), ...fields };
  }

  /** @param paid what contracts paid `ME` in the block */
  add(transactions: readonly TransactionInfo[], { paid = 0n, refused = [], mark = '' }: { readonly paid?: bigint; readonly refused?: readonly TransactionInfo[]; readonly mark?: string } = {}): void {
    const number = BigInt(this.blocks.length);
    const hash = fromHex(`${mark}b${number.toString(16)}`.padStart(64, '0'));
    let balance = (this.balances.at(-1)?.get(hexOf(ME)) ?? 0n) + paid;
    for (const tx of transactions) {
      const ok = !refused.includes(tx);
      this.receipts.set(hexOf(tx.hash), { transactionHash: tx.hash, blockNumber: number, blockHash: hash, ok, gasUsed: GAS, contractAddress: null });
      if (hexOf(tx.from) === hexOf(ME)) balance -= GAS * tx.gasPrice + (ok ? tx.value : 0n);
      if (tx.to !== null && hexOf(tx.to) === hexOf(ME) && ok) balance += tx.value;
    }
    this.balances.push(new Map([[hexOf(ME), balance]]));
    this.blocks.push({ number, hash, timeMillis: millis(Number(number) * 1000), parentHash: hash, transactions });
  }

  reader(): ChainReader {
    const known: Pick<ChainReader, 'head' | 'block' | 'receipt' | 'balanceOf'> = {
      head: () => this.blocks.at(-1) ?? null,
      block: (number) => Promise.resolve(this.blocks[Number(number)] ?? null),
      receipt: (hash) => Promise.resolve(this.receipts.get(hexOf(hash)) ?? null),
      balanceOf: (address, block) => {
        if (this.pruned) throw new CodedError('STATE_UNKNOWN', 'Pruned.');
        return Promise.resolve(this.balances[Number(block ?? 0n) + 1]?.get(hexOf(address)) ?? 0n);
      },
    };
    return known as ChainReader;
  }
}

let chain: WrittenChain;
let history: History;
const follow = (): Promise<boolean> => history.follow(new AbortController().signal);
const read = (): readonly { readonly kind: string; readonly amount: bigint; readonly fee: bigint | null; readonly ok: boolean }[] => history.movements(null, null, 50).map(({ kind, amount, fee, ok }) => ({ kind, amount, fee, ok }));

beforeEach(() => {
  chain = new WrittenChain();
  chain.add([]);
  history = new History({ firstBlock: 0n }, { db: openWalletStore(':memory:'), reader: chain.reader(), accounts: () => [ME] });
});

describe('movements', () => {
  it('tell what came in and went out, with fees', async () => {
    chain.add([chain.transaction({ value: 70n }), chain.transaction({ from: OTHER, to: ME, value: 30n })]);
    await follow();
    expect(read()).toEqual([{ kind: 'in', amount: 30n, fee: null, ok: true }, { kind: 'out', amount: -70n, fee: GAS, ok: true }]);
  });

  it('of a network whose past is not read stay when an account is added', async () => {
    const db = openWalletStore(':memory:');
    const began = (firstBlock: bigint): History => new History({ firstBlock }, { db, reader: chain.reader(), accounts: () => [ME] });
    history = began(1n);
    chain.add([chain.transaction({ value: 70n })]);
    await follow();
    for (let i = 0; i < 3; i++) chain.add([]);
    history = began(4n); // the program was started again
    history.reset();
    await follow();
    expect(read()).toEqual([{ kind: 'out', amount: -70n, fee: GAS, ok: true }]);
  });

  it('of a call show what the contract paid out, less what it was given', async () => {
    chain.add([chain.transaction({ to: CONTRACT, input: CALL, value: 5n })], { paid: 905n });
    await follow();
    expect(read()).toEqual([{ kind: 'call', amount: 900n, fee: GAS, ok: true }]);
  });

  it('show money that somebody else let a contract pay', async () => {
    chain.add([chain.transaction({ from: OTHER, to: CONTRACT, input: CALL })], { paid: 44n });
    await follow();
    expect(read()).toEqual([{ kind: 'credit', amount: 44n, fee: null, ok: true }]);
    expect(toHex(history.movements(null, null, 1)[0]?.hash ?? new Uint8Array(0))).toBe(toHex(chain.blocks[1]?.hash ?? new Uint8Array(0)));
  });

  it('do not guess which of two calls was paid', async () => {
    chain.add([chain.transaction({ to: CONTRACT, input: CALL }), chain.transaction({ to: CONTRACT, input: CALL, nonce: 1n })], { paid: 10n });
    await follow();
    expect(read()).toEqual([{ kind: 'credit', amount: 10n, fee: null, ok: true }, { kind: 'call', amount: 0n, fee: GAS, ok: true }, { kind: 'call', amount: 0n, fee: GAS, ok: true }]);
  });

  it('of a refused transaction cost the fee only', async () => {
    const refused = chain.transaction({ to: CONTRACT, input: CALL, value: 500n });
    chain.add([refused], { refused: [refused] });
    await follow();
    expect(read()).toEqual([{ kind: 'call', amount: 0n, fee: GAS, ok: false }]);
  });

  it('add up to the balance, whatever happened', async () => {
    const refused = chain.transaction({ value: 9n });
    chain.add([chain.transaction({ value: 70n }), refused], { refused: [refused], paid: 3n });
    chain.add([chain.transaction({ from: OTHER, to: ME, value: 30n }), chain.transaction({ to: CONTRACT, input: CALL, value: 8n })], { paid: 21n });
    chain.add([], {});
    await follow();
    const moved = read().reduce((sum, { amount, fee }) => sum + amount - (fee ?? 0n), 1_000_000n);
    expect(moved).toBe(chain.balances.at(-1)?.get(hexOf(ME)));
  });

  it('are read without payouts where the node forgot the state', async () => {
    chain.pruned = true;
    chain.add([chain.transaction({ to: CONTRACT, input: CALL })], { paid: 905n });
    await follow();
    expect(read()).toEqual([{ kind: 'call', amount: 0n, fee: GAS, ok: true }]);
  });

  it('of replaced blocks are taken back, and reading goes on where it stopped', async () => {
    chain.add([chain.transaction({ value: 70n })]);
    await follow();
    expect(await follow()).toBe(false);
    chain.blocks.pop();
    chain.balances.pop();
    chain.add([chain.transaction({ value: 71n })], { mark: 'a' });
    chain.add([]);
    await follow();
    expect(read().map(({ amount }) => amount)).toEqual([-71n]);
  });
});

describe('pages of movements', () => {
  it('continue after the last one shown', async () => {
    for (let i = 1n; i <= 5n; i++) chain.add([chain.transaction({ value: i })]);
    await follow();
    const first = history.movements(ME, null, 2);
    const last: Bytes | null = first[1]?.hash ?? null;
    expect([...first, ...history.movements(ME, last, 3)].map(({ amount }) => amount)).toEqual([-5n, -4n, -3n, -2n, -1n]);
  });
});
