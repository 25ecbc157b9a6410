import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EMPTY_BYTES, hexOf, toBigInt, type Bytes } from '../base/bytes.ts';
import { MemoryStore } from '../db/memory-store.ts';
import { bytesIn, decode } from '../primitives/rlp/index.ts';
import { EMPTY_TRIE_ROOT } from '../primitives/trie-root.ts';
import { State } from './state.ts';
import { TrieNodeStore } from './trie-node-store.ts';

function address(last: number): Bytes {
  return Uint8Array.from({ length: 20 }, (_, i) => (i === 19 ? last : 0));
}

function newState(): State {
  return new State(new TrieNodeStore({}, { store: new MemoryStore() }), EMPTY_TRIE_ROOT);
}

/** A state that stands on disk with one account of each kind, reopened. */
async function prepared(): Promise<State> {
  const store = new MemoryStore();
  const nodes = new TrieNodeStore({}, { store });
  const state = new State(nodes, EMPTY_TRIE_ROOT);
  state.addBalance(address(1), 100n);
  state.setCode(address(2), Uint8Array.of(0x60, 0));
  state.setStorage(address(2), 5n, 55n);
  state.addBalance(address(3), 0n);
  state.addBalance(address(4), 0n);
  state.finalise({ keepEmpty: true });
  const batch = store.batch();
  const root = state.commit(batch, 0n);
  await batch.write();
  return new State(nodes, root);
}

const who = fc.integer({ min: 1, max: 6 }).map(address);
const slot = fc.bigInt({ min: 0n, max: 3n });
type Change = (state: State) => void;
const change: fc.Arbitrary<Change> = fc.oneof(
  fc.tuple(who, fc.bigInt({ min: 0n, max: 9n })).map(([a, amount]): Change => (state) => state.addBalance(a, amount)),
  who.map((a): Change => (state) => state.subBalance(a, state.balanceOf(a) / 2n)),
  fc.tuple(who, fc.bigInt({ min: 1n, max: 9n })).map(([a, nonce]): Change => (state) => state.setNonce(a, nonce)),
  fc.tuple(who, slot, fc.bigInt({ min: 0n, max: 2n })).map(([a, s, v]): Change => (state) => state.setStorage(a, s, v)),
  fc.tuple(who, fc.uint8Array({ maxLength: 3 })).map(([a, code]): Change => (state) => state.setCode(a, code)),
  who.map((a): Change => (state) => state.createAccount(a)),
  who.map((a): Change => (state) => state.selfDestruct(a)),
  fc.constant<Change>((state) => state.addRefund(10n)),
  who.map((a): Change => (state) => state.addLog({ address: a, topics: [], data: a })),
);

describe('State', () => {
  it('is after a revert what it would be without the reverted changes', async () => {
    // account 3 is kept from being empty at the ends: its touch is the one that outlives a revert
    await fc.assert(
      fc.asyncProperty(fc.array(change, { maxLength: 15 }), fc.array(change, { maxLength: 15 }), fc.array(change, { maxLength: 15 }), async (before, reverted, after) => {
        const left = await prepared();
        const right = await prepared();
        for (const state of [left, right]) state.addBalance(address(3), 1n);
        for (const apply of before) for (const state of [left, right]) apply(state);
        const snapshot = left.snapshot();
        for (const apply of reverted) apply(left);
        left.revertTo(snapshot);
        expect(left.refund).toBe(right.refund);
        for (const apply of after) for (const state of [left, right]) apply(state);
        expect(left.takeLogs()).toEqual(right.takeLogs());
        if (left.balanceOf(address(3)) === 0n) for (const state of [left, right]) state.addBalance(address(3), 1n);
        left.finalise();
        right.finalise();
        expect(hexOf(left.root())).toBe(hexOf(right.root()));
      }),
      { numRuns: 300 },
    );
  });

  it('goes back and forth through nested snapshots like a plain model', () => {
    interface Model { readonly balances: ReadonlyMap<number, bigint>; readonly slots: ReadonlyMap<string, bigint>; readonly nonces: ReadonlyMap<number, bigint>; readonly logs: number }
    const account = fc.integer({ min: 10, max: 14 });
    const step = fc.oneof(
      { weight: 4, arbitrary: fc.record({ kind: fc.constant('pay' as const), account, amount: fc.bigInt({ min: 1n, max: 99n }) }) },
      { weight: 4, arbitrary: fc.record({ kind: fc.constant('store' as const), account, slot, amount: fc.bigInt({ min: 0n, max: 3n }) }) },
      { weight: 2, arbitrary: fc.record({ kind: fc.constant('nonce' as const), account, amount: fc.bigInt({ min: 1n, max: 9n }) }) },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('log' as const), account }) },
      { weight: 3, arbitrary: fc.record({ kind: fc.constant('snapshot' as const) }) },
      { weight: 3, arbitrary: fc.record({ kind: fc.constant('revert' as const), back: fc.integer({ min: 1, max: 3 }) }) },
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        const state = newState();
        let model: Model = { balances: new Map(), slots: new Map(), nonces: new Map(), logs: 0 };
        const saved: { readonly snapshot: number; readonly model: Model }[] = [];
        for (const one of steps) {
          if (one.kind === 'snapshot') saved.push({ snapshot: state.snapshot(), model });
          else if (one.kind === 'revert') {
            const [target] = saved.splice(Math.max(0, saved.length - one.back));
            if (target === undefined) continue;
            state.revertTo(target.snapshot);
            model = target.model;
          } else if (one.kind === 'pay') {
            state.addBalance(address(one.account), one.amount);
            model = { ...model, balances: new Map(model.balances).set(one.account, (model.balances.get(one.account) ?? 0n) + one.amount) };
          } else if (one.kind === 'store') {
            state.setStorage(address(one.account), one.slot, one.amount);
            model = { ...model, slots: new Map(model.slots).set(`${one.account} ${one.slot}`, one.amount) };
          } else if (one.kind === 'nonce') {
            state.setNonce(address(one.account), one.amount);
            model = { ...model, nonces: new Map(model.nonces).set(one.account, one.amount) };
          } else {
            state.addLog({ address: address(one.account), topics: [], data: new Uint8Array() });
            model = { ...model, logs: model.logs + 1 };
          }
        }
        for (let a = 10; a <= 14; a++) {
          expect([state.balanceOf(address(a)), state.nonceOf(address(a))]).toEqual([model.balances.get(a) ?? 0n, model.nonces.get(a) ?? 0n]);
          for (let s = 0n; s <= 3n; s++) expect(state.storageAt(address(a), s)).toBe(model.slots.get(`${a} ${s}`) ?? 0n);
        }
        expect(state.takeLogs()).toHaveLength(model.logs);
      }),
      { numRuns: 300 },
    );
  });

  it('goes on after a commit as one that is opened anew', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(fc.array(change, { maxLength: 6 }), { maxLength: 3 }), { maxLength: 5 }), async (blocks) => {
        const store = new MemoryStore();
        const nodes = new TrieNodeStore({}, { store });
        const kept = new State(nodes, EMPTY_TRIE_ROOT);
        let root: Bytes = EMPTY_TRIE_ROOT;
        for (const transactions of blocks) {
          const opened = new State(nodes, root);
          for (const changes of transactions) {
            for (const state of [kept, opened]) {
              for (const apply of changes) apply(state);
              state.finalise();
            }
          }
          root = opened.root();
          const batch = store.batch();
          expect(hexOf(kept.commit(batch, 0n))).toBe(hexOf(root));
          await batch.write();
        }
        const reopened = new State(nodes, root);
        for (let a = 1; a <= 6; a++) {
          expect(reopened.balanceOf(address(a))).toBe(kept.balanceOf(address(a)));
          expect(hexOf(reopened.codeOf(address(a)))).toBe(hexOf(kept.codeOf(address(a))));
          for (let s = 0n; s <= 3n; s++) expect(reopened.storageAt(address(a), s)).toBe(kept.storageAt(address(a), s));
        }
      }),
      { numRuns: 300 },
    );
  });

  it('has a root that does not depend on how often it was taken', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(change, { maxLength: 20 }), fc.array(fc.boolean(), { maxLength: 20 }), async (changes, cuts) => {
        const straight = await prepared();
        const cut = await prepared();
        changes.forEach((apply, i) => {
          apply(straight);
          straight.finalise();
          apply(cut);
          cut.finalise();
          if (cuts[i] === true) cut.root();
        });
        expect(hexOf(cut.root())).toBe(hexOf(straight.root()));
      }),
    );
  });

  it('deletes a touched empty account and keeps an untouched one', async () => {
    const state = await prepared();
    state.addBalance(address(4), 0n);
    state.finalise();
    expect(state.exists(address(4))).toBe(false);
    expect(state.exists(address(3))).toBe(true);
  });

  it('deletes account 0x03 even when its touch by nothing is reverted, but not when a transfer is', async () => {
    const touched = await prepared();
    const first = touched.snapshot();
    touched.addBalance(address(3), 0n);
    touched.revertTo(first);
    touched.finalise();
    expect(touched.exists(address(3))).toBe(false);

    const paid = await prepared();
    const second = paid.snapshot();
    paid.addBalance(address(3), 1n);
    paid.revertTo(second);
    paid.finalise();
    expect(paid.exists(address(3))).toBe(true);
  });

  it('reads what was destroyed until the transaction ends, and starts anew after it', async () => {
    const state = await prepared();
    state.addBalance(address(2), 7n);
    state.selfDestruct(address(2));
    expect([state.balanceOf(address(2)), state.storageAt(address(2), 5n), state.hasSelfDestructed(address(2))]).toEqual([0n, 55n, true]);
    state.finalise();
    expect(state.exists(address(2))).toBe(false);
    state.setStorage(address(2), 6n, 1n);
    expect(state.storageAt(address(2), 5n)).toBe(0n);
  });

  it('keeps the balance and nothing else of an account that is created anew', async () => {
    const state = await prepared();
    state.addBalance(address(2), 7n);
    state.createAccount(address(2));
    expect([state.balanceOf(address(2)), state.storageAt(address(2), 5n), state.codeSizeOf(address(2)), state.nonceOf(address(2))]).toEqual([7n, 0n, 0, 0n]);
  });

  it('is listed whole, with the addresses and slots behind the hashes, however often it was written', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.array(change, { maxLength: 6 }), fc.boolean()), { maxLength: 8 }), async (blocks) => {
        const store = new MemoryStore();
        const nodes = new TrieNodeStore({}, { store });
        const state = new State(nodes, EMPTY_TRIE_ROOT);
        let root = EMPTY_TRIE_ROOT;
        for (const [number, [changes, isCommitted]] of [...blocks, [[], true] as const].entries()) {
          for (const apply of changes) apply(state);
          state.finalise();
          state.root();
          if (!isCommitted) continue;
          const batch = store.batch();
          root = state.commit(batch, BigInt(number));
          await batch.write();
        }
        const listed = new Set<string>();
        for (const { address: of, account } of new State(nodes, root).accounts()) {
          listed.add(hexOf(of ?? EMPTY_BYTES));
          expect([account.balance, account.nonce]).toEqual([state.balanceOf(of ?? EMPTY_BYTES), state.nonceOf(of ?? EMPTY_BYTES)]);
          const slots = [...account.storage()].map(({ number, encodedValue }) => [toBigInt(number ?? EMPTY_BYTES), toBigInt(bytesIn(decode(encodedValue)))]);
          const wanted = [0n, 1n, 2n, 3n].map((number) => [number, state.storageAt(of ?? EMPTY_BYTES, number)]).filter(([, value]) => value !== 0n);
          expect(slots.sort()).toEqual(wanted.sort());
        }
        const there = [1, 2, 3, 4, 5, 6].map(address).filter((each) => state.exists(each));
        expect([...listed].sort()).toEqual(there.map(hexOf).sort());
      }),
      { numRuns: 300 },
    );
  });

  it('shows the slots of the transactions before also where they are not written', () => {
    const state = newState();
    state.addBalance(address(7), 1n);
    for (const value of [9n, 0n, 8n]) {
      state.setStorage(address(7), 5n, value);
      state.finalise();
    }
    expect([...(state.storageOf(address(7), EMPTY_BYTES) ?? [])].map(({ number }) => number && hexOf(number))).toEqual(['00'.repeat(31) + '05']);
    expect(state.storageOf(address(1), EMPTY_BYTES)).toBeUndefined();
  });

  it('refuses to take more than there is', () => {
    expect(() => newState().subBalance(address(1), 1n)).toThrow(expect.objectContaining({ code: 'INVARIANT' }));
  });
});
