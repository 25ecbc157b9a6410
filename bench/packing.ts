/** Packing and opening beside the raw limit, in the same run and with the same number of threads. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { WorkerPool } from '../src-node/base/worker-pool.ts';
import { systemFiles } from '../src-node/base/files.ts';
import { silentLogger } from '../src-node/base/logger.ts';
import { FileContainer } from '../src-node/market/pdp/container.ts';
import { chunkLeaf } from '../src-node/market/pdp/chunk.ts';
import { fetchVersion } from '../src-node/market/pdp/fetcher.ts';
import { dataRootOf, decodeManifest, encodeManifest } from '../src-node/market/pdp/manifest.ts';
import { openVersion } from '../src-node/market/pdp/opener.ts';
import { pack, type PackedChunk } from '../src-node/market/pdp/packer.ts';
import { packagePool } from '../src-node/market/pdp/pool.ts';
import { SUITE_1 } from '../src-node/market/pdp/suite.ts';
import { FolderConnector } from '../src-node/otp/folder.ts';
import type { RawTask } from './raw-worker.ts';
import type { BenchRow } from './row.ts';

const MEBIBYTES = 200;
const THREADS = 2;
const RAW_SHARE_AIM = 0.3;
const PACK_AIM = 350;

async function rate(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (MEBIBYTES * 1.048576) / ((performance.now() - start) / 1000);
}

export async function benchPacking(): Promise<readonly BenchRow[]> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  const raw = new WorkerPool<RawTask, number>({ url: new URL('./raw-worker.ts', import.meta.url), size: THREADS });
  const pool = packagePool({ size: THREADS });
  try {
    const file = join(folder, 'data');
    writeFileSync(file, randomBytes(MEBIBYTES << 20));
    const tasks = (mebibytes: number): Promise<unknown> => Promise.all(Array.from({ length: THREADS }, () => raw.run({ mebibytes })));
    await tasks(2);
    const rawRate = await rate(() => tasks(MEBIBYTES / THREADS));
    const packing = { seller: randomBytes(20), versionSalt: randomBytes(32) };
    const key = randomBytes(32);
    const container = await FileContainer.open(file, 'data');
    // Sealing alone: what is stored is dropped, for the disk is another bench.
    const sink = { scheme: 'folder' as const, put: (object: string) => Promise.resolve({ otp: 1 as const, scheme: 'folder' as const, where: { object }, access: 'public' as const }), get: () => Promise.reject(new TypeError('nothing is kept')) };
    const options = { suite: SUITE_1, packing, key, window: 2 * THREADS };
    const journal = { chunk: () => null, record: () => undefined };
    const signal = new AbortController().signal;
    const seal = (): Promise<unknown> => pack(options, { container, places: [sink], journal, pool }, signal, () => undefined);
    await seal(); // the workers start and compile, as those of the raw limit did
    const sealRate = await rate(seal);
    const place = new FolderConnector({ folder: join(folder, 'objects') }, { files: systemFiles });
    let chunks: readonly PackedChunk[] = [];
    const storeRate = await rate(async () => (chunks = await pack(options, { container, places: [place], journal, pool }, signal, () => undefined)));
    const version = { ...packing, dataRoot: dataRootOf(chunks.map(({ facts }) => chunkLeaf(packing, facts))), chunkCount: chunks.length, totalBytes: BigInt(container.totalBytes), suite: SUITE_1.number };
    const manifest = decodeManifest(encodeManifest(SUITE_1, packing.versionSalt, chunks), version);
    await container.close();
    const fetchRate = await rate(() => fetchVersion(manifest, { folder: join(folder, 'copy'), window: 2 * THREADS }, { places: [place], pool, files: systemFiles, log: silentLogger }, signal, { onChunk: () => undefined }));
    const openRate = await rate(() => openVersion(manifest, { key, objects: join(folder, 'copy'), target: join(folder, 'opened') }, { pool }, signal, () => undefined));
    return [
      { name: `raw limit, AES-256-GCM + SHA-256, ${THREADS} threads`, value: rawRate, unit: 'MB/s' },
      { name: `sealing, ${THREADS} workers`, value: sealRate, unit: 'MB/s', aim: `>= ${PACK_AIM}`, met: sealRate >= PACK_AIM },
      { name: 'sealing as a share of the raw limit', value: (sealRate / rawRate) * 100, unit: '%', aim: `>= ${RAW_SHARE_AIM * 100}`, met: sealRate / rawRate >= RAW_SHARE_AIM },
      { name: 'sealing and storing in a folder, fsync of each chunk', value: storeRate, unit: 'MB/s' },
      { name: 'fetching from a folder and checking', value: fetchRate, unit: 'MB/s' },
      { name: 'opening and verifying into files', value: openRate, unit: 'MB/s' },
    ];
  } finally {
    await Promise.all([raw.close(), pool.close()]);
    rmSync(folder, { recursive: true, force: true });
  }
}
