import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { systemFiles } from '../base/files.ts';
import { KeysService } from './service.ts';

const WORDS = `${'abandon '.repeat(23)}art`;
const PASSWORD = 'correct horse';
let folder: string;
let keys: KeysService;
const open = (): Promise<KeysService> => KeysService.open({ folder, cost: { n: 2, r: 8, p: 1 } }, { files: systemFiles });

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'keys-secrets-'));
  keys = await open();
  await keys.call('importSeed', { words: WORDS, password: PASSWORD });
});
afterEach(() => {
  keys.close();
  rmSync(folder, { recursive: true, force: true });
});

it('keeps passwords of brokers by name, over a restart, and none of them in the clear', async () => {
  await keys.call('keepSecret', { name: 'mqtt:5d01.a1', secret: 'hush of the broker' });
  await keys.call('keepSecret', { name: 'kafka:main', secret: 'other' });
  await keys.call('keepSecret', { name: 'mqtt:5d01.a1', secret: 'hush of the new broker' });
  keys.close();
  keys = await open();
  await keys.call('unlock', { password: PASSWORD });
  expect(await keys.call('openSecret', { name: 'mqtt:5d01.a1' })).toEqual({ secret: 'hush of the new broker' });
  await keys.call('keepSecret', { name: 'mqtt:5d01.a1', secret: null });
  expect([await keys.call('openSecret', { name: 'mqtt:5d01.a1' }), await keys.call('openSecret', { name: 'kafka:main' })]).toEqual([{ secret: null }, { secret: 'other' }]);
  expect(readdirSync(folder).map((name) => readFileSync(join(folder, name), 'latin1')).join('')).not.toContain('hush');
});

it('opens none while the wallet is locked, and none under another kind of name', async () => {
  await keys.call('keepSecret', { name: 'mqtt:a', secret: 'hush' });
  for (const name of ['seed:a', 'mqtt:', 'mqtt:../a', `mqtt:${'a'.repeat(161)}`]) await expect(keys.call('openSecret', { name })).rejects.toMatchObject({ code: 'BAD_REQUEST' });
  await keys.call('lock', {});
  await expect(keys.call('openSecret', { name: 'mqtt:a' })).rejects.toMatchObject({ code: 'WALLET_LOCKED' });
  await expect(keys.call('keepSecret', { name: 'mqtt:a', secret: null })).rejects.toMatchObject({ code: 'WALLET_LOCKED' });
});
