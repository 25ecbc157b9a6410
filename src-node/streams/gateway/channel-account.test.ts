import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LogTable } from '../log/engine.ts';
import type { StreamPlan } from '../stream-chain.ts';
import { ChannelAccount } from './channel-account.ts';
import { unitedOwed } from '../publisher/united-owed.ts';
import { KeyTable } from './key-table.ts';

const channelId = new Uint8Array(32).fill(3);
const plan: StreamPlan = { planId: 1, planHash: new Uint8Array(32), kind: 'metered', unitPrice: 1n, window: 10, licenceHash: new Uint8Array(32), splitHash: new Uint8Array(32), active: true };

/** As two instances of a gateway see the table of one cluster. */
function instances(values = new Map<string, Uint8Array>()): readonly { readonly account: ChannelAccount; readonly table: KeyTable }[] {
  let revision = 0;
  const put: LogTable['put'] = (key, value) => {
    values.set(key, value);
    revision += 1;
    return Promise.resolve();
  };
  const cluster: LogTable = { get revision() { return revision; }, put, get: (key) => values.get(key), entries: () => [...values] };
  return ['a1', 'b2'].map((instance) => {
    const table = new KeyTable(cluster);
    return { account: new ChannelAccount({ channelId, instance, plan, epochSeconds: 600 }, table), table };
  });
}

it('counts frames once that two instances delivered before one knew of the other', async () => {
  const [one, two] = instances();
  one!.account.delivered({ firstSeq: 0n, endSeq: 8n });
  two!.account.delivered({ firstSeq: 5n, endSeq: 12n }); // the reader changed over, and asked again for what it had not handed on
  await one!.account.flush();
  await two!.account.flush();
  for (const { account, table } of [one!, two!]) {
    table.refresh();
    expect(account.owed).toBe(12n);
  }
});

it('counts what one instance delivers behind, and partly again, of what it knows that another did', async () => {
  const [one, two] = instances();
  one!.account.delivered({ firstSeq: 0n, endSeq: 8n });
  await one!.account.flush();
  two!.table.refresh();
  two!.account.delivered({ firstSeq: 5n, endSeq: 12n });
  expect(two!.account.owed).toBe(12n);
});

/** One instance, and what it is after a restart. */
function alone(): { readonly account: ChannelAccount; readonly again: () => ChannelAccount } {
  const values = new Map<string, Uint8Array>();
  return { account: instances(values)[0]!.account, again: () => instances(values)[0]!.account };
}

const batch = (firstSeq: number, endSeq: number): { readonly firstSeq: bigint; readonly endSeq: bigint } => ({ firstSeq: BigInt(firstSeq), endSeq: BigInt(endSeq) });
/** What the publisher counts of it, however many gateways there are. */
function toldOf(account: ChannelAccount): bigint {
  const { owed, delivered } = account.subscriber()!;
  return unitedOwed([{ owed, delivered }]);
}

describe('frames that never reached the reader', () => {
  it('are owed no more when it begins behind them, and reading goes on', async () => {
    const { account } = alone();
    account.delivered(batch(0, 254));
    expect(account.admit({ ...batch(254, 255), epoch: 1 }, 1000n)).toBe('pay');
    expect(await account.forgive({ start: 254n, counted: 0n })).toBe(254n);
    expect([account.owed, account.admit({ ...batch(254, 255), epoch: 1 }, 1000n)]).toEqual([0n, 'serve']);
  });

  it('are those only that it does not stand behind, signed for or not, and none at its place or behind it', async () => {
    const { account } = alone();
    account.delivered(batch(0, 30));
    expect(await account.forgive({ start: 20n, counted: 20n })).toBe(0n);
    expect(await account.forgive({ start: 0n, counted: 0n })).toBe(0n);
    await account.take({ channelId, cumulativeUnits: 12n, cumulativeAmount: 12n, epochTo: 0, plan: plan.planHash, signature: new Uint8Array(65) }, 1000n);
    expect(await account.forgive({ start: 20n, counted: 5n })).toBe(8n);
    expect(account.owed).toBe(22n); // 12 that are signed for, and 10 that come again
  });

  it('are owed again when they are read after all, the oldest ones', async () => {
    const { account } = alone();
    account.delivered(batch(0, 30));
    await account.forgive({ start: 30n, counted: 20n });
    account.delivered(batch(10, 30));
    expect(account.owed).toBe(20n);
    account.delivered(batch(5, 10));
    expect(account.owed).toBe(25n);
  });

  it('may be older than the spans that are kept', async () => {
    const { account, again } = alone();
    for (let i = 0; i < 600; i++) account.delivered(batch(2 * i, 2 * i + 1));
    account.delivered(batch(2000, 2250));
    await account.flush();
    await account.setPublicKey(new Uint8Array(64));
    const restarted = again();
    expect(await restarted.forgive({ start: 200n, counted: 0n })).toBe(0n); // before all that is known by its numbers: they may come again
    expect(await restarted.forgive({ start: 1200n, counted: 400n })).toBe(200n);
    expect([restarted.owed, toldOf(restarted)]).toEqual([650n, 650n]);
    expect([again().owed, toldOf(again())]).toEqual([650n, 650n]);
  });

  it('are forgiven by an instance that did not deliver them, once', async () => {
    const [one, two] = instances();
    await one!.account.setPublicKey(new Uint8Array(64));
    one!.account.delivered(batch(0, 200));
    two!.account.delivered(batch(150, 220));
    for (const { account } of [one!, two!]) await account.flush();
    for (const { table } of [one!, two!]) table.refresh();
    expect([one!.account.owed, two!.account.owed]).toEqual([220n, 220n]);
    expect(await two!.account.forgive({ start: 220n, counted: 40n })).toBe(180n);
    one!.table.refresh();
    for (const { account } of [one!, two!]) {
      expect([account.owed, toldOf(account)]).toEqual([40n, 40n]);
      expect(await account.forgive({ start: 220n, counted: 40n })).toBe(0n);
    }
    // the bound is that of all instances
    one!.account.delivered(batch(300, 400));
    expect(await one!.account.forgive({ start: 400n, counted: 40n })).toBe(20n);
  });

  it('are forgiven up to the largest batch, and one in 32 that were signed for, also after a restart', async () => {
    const { account, again } = alone();
    for (let i = 0; i < 10; i++) account.delivered(batch(100 * i, 100 * i + 100));
    expect(await account.forgive({ start: 1000n, counted: 0n })).toBe(100n);
    for (const later of [account, again()]) {
      expect(await later.forgive({ start: 1000n, counted: 0n })).toBe(0n);
      expect(later.owed).toBe(900n);
    }
    await account.take({ channelId, cumulativeUnits: 640n, cumulativeAmount: 640n, epochTo: 0, plan: plan.planHash, signature: new Uint8Array(65) }, 1000n);
    expect(await account.forgive({ start: 1000n, counted: 640n })).toBe(20n);
    expect(again().owed).toBe(880n);
  });

  it('cost a publisher whose reader lies no more than the bound, however small its batches are', async () => {
    const lies = fc.array(fc.record({ frames: fc.integer({ min: 1, max: 40 }), back: fc.nat({ max: 50 }) }), { minLength: 1, maxLength: 60 });
    await fc.assert(fc.asyncProperty(lies, async (steps) => {
      const { account } = alone();
      let [end, largest] = [0, plan.window];
      for (const { frames, back } of steps) {
        const from = Math.max(0, end - back);
        end = Math.max(end, from + frames);
        largest = Math.max(largest, end - from);
        account.delivered(batch(from, end));
        await account.forgive({ start: BigInt(end), counted: 0n });
      }
      expect(account.owed >= BigInt(end - largest)).toBe(true);
    }), { numRuns: 200 });
  });
});

/** A reader that loses what it is sent, and comes back: as an honest one, it counts what it handed on. */
describe('a reader that loses frames and is honest', () => {
  const steps = fc.array(
    fc.oneof(
      { weight: 6, arbitrary: fc.record({ type: fc.constant('read' as const), frames: fc.integer({ min: 1, max: 20 }) }) },
      /** Sent, and gone: from here on they do not come again. */
      { weight: 2, arbitrary: fc.record({ type: fc.constant('lose' as const), frames: fc.integer({ min: 1, max: 20 }) }) },
      /** Sent, and sent again. */
      { weight: 2, arbitrary: fc.record({ type: fc.constant('break' as const), frames: fc.integer({ min: 1, max: 20 }) }) },
      { weight: 2, arbitrary: fc.record({ type: fc.constant('sub' as const), frames: fc.constant(0), instance: fc.nat({ max: 1 }) }) },
      { weight: 1, arbitrary: fc.record({ type: fc.constant('sign' as const), frames: fc.constant(0) }) },
    ),
    { maxLength: 60 },
  );

  it('owes what it handed on, whatever happens, and stands no longer than until it begins anew', async () => {
    await fc.assert(fc.asyncProperty(steps, async (parts) => {
      const made = instances();
      let [at, counted, instance, lost] = [0, 0, 0, 0];
      const account = (): ChannelAccount => made[instance]!.account;
      const sync = async (): Promise<void> => {
        for (const one of made) await one.account.flush();
        for (const { table } of made) table.refresh();
      };
      const sub = async (): Promise<void> => {
        await sync();
        await account().forgive({ start: BigInt(at), counted: BigInt(counted) });
      };
      const sign = async (): Promise<void> => {
        await account().take({ channelId, cumulativeUnits: BigInt(counted), cumulativeAmount: BigInt(counted), epochTo: 0, plan: plan.planHash, signature: new Uint8Array(65) }, 1_000_000n);
      };
      const give = (frames: number): boolean => {
        if (account().admit({ ...batch(at, at + frames), epoch: 0 }, 1_000_000n) !== 'serve') return false;
        account().delivered(batch(at, at + frames));
        return true;
      };
      for (const part of parts) {
        switch (part.type) {
          case 'read':
            if (give(part.frames)) [at, counted] = [at + part.frames, counted + part.frames];
            break;
          case 'lose':
            if (give(part.frames)) [at, lost] = [at + part.frames, lost + part.frames];
            break;
          case 'break':
            give(part.frames);
            break;
          case 'sub':
            await sync();
            instance = part.instance;
            await sub();
            break;
          case 'sign':
            await sign();
        }
        expect(account().owed >= BigInt(counted)).toBe(true);
      }
      // from here on it hands on everything: it stands for a voucher, or until it begins anew
      await sync();
      for (let frames = 0; frames < 200; frames += 10) {
        await sign();
        if (!give(10)) {
          await sub();
          // it stands for good only when it lost more than the bound: at the least the window of ten
          if (!give(10)) {
            expect(lost).toBeGreaterThan(plan.window);
            return;
          }
        }
        [at, counted] = [at + 10, counted + 10];
      }
    }), { numRuns: 500 });
  });
});
