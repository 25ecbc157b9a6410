import { expect, it } from 'vitest';
import type { LogTable } from '../log/engine.ts';
import type { StreamPlan } from '../stream-chain.ts';
import { ChannelAccount } from './channel-account.ts';
import { KeyTable } from './key-table.ts';

const channelId = new Uint8Array(32).fill(3);
const plan: StreamPlan = { planId: 1, planHash: new Uint8Array(32), kind: 'metered', unitPrice: 1n, window: 10, licenceHash: new Uint8Array(32), splitHash: new Uint8Array(32), active: true };

/** As two instances of a gateway see the table of one cluster. */
function instances(): readonly { readonly account: ChannelAccount; readonly table: KeyTable }[] {
  const values = new Map<string, Uint8Array>();
  const cluster: LogTable = { get revision() { return values.size; }, put: (key, value) => Promise.resolve(void values.set(key, value)), get: (key) => values.get(key), entries: () => [...values] };
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
