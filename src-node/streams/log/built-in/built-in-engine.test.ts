import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { hexOf, utf8 } from '../../../base/bytes.ts';
import { ManualClock, millis, systemClock } from '../../../base/clock.ts';
import { CodedError } from '../../../base/errors.ts';
import { systemFiles, type FilePort } from '../../../base/files.ts';
import { silentLogger } from '../../../base/logger.ts';
import type { StreamLog } from '../engine.ts';
import { codeOf, DAY, describeEngine, newStreamId, recordOf, START, textsOf } from '../testing/engine-contract.ts';
import { BuiltInEngine, type BuiltInEngineOptions, type EngineModules } from './built-in-engine.ts';

const root = mkdtempSync(join(tmpdir(), 'built-in-log-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const MIB = 1024 * 1024;
const newFolder = (): string => mkdtempSync(join(root, 'f-'));
const modules: EngineModules = { files: systemFiles, clock: systemClock, logger: silentLogger };
const engineAt = (folder: string, options: Partial<BuiltInEngineOptions> = {}, some: Partial<EngineModules> = {}): BuiltInEngine =>
  new BuiltInEngine({ folder, maxBytes: 64 * MIB, fsyncMillis: millis(0), ...options }, { ...modules, ...some });

const contractFolder = newFolder();
describeEngine('the built-in log', () => engineAt(contractFolder));

const large = (text: string, time: number) => ({ ...recordOf('', time), value: utf8(text.padEnd(60_000, '.')) });
const filesOf = (folder: string, id: Uint8Array): readonly string[] => readdirSync(join(folder, hexOf(id))).filter((name) => name.endsWith('.log')).sort();

describe('files of the built-in log', () => {
  it('cuts off what a broken write left, and nothing before it', async () => {
    const folder = newFolder();
    const id = newStreamId();
    for (const left of [1, 7, 20, 40]) {
      const engine = engineAt(folder);
      const log = await engine.open(id, DAY);
      const before = (await log.bounds()).next;
      await log.append([recordOf(`kept ${left}`), recordOf('torn')]);
      await engine.close();
      const path = join(folder, hexOf(id), filesOf(folder, id).at(-1)!);
      truncateSync(path, statSync(path).size - (26 + 20 + 4) + left);
      const again = engineAt(folder);
      const read = await again.open(id, DAY);
      expect(await textsOf(read, before)).toEqual([`kept ${left}`]);
      expect(await read.bounds()).toEqual({ first: 0n, next: before + 1n });
      await again.close();
    }
  });

  it('keeps aside what stands behind a damaged record', async () => {
    const folder = newFolder();
    const id = newStreamId();
    const engine = engineAt(folder);
    await (await engine.open(id, DAY)).append(['a', 'b', 'c'].map((text) => recordOf(text)));
    await engine.close();
    const path = join(folder, hexOf(id), filesOf(folder, id)[0]!);
    const bytes = readFileSync(path);
    const record = bytes.length / 3;
    bytes.writeUInt8(bytes.readUInt8(record + 30) ^ 1, record + 30);
    writeFileSync(path, bytes);
    const again = engineAt(folder);
    expect(await textsOf(await again.open(id, DAY))).toEqual(['a']);
    expect(readFileSync(`${path}.cut`)).toEqual(bytes.subarray(record));
    await again.close();
  });

  it('starts at once behind a broken write whose bytes look like heads of records everywhere', async () => {
    const folder = newFolder();
    const id = newStreamId();
    const engine = engineAt(folder);
    await (await engine.open(id, DAY)).append([recordOf('a')]);
    await engine.close();
    const path = join(folder, hexOf(id), filesOf(folder, id)[0]!);
    const head = Buffer.alloc(32);
    head.writeUInt32BE(MIB);
    writeFileSync(path, Buffer.concat([readFileSync(path), ...Array.from({ length: (3 * MIB) / 32 }, () => head)]));
    const begin = performance.now();
    const again = engineAt(folder);
    expect(await textsOf(await again.open(id, DAY))).toEqual(['a']);
    expect(performance.now() - begin).toBeLessThan(3000);
    await again.close();
  });

  it('leaves the others their room, however often a damaged stream is asked for', async () => {
    const folder = newFolder();
    const id = newStreamId();
    const options = { maxBytes: 4 * MIB };
    const engine = engineAt(folder, options);
    const log = await engine.open(id, DAY);
    for (let i = 0; i < 30; i++) await log.append([large(`r${i}`, START + i)]);
    await engine.close();
    const damaged = join(folder, hexOf(id), filesOf(folder, id).at(-2)!);
    truncateSync(damaged, statSync(damaged).size - 1);
    const again = engineAt(folder, options);
    for (let i = 0; i < 5; i++) expect(await codeOf(again.open(id, DAY))).toBe('LOG_DAMAGED');
    expect(await (await again.open(newStreamId(), DAY)).append([large('x', START)])).toEqual([0n]);
    await again.close();
  });

  it('reads over many files, with and without their indexes, and names a damaged one', async () => {
    const folder = newFolder();
    const id = newStreamId();
    const options = { maxBytes: 4 * MIB };
    const engine = engineAt(folder, options);
    const log = await engine.open(id, DAY);
    for (let i = 0; i < 30; i++) await log.append([large(`r${i}`, START + i)]);
    const all = async (read: StreamLog): Promise<readonly string[]> => (await read.read(0n, { maxRecords: 100, maxBytes: 10 * MIB })).records.map(({ value }) => Buffer.from(value).toString().replace(/\.+$/, ''));
    const wanted = Array.from({ length: 30 }, (_, i) => `r${i}`);
    expect(filesOf(folder, id).length).toBeGreaterThan(8);
    expect(await all(log)).toEqual(wanted);
    expect((await log.read(0n, { maxRecords: 100, maxBytes: 200_000 })).records).toHaveLength(3);
    await engine.close();
    for (const name of readdirSync(join(folder, hexOf(id)))) if (name.endsWith('3.index')) rmSync(join(folder, hexOf(id), name));
    const again = engineAt(folder, options);
    const read = await again.open(id, DAY);
    expect(await all(read)).toEqual(wanted);
    expect(await read.offsetAt(millis(START + 17))).toBe(17n);
    const path = join(folder, hexOf(id), filesOf(folder, id)[2]!);
    const bytes = readFileSync(path);
    bytes.writeUInt8(bytes.readUInt8(100) ^ 1, 100);
    writeFileSync(path, bytes);
    expect(await codeOf(all(read))).toBe('LOG_DAMAGED');
    await again.close();
  });

  it('opens the others, and one whose settings are damaged too', async () => {
    const folder = newFolder();
    const ids = [newStreamId(), newStreamId()];
    const engine = engineAt(folder);
    for (const id of ids) await (await engine.open(id, DAY)).append([recordOf('a')]);
    await engine.close();
    writeFileSync(join(folder, hexOf(ids[0]!), 'stream.json'), '{');
    const again = engineAt(folder);
    for (const id of ids) expect(await textsOf(await again.open(id, DAY))).toEqual(['a']);
    await again.close();
  });

  it('drops what is too old, and keeps counting', async () => {
    const folder = newFolder();
    const id = newStreamId();
    const clock = new ManualClock(millis(START));
    const engine = engineAt(folder, { maxBytes: 4 * MIB }, { clock });
    const log = await engine.open(id, { retentionMillis: millis(3_600_000) });
    for (let i = 0; i < 12; i++) {
      await log.append([large(`r${i}`, clock.now())]);
      clock.advance(millis(600_000));
    }
    await expect.poll(async () => (await log.bounds()).first).toBeGreaterThan(3n);
    const { first, next } = await log.bounds();
    expect(next).toBe(12n);
    expect(first).toBeLessThanOrEqual(7n);
    const error: unknown = await log.read(0n, { maxRecords: 1, maxBytes: 1 }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'LOG_TOO_OLD', meta: { first: first.toString() } });
    // nothing comes any more
    for (let i = 0; i < 3; i++) {
      clock.advance(millis(3_700_000));
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await expect.poll(() => log.bounds()).toEqual({ first: 12n, next: 12n });
    await engine.close();
    const again = engineAt(folder, { maxBytes: 4 * MIB }, { clock });
    expect(await (await again.open(id, { retentionMillis: millis(3_600_000) })).append([recordOf('new')])).toEqual([12n]);
    await again.close();
  });

  it('refuses when its room is used up by what must be kept, and takes again when some of it is too old', async () => {
    const folder = newFolder();
    const clock = new ManualClock(millis(START));
    const engine = engineAt(folder, { maxBytes: MIB }, { clock });
    const log = await engine.open(newStreamId(), { retentionMillis: millis(3_600_000) });
    const other = await engine.open(newStreamId(), { retentionMillis: millis(3_600_000) });
    let count = 0;
    while ((await codeOf(log.append([large(`r${count}`, clock.now())]))) === 'none') count += 1;
    expect(count).toBe(17);
    expect(await codeOf(log.append([large('x', clock.now())]))).toBe('LOG_FULL');
    expect(await codeOf(other.append([large('x', clock.now())]))).toBe('LOG_FULL');
    expect((await log.bounds()).next).toBe(17n);
    clock.advance(millis(3_700_000));
    expect(await other.append([large('x', clock.now())])).toEqual([0n]);
    expect(await log.append([large('y', clock.now())])).toEqual([17n]);
    await engine.close();
  });

  it('keeps what it acknowledged on a disk that fills up, and goes on when there is room', async () => {
    let isFull = false;
    const files: FilePort = {
      ...systemFiles,
      async openAppend(path, length) {
        const file = await systemFiles.openAppend(path, length);
        const append = async (content: Uint8Array): Promise<void> => {
          if (!isFull) return file.append(content);
          await file.append(content.subarray(0, content.length / 2)); // a part of it came to the disk
          throw new CodedError('DISK_FULL', 'The disk is full.');
        };
        return { get length() { return file.length; }, append, close: () => file.close() };
      },
    };
    const folder = newFolder();
    const id = newStreamId();
    const engine = engineAt(folder, {}, { files });
    const log = await engine.open(id, DAY);
    const table = await log.table('keys');
    await log.append([recordOf('a')]);
    await table.put('k', utf8('v'));
    isFull = true;
    expect(await codeOf(log.append([recordOf('b')]))).toBe('LOG_FULL');
    expect(await codeOf(table.put('k', utf8('w')))).toBe('LOG_FULL');
    expect(await textsOf(log)).toEqual(['a']);
    expect(Buffer.from(table.get('k')!).toString()).toBe('v');
    isFull = false;
    expect(await log.append([recordOf('c')])).toEqual([1n]);
    await table.put('l', utf8('x'));
    await engine.close();
    const again = engineAt(folder);
    const read = await again.open(id, DAY);
    expect(await textsOf(read)).toEqual(['a', 'c']);
    expect((await read.table('keys')).entries('').map(([key]) => key)).toEqual(['k', 'l']);
    await again.close();
  });

  it('is of one program at a time', async () => {
    const folder = newFolder();
    const engine = engineAt(folder);
    await engine.open(newStreamId(), DAY);
    const second = engineAt(folder);
    expect(await codeOf(second.open(newStreamId(), DAY))).toBe('LOG_LOCKED');
    expect((await second.test()).checks[0]).toMatchObject({ name: 'folder', ok: false });
    await engine.close();
    expect(await codeOf(second.open(newStreamId(), DAY))).toBe('none');
    await second.close();
  });

  it('writes a table anew when most of it is of no use', async () => {
    const folder = newFolder();
    const id = newStreamId();
    const engine = engineAt(folder);
    const table = await (await engine.open(id, DAY)).table('keys');
    for (let i = 0; i < 40; i++) await table.put('k', utf8(String(i).padEnd(50_000, '.')));
    await engine.close();
    expect(statSync(join(folder, hexOf(id), 'keys.table')).size).toBeLessThan(450_000);
    const again = engineAt(folder);
    expect(Buffer.from((await (await again.open(id, DAY)).table('keys')).get('k')!).toString().slice(0, 3)).toBe('39.');
    await again.close();
  });
});
