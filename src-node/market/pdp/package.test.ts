import { createHash } from 'node:crypto';
import { appendFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fromHex, hexOf, type Bytes } from '../../base/bytes.ts';
import { CodedError } from '../../base/errors.ts';
import { systemFiles, type FilePort } from '../../base/files.ts';
import { silentLogger } from '../../base/logger.ts';
import { chunkKey, chunkLeaf } from './chunk.ts';
import { FileContainer } from './container.ts';
import { fetchVersion } from './fetcher.ts';
import type { Locator } from './locator.ts';
import { dataRootOf, decodeManifest, encodeManifest, type Manifest, type VersionFacts } from './manifest.ts';
import { openVersion } from './opener.ts';
import { pack, verifyStored, type PackedChunk, type PackJournal } from './packer.ts';
import type { ObjectPlace } from './place.ts';
import { packagePool } from './pool.ts';
import { isSafePath, safeName } from './safe-path.ts';
import { SUITE_1 } from './suite.ts';

const key = fromHex('bb99b89aa082a8b46c0aff26fb3f774738c1a0b4d845e9668c7a7a6d63b66864');
const packing = { seller: fromHex('51'.repeat(20)), versionSalt: fromHex('a1'.repeat(32)) };
const options = { suite: SUITE_1, packing, key, window: 4 };
const pool = packagePool({ size: 2 });
const never = new AbortController().signal;
let folder: string;

beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'pdp-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));
afterAll(() => pool.close());

class MemoryPlace implements ObjectPlace {
  readonly scheme = 'folder';
  readonly objects = new Map<string, Bytes>();
  put(name: string, object: Bytes): Promise<Locator> {
    this.objects.set(name, Uint8Array.from(object));
    return Promise.resolve({ otp: 1, scheme: 'folder', where: { object: name }, access: 'public' });
  }
  get(locator: Locator): Promise<Bytes> {
    const object = locator.scheme === 'folder' ? this.objects.get(locator.where.object) : undefined;
    return object === undefined ? Promise.reject(new CodedError('OBJECT_MISSING', 'gone')) : Promise.resolve(object);
  }
}

class MemoryJournal implements PackJournal {
  readonly chunks = new Map<number, PackedChunk>();
  /** Dies instead of recording this many chunks. */
  dieAfter = Infinity;
  chunk(index: number): PackedChunk | null {
    return this.chunks.get(index) ?? null;
  }
  record(chunk: PackedChunk): void {
    if (this.chunks.size >= this.dieAfter) throw new CodedError('KILLED', 'killed');
    this.chunks.set(chunk.facts.index, chunk);
  }
}

function sample(length: number): string {
  const path = join(folder, 'data.bin');
  writeFileSync(path, Uint8Array.from({ length }, (_, i) => (i * 31 + (i >> 8)) & 0xff));
  return path;
}

async function packed(path: string, place: MemoryPlace, journal = new MemoryJournal()): Promise<{ chunks: readonly PackedChunk[]; manifest: Manifest; bytes: Bytes; version: VersionFacts }> {
  const container = await FileContainer.open(path, 'data.bin');
  try {
    const chunks = await pack(options, { container, places: [place], journal, pool }, never, () => undefined);
    await verifyStored(options, { places: [place], pool }, chunks, never, () => undefined);
    const bytes = encodeManifest(SUITE_1, packing.versionSalt, chunks);
    const version = { ...packing, dataRoot: dataRootOf(chunks.map(({ facts }) => chunkLeaf(packing, facts))), chunkCount: chunks.length, totalBytes: BigInt(container.totalBytes), suite: 1 };
    return { chunks, manifest: decodeManifest(bytes, version), bytes, version };
  } finally {
    await container.close();
  }
}

const fetchInto = (manifest: Manifest, place: ObjectPlace, files: FilePort = systemFiles): Promise<void> =>
  fetchVersion(manifest, { folder: join(folder, 'objects'), window: 4 }, { places: [place], pool, files, log: silentLogger }, never, { onChunk: () => undefined });
const openFrom = (manifest: Manifest, withKey = key): ReturnType<typeof openVersion> =>
  openVersion(manifest, { key: withKey, objects: join(folder, 'objects'), target: join(folder, 'opened') }, { pool }, never, () => undefined);

describe('a package', () => {
  it.each([1, 4096, (1 << 20) - 60, 1 << 20, 3_000_001])('of a file of %i bytes comes back byte for byte', async (length) => {
    const path = sample(length);
    const place = new MemoryPlace();
    const { manifest } = await packed(path, place);
    await fetchInto(manifest, place);
    const opened = await openFrom(manifest);
    expect(opened).toEqual({ files: [{ path: 'data.bin', bytes: length, sha256: createHash('sha256').update(readFileSync(path)).digest('hex') }] });
    expect(readFileSync(join(folder, 'opened', 'data.bin')).equals(readFileSync(path))).toBe(true);
    expect(readdirSync(folder)).not.toContain('opened.part');
  });

  it('goes on where a kill left it, and never uses a chunk key twice', async () => {
    const path = sample(6_000_000);
    const place = new MemoryPlace();
    const journal = new MemoryJournal();
    for (let after = 1; after < 6; after++) {
      journal.dieAfter = after;
      await expect(packed(path, place, journal)).rejects.toMatchObject({ code: 'KILLED' });
      expect(journal.chunks.size).toBe(after);
    }
    journal.dieAfter = Infinity;
    const { chunks } = await packed(path, place, journal);
    expect(chunks).toHaveLength(6);
    // Every object ever stored, also those of killed runs, was encrypted under a key of its own.
    const keys = [...place.objects.values()].map((object) => hexOf(chunkKey(key, Number(Buffer.from(object).readBigUInt64BE(6)), object.subarray(22, 38))));
    expect(keys.length).toBeGreaterThan(6);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('refuses a file that is empty, gone, or changes while it is packed', async () => {
    await expect(FileContainer.open(sample(0), 'x')).rejects.toMatchObject({ code: 'FILE_EMPTY' });
    await expect(FileContainer.open(join(folder, 'none'), 'x')).rejects.toMatchObject({ code: 'FILE_MISSING' });
    const path = sample(2_000_000);
    for (const change of [() => appendFileSync(path, 'x'), () => truncateSync(path, 100)]) {
      const container = await FileContainer.open(path, 'x');
      change();
      await expect(pack(options, { container, places: [new MemoryPlace()], journal: new MemoryJournal(), pool }, never, () => undefined)).rejects.toMatchObject({ code: 'SOURCE_CHANGED' });
      await container.close();
    }
  });

  it('notices an object that its own disk changed before anything is signed', async () => {
    const path = sample(100_000);
    const place = new MemoryPlace();
    const journal = new MemoryJournal();
    await packed(path, place, journal);
    const [object] = place.objects.values();
    object![5000]! ^= 1;
    await expect(packed(path, place, journal)).rejects.toMatchObject({ code: 'STORED_CHUNK_BAD' });
  });

  it('is not opened past a lie: the fault names what the chain can be shown', async () => {
    const place = new MemoryPlace();
    const { manifest } = await packed(sample(3_000_000), place);
    await fetchInto(manifest, place);
    expect(await openFrom(manifest, fromHex('01'.repeat(32)))).toEqual({ fault: { kind: 'bad-key-leaf', chunk: 0, unit: null } });
    expect(readdirSync(folder).sort()).toEqual(['data.bin', 'objects']);
  });

  it('stops with a coded error when a place fails or the disk is full, and resumes', async () => {
    const place = new MemoryPlace();
    const { manifest } = await packed(sample(3_000_000), place);
    const name = hexOf(manifest.chunks[2]!.leaf);
    const object = place.objects.get(name)!;
    place.objects.set(name, object.map((byte, i) => (i === 70_000 ? byte ^ 4 : byte)));
    await expect(fetchInto(manifest, place)).rejects.toMatchObject({ code: 'DATA_UNAVAILABLE', meta: { index: 2 } });
    place.objects.set(name, object);
    const full: FilePort = { ...systemFiles, writeAtomic: () => Promise.reject(new CodedError('DISK_FULL', 'full')) };
    rmSync(join(folder, 'objects'), { recursive: true });
    mkdirSync(join(folder, 'objects'));
    await expect(fetchInto(manifest, place, full)).rejects.toMatchObject({ code: 'DISK_FULL' });
    await fetchInto(manifest, place);
    expect(await openFrom(manifest)).toMatchObject({ files: [{ path: 'data.bin' }] });
  });
});

describe('a manifest', () => {
  it('is refused when it differs from the chain in any point', async () => {
    const { bytes, version } = await packed(sample(10_000), new MemoryPlace());
    const variants: VersionFacts[] = [
      { ...version, dataRoot: new Uint8Array(32) }, { ...version, chunkCount: 2 }, { ...version, totalBytes: version.totalBytes + 1n },
      { ...version, versionSalt: new Uint8Array(32) }, { ...version, seller: new Uint8Array(20) }, { ...version, suite: 2 },
    ];
    for (const variant of variants) expect(() => decodeManifest(bytes, variant)).toThrow(expect.objectContaining({ code: 'BAD_MANIFEST' }) as Error);
    for (const text of ['', '{}', '[]', '{"pd":1}', `{"pd":1,"suite":1,"zstd":true}`]) expect(() => decodeManifest(Buffer.from(text), version)).toThrow(expect.objectContaining({ code: 'BAD_MANIFEST' }) as Error);
  });
});

describe('paths in a package', () => {
  it.each(['../x', '/etc/passwd', 'a//b', 'a/./b', 'C:\\x', 'con', 'x.', 'a\u202eb', 'a\u0000b', ''])('refuses %j', (path) => expect(isSafePath(path)).toBe(false));
  it.each(['a.csv', '数据/温度 2026.csv', 'a/b/c'])('accepts %j', (path) => expect(isSafePath(path)).toBe(true));
  it('makes a safe name of any', () => {
    for (const name of ['../../x', 'con', '???', 'a\u202eb.csv', '']) expect(isSafePath(safeName(name))).toBe(true);
    expect(safeName('C:\\data\\cars.json')).toBe('cars.json');
  });
});
