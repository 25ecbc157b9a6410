import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLogger } from '../base/logger.ts';
import { KeysClient } from './client.ts';

const WORDS = `${'abandon '.repeat(23)}art`;
const PASSWORD = 'correct horse';
let folder: string;
let client: KeysClient;
let locked = 0;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'keys-client-'));
  client = new KeysClient({ folder, cost: 'light' }, { log: silentLogger, onLocked: () => locked++ });
  locked = 0;
});
afterEach(async () => {
  await client.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('keys process', () => {
  it('answers, names its errors across the border, and comes back locked after a kill', async () => {
    await client.call('importSeed', { words: WORDS, password: PASSWORD });
    const pid = client.pid;
    expect(pid).not.toBeNull();
    await expect(client.call('unlock', { password: 'wrong password' })).rejects.toMatchObject({ name: 'CodedError', code: 'WRONG_PASSWORD' });
    const pending = client.call('unlock', { password: PASSWORD });
    process.kill(pid ?? 0, 'SIGKILL');
    await expect(pending).rejects.toMatchObject({ code: 'KEYS_STOPPED' });
    expect(locked).toBe(1);
    expect(await client.call('status', {})).toMatchObject({ exists: true, unlocked: false });
    expect(client.pid).not.toBe(pid);
    expect(await client.call('unlock', { password: PASSWORD })).toMatchObject({ unlocked: true });
  });

  it('survives a message of any other form', async () => {
    await expect(client.call('unlock', { password: 'x'.repeat(2_000_000) })).rejects.toMatchObject({ code: 'BAD_REQUEST' });
    await expect(client.call('packKey', null as never)).rejects.toMatchObject({ code: 'BAD_REQUEST' });
    expect(await client.call('status', {})).toMatchObject({ exists: false });
  });
});
