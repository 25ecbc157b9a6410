import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { FileContainer } from '../pdp/container.ts';
import { profileFile } from './profile-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'profile-'));
const never = new AbortController().signal;
const NOBODY = 65_534;

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function fileOf(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

/** As a user without rights; root would read everything. */
async function asNobody<T>(work: () => Promise<T>): Promise<T> {
  const isRoot = process.geteuid?.() === 0;
  if (isRoot) process.seteuid?.(NOBODY);
  try {
    return await work();
  } finally {
    if (isRoot) process.seteuid?.(0);
  }
}

describe('a file that somebody wants to sell', () => {
  it.each(['table.csv', 'table.tsv', 'rows.jsonl', 'rows.json'])('named %s that may not be read is refused by name, when it is looked at and when it is packed', async (name) => {
    chmodSync(folder, 0o755);
    const path = fileOf(name, 'a,b\n1,2\n');
    chmodSync(path, 0o000);
    await asNobody(async () => {
      await expect(profileFile(path, name, never)).rejects.toMatchObject({ code: 'NO_PERMISSION', help: expect.any(String) as string });
      await expect(FileContainer.open(path, name)).rejects.toMatchObject({ code: 'NO_PERMISSION' });
    });
    chmodSync(path, 0o600);
    expect((await profileFile(path, name, never)).format).toBe(name.split('.')[1]?.toUpperCase());
  });

  it('that is gone is refused by name', async () => {
    for (const name of ['gone.csv', 'gone.jsonl', 'gone.json']) await expect(profileFile(join(folder, name), name, never)).rejects.toMatchObject({ code: 'FILE_MISSING' });
  });

  it('that takes too long is sold without its columns', async () => {
    const path = fileOf('large.csv', 'a,b\n1,2\n'.repeat(200_000));
    const abort = new AbortController();
    const profile = profileFile(path, 'large.csv', abort.signal);
    setTimeout(() => abort.abort(), 5);
    expect(await profile).toMatchObject({ format: 'CSV', rows: null, columns: [], problem: 'slow' });
  });

  it.each<[what: string, name: string, content: string | Uint8Array]>([
    ['a table of bytes', 'a.csv', Uint8Array.from({ length: 10_000 }, (_, i) => (i * 7) & 0xff)], ['a quote that never closes', 'b.csv', `a,b\n"${'x,\n'.repeat(50_000)}`], ['one line without end', 'c.csv', 'x'.repeat(3_000_000)],
    ['a row of 10,000 columns', 'd.csv', `${Array.from({ length: 10_000 }, (_, i) => `c${i}`).join()}\n${Array.from({ length: 10_000 }, () => '1').join()}\n`], ['columns named like properties', 'e.csv', '__proto__,constructor\n1,2\n'],
    ['JSON that is cut', 'f.json', '[{"a":1},'], ['JSON nested very deep', 'g.json', '['.repeat(200_000)], ['JSON of a number', 'h.json', '7'], ['lines of no objects', 'i.jsonl', '1\n2\n'], ['a line nested very deep', 'j.jsonl', `{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}\n`],
  ])('of %s is described as far as it goes', async (_, name, content) => {
    const profile = await profileFile(fileOf(name, content), name, never);
    expect(profile.columns.length).toBeLessThanOrEqual(500);
    expect(JSON.stringify(profile).length).toBeLessThan(500_000);
  });
});
