import { expect, it } from 'vitest';
import { utf8 } from '../../base/bytes.ts';
import { KeyTable } from './key-table.ts';
import { LONG, MemoryCluster } from './testing/memory-engine.ts';
import { fill, STREAM_ID } from './testing/test-stream.ts';

const DAY = { retentionMillis: LONG };

it('has envelopes of so many bytes and no more: those of the oldest epochs go first', async () => {
  const log = await new MemoryCluster().engine().open(STREAM_ID, DAY);
  const table = new KeyTable(await log.table('keys'));
  for (const [i, epoch] of [4, 1, 3, 2].entries()) await table.putEnvelope(fill(32, i), { generation: 1, from: epoch, to: epoch, envelope: utf8('x'.repeat(700)) });
  await table.dropEnvelopes(0, 2500);
  expect([0, 1, 2, 3].map((i) => [...table.envelopes(fill(32, i))].map(({ to }) => to))).toEqual([[4], [], [3], []]);
  expect(table.channels()).toHaveLength(2);
});

it('forgets what another instance dropped, and looks at the table only when something came', async () => {
  const log = await new MemoryCluster().engine().open(STREAM_ID, DAY);
  const [one, two] = [new KeyTable(await log.table('keys')), new KeyTable(await log.table('keys'))];
  await one.putAccount(fill(32, 1), 'a1', utf8('{}'));
  expect([two.refresh(), two.refresh(), two.channels().length]).toEqual([true, false, 1]);
  await one.dropChannel(fill(32, 1));
  two.refresh();
  expect(two.channels()).toEqual([]);
});
