/** A chain folder with one thing damaged: found by `verify`, built anew by `repair`. */
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { u64be, type Bytes } from './base/bytes.ts';
import { repairChain, verifyChain } from './chain-repair.ts';
import { chainFolder, importChainFile, type ChainReport } from './chain-tools.ts';
import { ChainStore } from './chain/store/chain-store.ts';
import { BUCKET, type BucketName } from './db/bucket.ts';
import { LevelStore } from './db/level-store.ts';
import { decodeBlock } from './primitives/block.ts';
import { headerHash } from './primitives/header.ts';
import { transactionHash } from './primitives/transaction.ts';
import { blocksIn } from './testing/chains.ts';
import { readVector } from './testing/vectors.ts';

const HEAD = 40;
const network = 'dev';
const root = mkdtempSync(join(tmpdir(), 'chain-repair-'));
const blocks = blocksIn(readVector('blocks/dev-chain.rlp'));
const at = (number: number): ReturnType<typeof decodeBlock> => decodeBlock(blocks[number] ?? new Uint8Array());
const whole = join(root, 'whole');
let report: ChainReport;

beforeAll(async () => {
  const file = join(root, 'chain.rlp');
  writeFileSync(file, Buffer.concat(blocks.slice(0, HEAD + 1)));
  report = await importChainFile({ network, dataDir: whole, file });
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

function copyNamed(name: string): string {
  const dataDir = join(root, name.replaceAll(' ', '-'));
  cpSync(whole, dataDir, { recursive: true });
  return dataDir;
}

/** Changes one stored value: `change` gives null to remove it. */
async function damage(dataDir: string, bucket: BucketName, key: Bytes, change: (value: Bytes) => Bytes | null): Promise<void> {
  const store = await LevelStore.open({ path: chainFolder(dataDir, network) });
  const full = Uint8Array.of(BUCKET[bucket], ...key);
  const value = store.get(full);
  if (value === undefined) expect.fail(`there is no such entry in ${bucket}`);
  const batch = store.batch();
  const changed = change(value.slice());
  if (changed === null) batch.delete(full);
  else batch.put(full, changed);
  await batch.write();
  await store.close();
}

const flipped = (value: Bytes): Bytes => Uint8Array.from(value, (byte, i) => (i === Math.floor(value.length / 2) ? byte ^ 0x10 : byte));
const hashOf = (number: number): Bytes => headerHash(at(number).header);
const withTransaction = Array.from({ length: HEAD }, (_, i) => i + 1).find((number) => at(number).transactions.length > 0) ?? 0;
const [transaction] = at(withTransaction).transactions;

const DAMAGES: readonly (readonly [what: string, bucket: BucketName, key: () => Bytes, change: (value: Bytes) => Bytes | null, keptUpTo: number])[] = [
  ['a missing body', 'bodies', () => hashOf(20), () => null, 19],
  ['a flipped byte in a header', 'headers', () => hashOf(25), flipped, 24],
  ['a flipped byte in a body', 'bodies', () => hashOf(withTransaction), flipped, withTransaction - 1],
  ['missing receipts', 'receipts', () => hashOf(30), () => null, HEAD],
  ['changed receipts', 'receipts', () => hashOf(withTransaction), flipped, HEAD],
  ['a missing transaction in the index', 'transactions', () => (transaction === undefined ? new Uint8Array() : transactionHash(transaction)), () => null, HEAD],
  ['a missing part of the state', 'stateNodes', () => at(HEAD).header.stateRoot, () => null, HEAD],
  ['a flipped byte in the state', 'stateNodes', () => at(HEAD).header.stateRoot, flipped, HEAD],
  ['a number that leads nowhere', 'canonical', () => u64be(35), () => null, 34],
  ['a head pointer that leads nowhere', 'meta', () => new TextEncoder().encode('head'), flipped, HEAD],
];

describe('a stored chain', () => {
  it('is verified whole, and stays as it is', async () => {
    const dataDir = copyNamed('good');
    const before = readdirSync(chainFolder(dataDir, network)).length;
    expect(await verifyChain({ network, dataDir })).toEqual({ head: HEAD, hash: report.hash, stateRoot: report.stateRoot, transactions: report.transactions });
    expect(before).toBeGreaterThan(2);
  });

  it.each(DAMAGES)('with %s is named by its block, and built anew as far as it is good', async (what, bucket, key, change, keptUpTo) => {
    const dataDir = copyNamed(what);
    await damage(dataDir, bucket, key(), change);
    await expect(verifyChain({ network, dataDir })).rejects.toMatchObject({ code: expect.stringMatching(/^(?:CHAIN_DIFFERS|BAD_|NOT_CONNECTED)/) as string, meta: { block: expect.any(Number) as number } });
    const repaired = await repairChain({ network, dataDir });
    expect(repaired).toMatchObject({ head: keptUpTo, stoppedBy: keptUpTo === HEAD ? null : (expect.any(String) as string) });
    expect(existsSync(repaired.kept)).toBe(true);
    expect(await verifyChain({ network, dataDir })).toMatchObject({ head: keptUpTo });
    const file = join(root, 'chain.rlp');
    expect(await importChainFile({ network, dataDir, file })).toMatchObject({ head: HEAD, hash: report.hash, stateRoot: report.stateRoot });
  });

  it('whose file CURRENT is missing is not begun anew but refused, and repaired', async () => {
    const dataDir = copyNamed('no-current');
    const folder = chainFolder(dataDir, network);
    rmSync(join(folder, 'CURRENT'));
    const files = readdirSync(folder);
    await expect(verifyChain({ network, dataDir })).rejects.toMatchObject({ code: 'DATABASE_DAMAGED', help: expect.stringContaining('chain repair') as string });
    expect(readdirSync(folder)).toEqual(files);
    expect(await repairChain({ network, dataDir })).toMatchObject({ head: HEAD, hash: report.hash });
  });

  it('whose database files are damaged ends in a name, and loses nothing that can be read', async () => {
    const dataDir = copyNamed('flipped-file');
    const folder = chainFolder(dataDir, network);
    const manifest = readdirSync(folder).find((file) => file.startsWith('MANIFEST')) ?? '';
    writeFileSync(join(folder, manifest), flipped(readFileSync(join(folder, manifest))));
    await expect(verifyChain({ network, dataDir })).rejects.toMatchObject({ code: expect.stringMatching(/^(?:DATABASE|CHAIN)_/) as string });
    expect(await repairChain({ network, dataDir })).toMatchObject({ head: HEAD, hash: report.hash });
  });

  it('that was killed while its database was begun is begun again', async () => {
    const dataDir = join(root, 'begun');
    mkdirSync(chainFolder(dataDir, network), { recursive: true });
    writeFileSync(join(chainFolder(dataDir, network), 'MANIFEST-000001'), 'half');
    expect(await importChainFile({ network, dataDir, file: join(root, 'chain.rlp') })).toMatchObject({ head: HEAD });
  });

  it.each([true, false])('that is an archive (%s) stays what it is when it is repaired', async (archive) => {
    const dataDir = copyNamed(`archive-${archive}`);
    const path = chainFolder(dataDir, network);
    await importChainFile({ network, dataDir, file: join(root, 'chain.rlp'), archive });
    await repairChain({ network, dataDir });
    const repaired = await LevelStore.open({ path });
    expect(new ChainStore(repaired).isArchive()).toBe(archive);
    await repaired.close();
  });

  it('of which nothing can be read is left as it is', async () => {
    const dataDir = copyNamed('nothing');
    await damage(dataDir, 'canonical', u64be(0), () => null);
    await expect(repairChain({ network, dataDir })).rejects.toMatchObject({ code: 'NOTHING_TO_REPAIR' });
    expect(readdirSync(join(dataDir, network))).toEqual(['chain']);
  });
});
