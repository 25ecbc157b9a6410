import { describe, expect, it } from 'vitest';
import { toHex, type Bytes } from '../base/bytes.ts';
import { ManualClock, millis } from '../base/clock.ts';
import { silentLogger } from '../base/logger.ts';
import type { PendingTransaction } from '../chain/build/transaction-queue.ts';
import type { Chain } from '../chain/chain.ts';
import type { HashedHeader } from '../chain/header-verifier.ts';
import { addressOf, sign } from '../crypto/secp256k1.ts';
import { MemoryStore } from '../db/memory-store.ts';
import { network } from '../networks/network.ts';
import { practiceKeys } from '../networks/practice.ts';
import { isImpeach, type Header } from '../primitives/header.ts';
import { senderOf, signTransaction } from '../primitives/transaction.ts';
import { testChain } from '../testing/chains.ts';
import { CommitteeSealer } from './committee-sealer.ts';

const practice = network('practice');
const keys = practiceKeys(practice.chainId);
const CPC = 10n ** 18n;
const START = Date.UTC(2026, 5, 1);
const HOUR = 3_600_000;

function transfer(key: Bytes, nonce: bigint, to: Bytes, value: bigint, gasPrice = 1n): PendingTransaction {
  const unsigned = { type: 0n, nonce, gasPrice, gasLimit: 21_000n, to, value, payload: new Uint8Array() };
  const transaction = signTransaction(unsigned, practice.chainId, (digest) => sign(digest, key));
  return { transaction, sender: senderOf(transaction, practice.chainId) };
}

interface Rig {
  readonly chain: Chain;
  /** The first block that it seals. */
  readonly first: Promise<HashedHeader>;
  /** Moves the clock and waits for the block that is then due. */
  readonly after: (delay: number) => Promise<Header>;
  readonly stop: () => Promise<void>;
}

async function rig(options: { store?: MemoryStore; at?: number; pending?: () => readonly (readonly PendingTransaction[])[] } = {}): Promise<Rig> {
  const clock = new ManualClock(millis(options.at ?? START));
  const chain = await testChain(practice, options.store);
  const sealer = new CommitteeSealer({ network: practice, keys }, { chain, clock, logger: silentLogger, pending: options.pending ?? (() => []) });
  const abort = new AbortController();
  const first = chain.events.next('head');
  const running = sealer.run(abort.signal);
  return {
    chain,
    first,
    async after(delay) {
      const next = chain.events.next('head');
      clock.advance(millis(delay));
      const { header } = await next;
      await new Promise(setImmediate); // the sealer asks the clock for its next sleep
      return header;
    },
    async stop() {
      abort.abort();
      await running;
    },
  };
}

describe('CommitteeSealer', () => {
  it('comes to the present with one impeach block, then seals in turn, a block per second', async () => {
    const { first, after, stop } = await rig();
    const { header: opening } = await first;
    expect([isImpeach(opening), opening.timeMillis]).toEqual([true, BigInt(START)]);
    for (let number = 2; number <= 14; number++) {
      const header = await after(1_000);
      expect(header.number).toBe(BigInt(number));
      expect(header.timeMillis).toBe(BigInt(START + (number - 1) * 1_000));
      expect(toHex(header.coinbase)).toBe(toHex(practice.proposers[(number - 1) % 4] ?? new Uint8Array()));
    }
    await stop();
  });

  it('puts waiting transactions into a block, the best price first and an account in order', async () => {
    const [alice, bob] = [keys.validators[0] ?? new Uint8Array(), keys.validators[1] ?? new Uint8Array()];
    let waiting: (readonly PendingTransaction[])[] = [];
    const { chain, first, after, stop } = await rig({ pending: () => waiting });
    await first;
    waiting = [[transfer(keys.faucet, 0n, addressOf(alice), CPC, 5n), transfer(keys.faucet, 1n, addressOf(bob), CPC, 1n)]];
    const funded = await after(1_000);
    expect(funded.gasUsed).toBe(42_000n);
    waiting = [
      [transfer(alice, 0n, addressOf(bob), 7n, 2n), transfer(alice, 1n, addressOf(bob), 7n, 9n)],
      [transfer(bob, 0n, addressOf(alice), 1n, 3n)],
      [transfer(keys.faucet, 5n, addressOf(bob), 1n, 100n)],
      [transfer(keys.proposers[0] ?? alice, 0n, addressOf(bob), 1_000n * CPC, 4n)],
    ];
    await after(1_000);
    const block = chain.blockByHash(chain.head.hash);
    expect(block?.transactions.map((tx) => tx.gasPrice)).toEqual([3n, 2n, 9n]);
    expect(chain.stateAt(chain.head.header.stateRoot).balanceOf(addressOf(bob))).toBe(CPC + 14n - 1n - 3n * 21_000n);
    await stop();
  });

  it('goes on after the program was closed for eight hours', async () => {
    const store = new MemoryStore();
    const before = await rig({ store });
    await before.first;
    for (let i = 0; i < 60; i++) await before.after(1_000);
    await before.stop();
    const later = START + 60_000 + 8 * HOUR;
    const after = await rig({ store, at: later });
    const impeach = await after.first;
    expect([impeach.header.number, isImpeach(impeach.header), impeach.header.timeMillis]).toEqual([62n, true, BigInt(later)]);
    const next = await after.after(1_000);
    expect([next.number, isImpeach(next), next.timeMillis]).toEqual([63n, false, BigInt(later + 1_000)]);
    await after.stop();
  });

  it('comes back from a sleep of the computer', async () => {
    const { first, after, stop } = await rig();
    await first;
    for (let i = 0; i < 50; i++) await after(1_000);
    expect(isImpeach(await after(HOUR))).toBe(true);
    expect(isImpeach(await after(1_000))).toBe(false);
    await stop();
  });

  it('goes on when the clock was set back', async () => {
    const store = new MemoryStore();
    const before = await rig({ store });
    await before.first;
    for (let i = 0; i < 50; i++) await before.after(1_000);
    await before.stop();
    const { after, stop, chain } = await rig({ store, at: START - HOUR });
    const head = chain.head.header;
    const next = await after(1_000);
    expect(next.timeMillis).toBe(head.timeMillis + 1_000n);
    await stop();
  });

  it('leaves nothing half done when it is stopped', async () => {
    const { chain, stop } = await rig();
    await stop();
    expect(chain.head.header.number).toBeLessThanOrEqual(1n);
  });
});
