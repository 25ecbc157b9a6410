import { describe, expect, it } from 'vitest';
import { ManualClock, millis } from '../../base/clock.ts';
import { silentLogger } from '../../base/logger.ts';
import { MARKET_STREAM, StreamMarket, type MarketOptions, type MarketSubscriber } from '../../testing/stream-market.ts';
import type { SignedVoucher } from '../gateway/wire.ts';
import { KeptReader } from './kept-reader.ts';
import { Payer, type PayerOptions } from './payer.ts';
import { NEW_READER, type ReaderState } from './reader-store.ts';
import type { StreamEvent } from './stream-event.ts';
import { Subscription } from './subscription.ts';

const EPOCH_SECONDS = 600;
const DAY = 86_400_000;
const NOON = millis(20_000 * DAY + DAY / 2);
const METERED = { kind: 'metered', unitPrice: 10n, window: 50 } as const;
const PERIOD = { kind: 'period', unitPrice: 1n, window: 0 } as const;

interface Before {
  readonly deposit?: bigint;
  readonly state?: Partial<ReaderState>;
  readonly options?: Partial<PayerOptions>;
}

/** A reader's purse over a chain in memory; nothing listens anywhere. */
class Purse {
  readonly clock: ManualClock;
  readonly sent: SignedVoucher[] = [];
  readonly events: StreamEvent[] = [];
  /** What was on disk when a voucher was sent. */
  readonly saved: (bigint | undefined)[] = [];
  readonly payer: Payer;
  readonly kept: KeptReader;
  readonly subscriber: MarketSubscriber;

  private constructor(parts: { readonly clock: ManualClock; readonly market: StreamMarket; readonly subscription: Subscription; readonly kept: KeptReader; readonly disk: { state: ReaderState }; readonly subscriber: MarketSubscriber; readonly options: PayerOptions }) {
    const { clock, market, subscription, kept, disk, subscriber, options } = parts;
    this.clock = clock;
    this.kept = kept;
    this.subscriber = subscriber;
    const send = (voucher: SignedVoucher): void => {
      this.saved.push(disk.state.voucher?.cumulativeUnits);
      this.sent.push(voucher);
    };
    this.payer = new Payer(options, { chain: market, subscription, keys: subscriber.keys, kept, clock, log: silentLogger, send, tell: (event) => this.events.push(event) });
  }

  static async open(plan: MarketOptions['plan'], { deposit = 1_000_000n, state = {}, options = {} }: Before = {}): Promise<Purse> {
    const clock = new ManualClock(NOON);
    const market = new StreamMarket({ folder: '', clock, plan, epochSeconds: EPOCH_SECONDS, ahead: 2 });
    const subscriber = market.subscribe(1, deposit);
    const subscription = await Subscription.open({ streamId: MARKET_STREAM, channelId: subscriber.channelId }, { chain: market });
    const disk = { state: { ...NEW_READER, ...state } };
    const save = (next: ReaderState): Promise<void> => {
      disk.state = next;
      return Promise.resolve();
    };
    const kept = await KeptReader.open({ store: { load: () => Promise.resolve(disk.state), save }, clock });
    return new Purse({ clock, market, subscription, kept, disk, subscriber, options: { begin: 'live', dailyCap: null, ...options } });
  }

  get epoch(): number {
    return 100 + Math.floor((this.clock.now() - NOON) / (EPOCH_SECONDS * 1000));
  }

  async read(rows: bigint): Promise<void> {
    this.kept.change({ counted: this.kept.state.counted + rows });
    this.payer.read(this.epoch);
    await this.payer.settled;
  }

  async ask(owed: bigint): Promise<void> {
    this.payer.asked(owed, null);
    await this.payer.settled;
  }

  get units(): readonly bigint[] {
    return this.sent.map(({ cumulativeUnits }) => cumulativeUnits);
  }

  get paused(): readonly string[] {
    return this.events.flatMap((event) => (event.type === 'paused' ? [event.why] : []));
  }
}

describe('messages', () => {
  it('are signed for from half a window on, what is written down first', async () => {
    const purse = await Purse.open(METERED);
    await purse.read(24n);
    expect(purse.sent).toEqual([]);
    await purse.read(1n);
    expect(purse.sent).toMatchObject([{ cumulativeUnits: 25n, cumulativeAmount: 250n }]);
    expect(purse.saved).toEqual([25n]);
    expect(purse.events).toEqual([{ type: 'paid', units: 25n, amount: 250n, spentToday: 250n }]);
  });

  it('are signed for when a gateway asks, also fewer, and never those that were not read', async () => {
    const purse = await Purse.open(METERED);
    await purse.read(7n);
    await purse.ask(60n);
    expect(purse.units).toEqual([7n]);
  });

  it('that a gateway asks for before they were handed on are signed for when they are', async () => {
    const purse = await Purse.open(METERED);
    await purse.ask(3n);
    expect(purse.sent).toEqual([]);
    await purse.read(3n);
    expect(purse.units).toEqual([3n]);
  });

  it('asked for twice get the voucher that there is, and no second signature', async () => {
    const purse = await Purse.open(METERED);
    await purse.read(30n);
    await purse.ask(30n);
    await purse.ask(30n);
    expect(purse.units).toEqual([30n, 30n, 30n]);
    expect(purse.subscriber.vouchers.length).toBe(1);
  });

  it('are paid up to the cap of the day, which is told once, and on the next day again', async () => {
    const purse = await Purse.open(METERED, { options: { dailyCap: 400n } });
    await purse.read(30n);
    await purse.read(30n);
    await purse.read(30n);
    expect(purse.units).toEqual([30n, 40n]);
    await purse.read(30n);
    expect(purse.paused).toEqual(['cap']);
    expect(purse.events.flatMap((event) => (event.type === 'budget' ? [event.level] : []))).toEqual([50, 80, 100]);
    purse.clock.advance(millis(DAY));
    await purse.ask(120n);
    expect(purse.units).toEqual([30n, 40n, 80n]);
  });

  it('are paid up to the deposit, as the chain has it now', async () => {
    const purse = await Purse.open(METERED, { deposit: 300n });
    await purse.read(50n);
    await purse.read(50n);
    expect(purse.units).toEqual([30n]);
    expect(purse.paused).toEqual(['deposit']);
  });
});

describe('time', () => {
  it('is paid first when a gateway asks, then as rows come', async () => {
    const purse = await Purse.open(PERIOD);
    await purse.ask(0n);
    expect(purse.sent).toMatchObject([{ cumulativeUnits: 1800n, epochTo: purse.epoch + 2 }]);
    await purse.read(5n);
    expect(purse.sent.length).toBe(1);
    purse.clock.advance(millis(EPOCH_SECONDS * 1000));
    await purse.read(5n);
    expect(purse.sent.at(-1)).toMatchObject({ cumulativeUnits: 2400n, epochTo: purse.epoch + 2 });
  });

  it('that is paid for and not over is not paid again because a gateway asks', async () => {
    const purse = await Purse.open(PERIOD);
    await purse.ask(0n);
    await purse.ask(0n);
    expect(purse.subscriber.vouchers.length).toBe(1);
    expect(purse.units).toEqual([1800n, 1800n]);
  });

  it('is not paid for another window when the last one brought nothing that could be read', async () => {
    const purse = await Purse.open(PERIOD);
    await purse.ask(0n);
    purse.clock.advance(millis(3 * EPOCH_SECONDS * 1000));
    await purse.ask(0n);
    expect(purse.paused).toEqual(['unverified']);
    expect(purse.units).toEqual([1800n]);
  });

  it('is paid for another window when rows of the last one were read, without the epochs between', async () => {
    const purse = await Purse.open(PERIOD);
    await purse.ask(0n);
    await purse.read(5n);
    purse.clock.advance(millis(9 * EPOCH_SECONDS * 1000));
    await purse.ask(0n);
    expect(purse.sent.at(-1)).toMatchObject({ cumulativeUnits: 3600n, epochTo: purse.epoch + 2 });
  });
});

describe('a voucher of another run', () => {
  it('that the gateway shows counts, so that the next one is higher; a reader without a place takes it as read', async () => {
    const before = await Purse.open(METERED);
    await before.read(100n);
    const purse = await Purse.open(METERED);
    await purse.payer.know({ best: before.sent[0]! });
    expect(purse.kept.state).toMatchObject({ counted: 100n, spend: { units: 100n, amount: 1000n }, voucher: { cumulativeUnits: 100n } });
    await purse.read(30n);
    expect(purse.units).toEqual([130n]);
  });

  it('counts for nothing when another key signed it', async () => {
    const before = await Purse.open(METERED);
    await before.read(100n);
    const forged = { ...before.sent[0]!, cumulativeUnits: 101n };
    const purse = await Purse.open(METERED);
    await purse.payer.know({ best: forged });
    expect(purse.kept.state).toMatchObject({ counted: 0n, voucher: null });
  });

  it('is not paid again by who stands at an older place and reads the same rows', async () => {
    const before = await Purse.open(METERED);
    await before.read(100n);
    const place = { position: { nextSeq: 40n, prevBatchHash: null }, counted: 40n };
    const purse = await Purse.open(METERED, { state: place });
    await purse.payer.know({ best: before.sent[0]! });
    await purse.read(60n);
    expect(purse.sent).toEqual([]);
    await purse.read(30n);
    expect(purse.units).toEqual([130n]);
  });

  it('pays for rows that are not to be had again: what the gateway delivers beyond it is new', async () => {
    const before = await Purse.open(METERED);
    await before.read(100n);
    const purse = await Purse.open(METERED, { state: { position: { nextSeq: 40n, prevBatchHash: null }, counted: 40n } });
    await purse.payer.know({ best: before.sent[0]! });
    purse.payer.passOver(20n); // a hole among them
    await purse.read(20n);
    await purse.ask(120n);
    expect(purse.units).toEqual([120n]);
  });
});

it('a voucher that was refused for now is sent again after a moment, once', async () => {
  const purse = await Purse.open(METERED);
  await purse.read(30n);
  purse.payer.refusedForNow();
  purse.payer.tick();
  expect(purse.units).toEqual([30n]);
  purse.clock.advance(millis(500));
  purse.payer.tick();
  purse.payer.tick();
  expect(purse.units).toEqual([30n, 30n]);
});
