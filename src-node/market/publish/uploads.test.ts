import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../base/clock.ts';
import { openMarketStore } from '../store.ts';
import { DraftStore } from './draft-store.ts';
import { MAX_FILE_BYTES, Uploads } from './uploads.ts';

const root = mkdtempSync(join(tmpdir(), 'uploads-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

let folders = 0;
/** The same folder and database again: the program after a restart. */
function uploads(folder = join(root, String((folders += 1))), free = 10 ** 12): Uploads {
  return new Uploads({ folder: join(folder, 'uploads') }, { store: new DraftStore({ db: openMarketStore(join(folder, 'market.sqlite')), clock: systemClock }), freeBytes: () => Promise.resolve(free) });
}

const file = { name: 'river.csv', bytes: 10, modified: 1_700_000_000_000 };

describe('uploads', () => {
  it('go on when the same file is announced again, after a restart too', async () => {
    const folder = join(root, 'again');
    const first = uploads(folder);
    const { id } = await first.begin(file);
    writeFileSync(first.target(id).path, 'abcd');
    const later = uploads(folder);
    expect(await later.list()).toEqual([{ ...file, id, arrived: 4 }]);
    expect(await later.begin(file)).toEqual({ ...file, id, arrived: 4 });
    await expect(later.whole(id)).rejects.toMatchObject({ code: 'UPLOAD_INCOMPLETE', meta: { offset: 4, bytes: 10 } });
    writeFileSync(later.target(id).path, 'abcdefghij');
    expect(await readFile((await later.whole(id)).path, 'utf8')).toBe('abcdefghij');
    later.handOver(id);
    expect(await later.list()).toEqual([]);
  });

  it.each([{ bytes: 11 }, { name: 'lake.csv' }, { modified: file.modified + 1 }])('never mix two files: %o begins anew', async (other) => {
    const one = uploads();
    const { id } = await one.begin(file);
    expect((await one.begin({ ...file, ...other })).id).not.toBe(id);
  });

  it('refuse what is empty, too large, or has no room', async () => {
    const one = uploads(undefined, 100);
    await expect(one.begin({ ...file, bytes: 0 })).rejects.toMatchObject({ code: 'FILE_EMPTY' });
    await expect(one.begin({ ...file, bytes: MAX_FILE_BYTES + 1 })).rejects.toMatchObject({ code: 'FILE_TOO_LARGE' });
    await expect(one.begin({ ...file, bytes: 101 })).rejects.toMatchObject({ code: 'DISK_FULL', meta: { bytes: 101, free: 100 } });
    expect(await one.list()).toEqual([]);
  });

  it('need room only for what has not arrived', async () => {
    const folder = join(root, 'room');
    const { id } = await uploads(folder, 10).begin(file);
    writeFileSync(uploads(folder).target(id).path, 'abcd');
    expect((await uploads(folder, 6).begin(file)).id).toBe(id);
    await expect(uploads(folder, 5).begin(file)).rejects.toMatchObject({ code: 'DISK_FULL' });
  });

  it('leave nothing behind when they are thrown away', async () => {
    const one = uploads();
    const { id } = await one.begin(file);
    const { path } = one.target(id);
    writeFileSync(path, 'abcd');
    await one.discard(id);
    await expect(stat(path)).rejects.toThrow();
    expect(await one.list()).toEqual([]);
    await expect(one.discard(id)).rejects.toMatchObject({ code: 'UPLOAD_UNKNOWN' });
  });

  it('never delete a file that is the user’s own', async () => {
    const own = join(root, 'own.csv');
    writeFileSync(own, 'mine');
    await uploads().discardCopy(own);
    expect(await readFile(own, 'utf8')).toBe('mine');
  });
});
