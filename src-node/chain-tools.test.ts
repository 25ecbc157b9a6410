/** A chain folder that is not to be had. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { chainFolder, importChainFile, type ChainReport } from './chain-tools.ts';
import { LevelStore } from './db/level-store.ts';
import { blocksIn } from './testing/chains.ts';
import { readVector } from './testing/vectors.ts';

const HEAD = 20;
const network = 'dev';
const folder = mkdtempSync(join(tmpdir(), 'chain-tools-'));
const file = join(folder, 'chain.rlp');
writeFileSync(file, Buffer.concat(blocksIn(readVector('blocks/dev-chain.rlp')).slice(0, HEAD + 1)));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const importInto = (dataDir: string): Promise<ChainReport> => importChainFile({ network, dataDir, file });

describe('a chain folder', () => {
  it('that another program has open is named, and taken when that is closed', async () => {
    const dataDir = join(folder, 'shared');
    const other = await LevelStore.open({ path: chainFolder(dataDir, network) });
    await expect(importInto(dataDir)).rejects.toMatchObject({ code: 'DATABASE_LOCKED', help: expect.stringContaining('Close the other') as string });
    await other.close();
    expect(await importInto(dataDir)).toMatchObject({ head: HEAD });
  });

  it('that is a file is named, and made when the file is gone', async () => {
    const dataDir = join(folder, 'occupied');
    mkdirSync(join(dataDir, network), { recursive: true });
    writeFileSync(chainFolder(dataDir, network), 'no folder');
    await expect(importInto(dataDir)).rejects.toMatchObject({ code: 'DATABASE_ERROR', help: expect.any(String) as string });
    rmSync(chainFolder(dataDir, network));
    expect(await importInto(dataDir)).toMatchObject({ head: HEAD });
  });
});
