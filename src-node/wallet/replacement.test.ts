import { beforeEach, describe, expect, it } from 'vitest';
import { equal, fromHex, hexOf } from '../base/bytes.ts';
import { CodedError } from '../base/errors.ts';
import { silentLogger } from '../base/logger.ts';
import { millis } from '../base/clock.ts';
import type { Transaction } from '../primitives/transaction.ts';
import { NO_DATA, PAYER, PoolNetwork } from '../testing/pool-network.ts';
import type { ActionRecord, NewAction, OutboxEntry, ReplacementPurpose } from './action.ts';
import type { Replacement } from './attempt-store.ts';
import { isCancelled, outcomeOf } from './attempts.ts';
import { Outbox } from './outbox.ts';
import { OutboxStore } from './outbox-store.ts';
import { Proposals } from './proposals.ts';
import { draftReplacement, offerReplacement } from './replacements.ts';
import { openWalletStore } from './store.ts';

const SHOP = fromHex('22'.repeat(20));
let network: PoolNetwork;
let db: ReturnType<typeof openWalletStore>;
let outbox: Outbox;
/** What the keys process lets pass; throws what it refuses. */
let maySign: (gasPrice: bigint, nonce: bigint) => void;

const start = (): Outbox =>
  new Outbox({
    store: new OutboxStore(db), reader: network.reader(), clock: network.clock, log: silentLogger, onChange: () => undefined,
    signer: {
      signTransaction: (request) => new Promise((resolve) => {
        maySign(request.gasPrice, request.nonce);
        resolve(network.signer(request));
      }),
    },
  });
const pay = (id: string, values: readonly bigint[], changes: Partial<NewAction> = {}): NewAction => ({
  id, kind: 'send', title: '', account: PAYER, authority: { kind: 'sheet', proposal: id }, subject: null,
  calls: values.map((value) => ({ to: SHOP, value, payload: NO_DATA, gasLimit: 21_000n, gasPrice: network.gasPrice })), ...changes,
});
const replacement = (id: string, action: string, purpose: ReplacementPurpose, price = 0n): Replacement => {
  const offer = offerReplacement(outbox.get(action), purpose, network.gasPrice);
  const draft = draftReplacement(outbox.get(action), offer, price === 0n ? offer.gasPrice : price);
  const steps = (draft.replaces?.steps ?? []).flatMap((step, i) => {
    const call = draft.calls[i];
    return call === undefined ? [] : [{ step, call: { ...call, gasLimit: call.gasLimit ?? 0n, gasPrice: call.gasPrice ?? 0n } }];
  });
  return { id, action, purpose: offer.purpose, steps, authority: { kind: 'sheet', proposal: id } };
};
const entry = (id: string, step = 0): OutboxEntry => outbox.get(id).entries[step] ?? expect.fail();
const states = ({ entries }: ActionRecord): readonly string[] => entries.map(({ state }) => state);
const paid = (list: readonly Transaction[]): readonly bigint[] => list.filter(({ to }) => to !== null && equal(to, SHOP)).map(({ value }) => value);
const settle = async (): Promise<void> => {
  network.mine();
  network.include();
  await outbox.step();
};

beforeEach(() => {
  network = new PoolNetwork();
  db = openWalletStore(':memory:');
  maySign = () => undefined;
  outbox = start();
});

describe('speeding up', () => {
  it('offers the higher of a tenth more, rounded up, and what the network asks for', async () => {
    network.gasPrice = 101n;
    await outbox.submit(pay('a', [5n]));
    expect(offerReplacement(outbox.get('a'), 'speed-up', 50n)).toMatchObject({ gasPrice: 112n, leastPrice: 112n, gasLimit: 21_000n });
    expect(offerReplacement(outbox.get('a'), 'speed-up', 300n)).toMatchObject({ gasPrice: 300n, leastPrice: 112n });
    expect(() => replacement('r', 'a', 'speed-up', 111n)).toThrow(expect.objectContaining({ code: 'REPLACEMENT_UNDERPRICED' }) as Error);
    await outbox.replace(replacement('r', 'a', 'speed-up', 112n));
    expect(network.pool.pending().flat().map(({ transaction: { gasPrice, value } }) => [gasPrice, value])).toEqual([[112n, 5n]]);
  });

  it('pays once, by the transaction that was mined, and keeps later ones of the account right', async () => {
    await outbox.submit(pay('a', [5n]));
    await outbox.submit(pay('b', [6n]));
    await outbox.replace(replacement('r', 'a', 'speed-up'));
    await outbox.replace(replacement('r', 'a', 'speed-up')); // confirmed twice
    outbox = start();
    await settle();
    expect([paid(network.mined), network.nonces]).toEqual([[5n, 6n], [0n, 1n]]);
    expect([states(outbox.get('a')), entry('a').minedBy, entry('a').attempts.length, outcomeOf(entry('a'))]).toEqual([['final'], 1, 1, 'sped-up']);
    expect(states(outbox.get('b'))).toEqual(['final']);
    await outbox.submit(pay('c', [7n]));
    expect(entry('c').nonce).toBe(2n);
  });

  it('tells the truth when the first one won', async () => {
    await outbox.submit(pay('a', [5n]));
    const [first = expect.fail()] = network.offered;
    await outbox.replace(replacement('r', 'a', 'speed-up'));
    network.include(first);
    network.include();
    await outbox.step();
    expect([states(outbox.get('a')), entry('a').minedBy, outcomeOf(entry('a')), paid(network.mined)]).toEqual([['final'], 0, null, [5n]]);
  });

  it('is refused when it was mined meanwhile, and writes nothing', async () => {
    await outbox.submit(pay('a', [5n]));
    const late = replacement('r', 'a', 'cancel');
    network.mine();
    await expect(outbox.replace(late)).rejects.toMatchObject({ code: 'ALREADY_MINED' });
    expect(entry('a').attempts).toEqual([]);
    expect(() => offerReplacement(outbox.get('a'), 'cancel', 1n)).toThrow(expect.objectContaining({ code: 'ALREADY_MINED' }) as Error);
  });

  it('goes back to the one before when the node does not take it, and sends that one on', async () => {
    await outbox.submit(pay('a', [5n]));
    network.balance = 21_000n * 105n + 5n;
    network.include();
    await outbox.replace(replacement('r', 'a', 'speed-up'));
    expect(entry('a').attempts).toMatchObject([{ state: 'refused', refusal: { code: 'TRANSACTION_REFUSED', meta: { reason: 'INSUFFICIENT_FUNDS' } } }]);
    await settle();
    expect([paid(network.mined), entry('a').minedBy]).toEqual([[5n], 0]);
  });

  it('knows the one again that a node refused and a block holds all the same', async () => {
    await outbox.submit(pay('a', [5n]));
    network.balance = 21_000n * 105n + 5n;
    network.include();
    await outbox.replace(replacement('r', 'a', 'speed-up'));
    const refused = network.offered.at(-1) ?? expect.fail();
    expect([refused.gasPrice, entry('a').attempts.map(({ state }) => state)]).toEqual([110n, ['refused']]);
    network.include(refused);
    network.include();
    await outbox.step();
    expect([states(outbox.get('a')), entry('a').minedBy, outcomeOf(entry('a')), outbox.get('a').error]).toEqual([['final'], 1, 'sped-up', null]);
  });
});

describe('cancelling', () => {
  it('sends nothing to the account itself under the same nonce, for a fee', async () => {
    await outbox.submit(pay('a', [5n]));
    await outbox.replace(replacement('r', 'a', 'cancel'));
    await settle();
    expect(network.mined.map(({ to, value, nonce, gasPrice, payload }) => ({ to: hexOf(to ?? NO_DATA), value, nonce, gasPrice, bytes: payload.length }))).toEqual([{ to: hexOf(PAYER), value: 0n, nonce: 0n, gasPrice: 110n, bytes: 0 }]);
    expect([states(outbox.get('a')), outcomeOf(entry('a')), isCancelled(outbox.get('a'))]).toEqual([['final'], 'cancelled', true]);
  });

  it('that comes too late says so', async () => {
    await outbox.submit(pay('a', [5n]));
    const [first = expect.fail()] = network.offered;
    await outbox.replace(replacement('r', 'a', 'cancel'));
    network.include(first);
    network.include();
    await outbox.step();
    expect([outcomeOf(entry('a')), isCancelled(outbox.get('a')), paid(network.mined)]).toEqual(['too-late', false, [5n]]);
  });

  it('ends an action with all its steps, sent or not', async () => {
    await outbox.submit(pay('sent', [5n, 6n]));
    await outbox.replace(replacement('r', 'sent', 'cancel'));
    maySign = (_, nonce) => {
      if (nonce > 2n) throw new CodedError('WALLET_LOCKED', 'Locked.');
    };
    await outbox.submit(pay('half', [7n, 8n]));
    expect(states(outbox.get('half'))).toEqual(['sent', 'planned']);
    maySign = () => undefined;
    db.prepare("UPDATE outbox SET state = 'planned' WHERE action = 'half' AND step = 1").run();
    const cancel = replacement('s', 'half', 'cancel');
    expect(cancel.steps.map(({ step }) => step)).toEqual([0]);
    new OutboxStore(db).attempts.add(cancel);
    await outbox.submit(pay('next', [9n]));
    for (let i = 0; i < 3; i++) await settle();
    expect([isCancelled(outbox.get('sent')), states(outbox.get('half')), isCancelled(outbox.get('half'))]).toEqual([true, ['final', 'dropped'], true]);
    expect([paid(network.mined), network.nonces]).toEqual([[9n], [0n, 1n, 2n, 3n]]);
  });

  it('can be made faster, and never becomes a payment again', async () => {
    await outbox.submit(pay('a', [5n]));
    await outbox.replace(replacement('r', 'a', 'cancel'));
    expect(offerReplacement(outbox.get('a'), 'speed-up', 1n)).toMatchObject({ purpose: 'cancel', gasPrice: 121n });
    await outbox.replace(replacement('s', 'a', 'speed-up'));
    await settle();
    expect([paid(network.mined), network.mined.map(({ gasPrice }) => gasPrice)]).toEqual([[], [121n]]);
  });
});

describe('what was sent once', () => {
  it('keeps its number while the node refuses it, and goes on when the node takes it again', async () => {
    await outbox.submit(pay('a', [5n]));
    network.balance = 1n;
    network.include(); // the pool lets it go
    await outbox.step();
    expect([states(outbox.get('a')), outbox.problemOf(entry('a'))?.meta]).toEqual([['sent'], { reason: 'INSUFFICIENT_FUNDS' }]);
    network.balance = 10n ** 18n;
    network.include();
    await outbox.submit(pay('b', [6n]));
    expect([entry('b').nonce, outbox.problemOf(entry('a'))]).toEqual([1n, null]);
    await settle();
    expect(paid(network.mined)).toEqual([5n, 6n]);
  });

  it('is not given up either when it may have left before the stop', async () => {
    network.away = true;
    await outbox.submit(pay('a', [5n]));
    network.away = false;
    network.balance = 1n;
    network.include();
    outbox = start();
    await outbox.step();
    expect([states(outbox.get('a')), outbox.get('a').error]).toEqual([['signed'], null]);
  });
});

describe('without a sheet', () => {
  const delivery = { authority: { kind: 'delivery' } } as const;
  const heads = async (count: number): Promise<void> => {
    for (let i = 0; i < count; i++) {
      network.include();
      await outbox.step();
    }
  };
  const prices = (): readonly bigint[] => [...new Set(network.offered.map(({ gasPrice }) => gasPrice))];

  it('the price rises every three blocks up to what the keys process signs, and no further', async () => {
    maySign = (gasPrice) => {
      if (gasPrice > 125n) throw new CodedError('DELIVERY_REFUSED', 'Too dear.', { meta: { maxGasPrice: '125' } });
    };
    await outbox.submit(pay('key:1', [0n], delivery));
    await heads(2);
    expect(prices()).toEqual([100n]);
    await heads(1);
    expect(prices()).toEqual([100n, 110n]);
    await heads(3);
    expect(prices()).toEqual([100n, 110n, 121n]);
    await heads(12); // a tenth more than 121 is above the bound
    expect([prices(), entry('key:1').attempts.length]).toEqual([[100n, 110n, 121n], 3]);
    maySign = () => undefined; // the seller raised it
    await heads(3);
    expect(prices()).toEqual([100n, 110n, 121n, 134n]);
    await settle();
    expect([states(outbox.get('key:1')), entry('key:1').minedBy, network.nonces]).toEqual([['final'], 3, [0n]]);
  });

  it('the bound itself is offered where the network asks for more', async () => {
    maySign = (gasPrice) => {
      if (gasPrice > 125n) throw new CodedError('MANDATE_REFUSED', 'Too dear.', { meta: { maxGasPrice: '125' } });
    };
    await outbox.submit(pay('ready:1', [0n], { authority: { kind: 'mandate', id: 'm' } }));
    network.gasPrice = 900n;
    await heads(3);
    expect(prices()).toEqual([100n, 125n]);
  });

  it('knows a refused one again that a block holds, also when others followed at other prices', async () => {
    await outbox.submit(pay('ready:1', [0n], { authority: { kind: 'mandate', id: 'm' } }));
    network.balance = 21_000n * 105n;
    await heads(3);
    const refused = network.offered.at(-1) ?? expect.fail();
    network.gasPrice = 150n;
    await heads(6);
    expect([refused.gasPrice, entry('ready:1').attempts.map(({ state, call }) => [state, call.gasPrice])]).toEqual([110n, [['refused', 110n], ['refused', 150n]]]);
    network.include(refused);
    network.include();
    await outbox.step();
    expect([states(outbox.get('ready:1')), entry('ready:1').minedBy, outbox.get('ready:1').error]).toEqual([['final'], 1, null]);
  });

  it('nothing is replaced on a sheet, behind another one that waits, or after the user took it in hand', async () => {
    await outbox.submit(pay('a', [5n]));
    await outbox.submit(pay('key:1', [0n], delivery));
    await outbox.submit(pay('ready:1', [0n], { authority: { kind: 'mandate', id: 'm' } }));
    await heads(9);
    expect(prices()).toEqual([100n]);
    network.mine(2);
    network.include();
    await outbox.step();
    await outbox.replace(replacement('r', 'ready:1', 'cancel'));
    await heads(9);
    expect(prices()).toEqual([100n, 110n, 121n]); // by the program once, by the user once
    expect(isCancelled(outbox.get('ready:1'))).toBe(false);
  });

  it('a locked wallet leaves the one that is sent as it is', async () => {
    await outbox.submit(pay('ready:1', [0n], { authority: { kind: 'mandate', id: 'm' } }));
    maySign = () => {
      throw new CodedError('WALLET_LOCKED', 'Locked.');
    };
    await heads(3);
    expect([states(outbox.get('ready:1')), entry('ready:1').attempts.map(({ state }) => state)]).toEqual([['sent'], ['refused']]);
    await settle();
    expect(entry('ready:1').minedBy).toBe(0);
  });
});

describe('a kill between any two writes', () => {
  /** Runs `work` and lets the `nth` write of the database fail, before it is done or right after. @returns whether there was one */
  async function killedAt(nth: number, after: boolean, work: () => Promise<unknown>): Promise<boolean> {
    let count = 0;
    let fell = false;
    const prepare = db.prepare.bind(db);
    db.prepare = (sql) => {
      const statement = prepare(sql);
      const run = statement.run.bind(statement) as (...values: unknown[]) => ReturnType<typeof statement.run>;
      Reflect.set(statement, 'run', (...values: unknown[]) => {
        if (fell) throw new CodedError('INVARIANT', 'Dead.');
        fell = (count += 1) === nth;
        if (fell && !after) throw new CodedError('INVARIANT', 'Killed.');
        const result = run(...values);
        if (fell) throw new CodedError('INVARIANT', 'Killed.');
        return result;
      });
      return statement;
    };
    await work().catch(() => undefined);
    db.prepare = prepare;
    return fell;
  }

  it.each([['speed-up', false], ['speed-up', true], ['cancel', false], ['cancel', true]] as const)('of a %s (after the write: %s) pays at most once', async (purpose, after) => {
    let points = 0;
    for (let nth = 1; ; nth++) {
      network = new PoolNetwork();
      db = openWalletStore(':memory:');
      outbox = start();
      await outbox.submit(pay('a', [5n]));
      const fell = await killedAt(nth, after, async () => {
        await outbox.replace(replacement('r', 'a', purpose));
        network.mine();
        await outbox.step();
        network.include();
        await outbox.step();
      });
      outbox = start();
      await outbox.step();
      // Whoever confirmed the sheet and saw the program die confirms it again.
      if (entry('a').minedBy === null) await outbox.replace(replacement('r', 'a', purpose)).catch(() => undefined);
      for (let i = 0; i < 3; i++) await settle();
      await outbox.submit(pay('b', [6n]));
      for (let i = 0; i < 2; i++) await settle();
      const cancelled = isCancelled(outbox.get('a'));
      expect([paid(network.mined), network.nonces, new Set(network.offered.filter(({ value }) => value !== 6n).map(({ nonce }) => nonce))]).toEqual([cancelled ? [6n] : [5n, 6n], [0n, 1n], new Set([0n])]);
      expect([states(outbox.get('a')), states(outbox.get('b')), entry('a').attempts.length <= 1]).toEqual([['final'], ['final'], true]);
      if (!fell) break;
      points = nth;
    }
    expect(points).toBeGreaterThanOrEqual(6);
  });
});

describe('the sheet of a replacement', () => {
  it('shows the same call at the new price, and confirming it twice replaces once', async () => {
    await outbox.submit(pay('a', [5n]));
    const proposals = new Proposals({ reader: network.reader(), outbox, clock: network.clock, explain: () => null, grant: () => Promise.resolve() });
    const record = outbox.get('a');
    const prepared = await proposals.prepare(draftReplacement(record, offerReplacement(record, 'speed-up', 1n), 150n));
    expect(prepared).toMatchObject({ kind: 'speed-up', value: 5n, feeAtMost: 21_000n * 150n, calls: [{ gasPrice: 150n, gasLimit: 21_000n }], expiresAt: millis(600_000) });
    await Promise.all([proposals.confirm(prepared.id), proposals.confirm(prepared.id)]);
    await proposals.confirm(prepared.id);
    expect(entry('a').attempts.map(({ call, state }) => [call.gasPrice, state])).toEqual([[150n, 'sent']]);
    await expect(proposals.prepare(draftReplacement(record, offerReplacement(record, 'speed-up', 1n), 10n ** 18n))).rejects.toMatchObject({ code: 'INSUFFICIENT_FUNDS' });
  });
});
