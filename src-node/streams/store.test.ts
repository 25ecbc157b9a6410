import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { PublishingTable } from './publishing/publishing-table.ts';
import { openStreamStore } from './store.ts';

it('plays the recording of flights for who chose it when it was named otherwise', () => {
  const folder = mkdtempSync(join(tmpdir(), 'streams-'));
  const path = join(folder, 'streams.sqlite');
  const before = openStreamStore(path);
  const add = before.prepare("INSERT INTO stream_source (id, stream, settings, running, added_at) VALUES (?, '0x01', ?, 1, 0)");
  for (const [id, data] of [['a', 'vehicles'], ['b', 'weather']] as const) add.run(id, JSON.stringify({ kind: 'replay', data, speed: 7 }));
  before.exec('ALTER TABLE best_voucher DROP COLUMN payer_key; DROP TABLE checkpointing; PRAGMA user_version = 4'); // as it was then
  before.close();
  const db = openStreamStore(path);
  expect(new PublishingTable(db).sourcesOf('0x01').map(({ settings }) => settings)).toEqual([{ kind: 'replay', data: 'flights', speed: 7 }, { kind: 'replay', data: 'weather', speed: 7 }]);
  db.close();
  rmSync(folder, { recursive: true });
});
