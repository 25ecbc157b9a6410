/** `cpchain chain import | export` as a process of its own, as a user runs it. */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { blocksIn, withSignatures } from '../../src-node/testing/chains.ts';
import { readVector, readVectorLines } from '../../src-node/testing/vectors.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const NODE = [process.execPath, '--disable-warning=ExperimentalWarning'] as const;
const folder = mkdtempSync(join(tmpdir(), 'chain-commands-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Answer {
  readonly code: number | null;
  readonly json: Readonly<Record<string, unknown>>;
}

function run(args: readonly string[]): Answer {
  const [command, ...flags] = NODE;
  const { status, stdout } = spawnSync(command, [...flags, 'src-main/cli/main.ts', 'chain', ...args, '--json'], { cwd: ROOT, encoding: 'utf8', timeout: 50_000, killSignal: 'SIGKILL' });
  expect(stdout.trim().split('\n')).toHaveLength(1);
  return { code: status, json: JSON.parse(stdout) as Answer['json'] };
}

function importInto(dataDir: string, file: string, network = 'dev'): Answer {
  return run(['import', file, '--network', network, '--datadir', dataDir]);
}

function fileOf(name: string, content: Uint8Array | readonly Uint8Array[]): string {
  const path = join(folder, name);
  writeFileSync(path, content instanceof Uint8Array ? content : Buffer.concat(content));
  return path;
}

interface Recorded {
  readonly number: number;
  readonly hash: string;
  readonly header: { readonly stateRoot: string };
  readonly txs: readonly unknown[];
}

const LAST_GOOD = 59;
const dev = blocksIn(readVector('blocks/dev-chain.rlp'));
const recorded = readVectorLines<Recorded>('blocks/dev-blocks.jsonl');
const good = dev.slice(0, LAST_GOOD + 1);
const bad = dev[LAST_GOOD + 1] ?? new Uint8Array();
const after = dev.slice(LAST_GOOD + 2, LAST_GOOD + 4);

/** What an import that ends at block `number` prints. */
function reportOf(number: number, from: number): Readonly<Record<string, unknown>> {
  const block = recorded[number];
  const txs = recorded.slice(from, number + 1).reduce((sum, one) => sum + one.txs.length, 0);
  return { head: number, hash: block?.hash, stateRoot: block?.header.stateRoot, blocks: number - from + 1, txs, seconds: expect.any(Number) as number, rssMB: expect.any(Number) as number };
}

describe('chain import', () => {
  it('prints one line of JSON for the dev chain', () => {
    const { code, json } = importInto(join(folder, 'dev'), fileOf('dev.rlp', dev));
    expect(json).toEqual(reportOf(384, 1));
    expect(Object.keys(json)).toEqual(['head', 'hash', 'stateRoot', 'blocks', 'txs', 'seconds', 'rssMB']);
    expect([code, Number(json['seconds']) > 0, Number(json['rssMB']) > 30]).toEqual([0, true, true]);
  });

  it('prints it for the mini chain, read out of a gzip file', () => {
    const { code, json } = importInto(join(folder, 'mini'), join(ROOT, 'test-vectors/blocks/mini-chain.rlp.gz'), 'mini');
    expect([code, json]).toEqual([0, { head: 320, hash: expect.stringMatching(/^0x[0-9a-f]{64}$/) as string, stateRoot: expect.stringMatching(/^0x[0-9a-f]{64}$/) as string, blocks: 320, txs: 0, seconds: expect.any(Number) as number, rssMB: expect.any(Number) as number }]);
  });

  const flipped = withSignatures(bad, (sigs) => sigs.map((one, slot) => (slot === sigs.findIndex((sig) => sig.some((byte) => byte !== 0)) ? one.map((byte, at) => (at === 20 ? byte ^ 1 : byte)) : one)));
  const repeated = withSignatures(bad, (sigs) => sigs.map(() => sigs.find((sig) => sig.some((byte) => byte !== 0)) ?? new Uint8Array(65)));

  it.each<[string, Uint8Array | readonly Uint8Array[], string]>([
    ['a file that ends within a block', Buffer.concat([...good, bad]).subarray(0, -7), 'BAD_BLOCK_FILE'],
    ['a file that goes on with garbage', [...good, Uint8Array.from({ length: 500 }, (_, i) => 17 + (i % 90))], 'BAD_BLOCK_DATA'],
    ['a length that no block has', [...good, new Uint8Array(40).fill(0xff)], 'BAD_BLOCK_FILE'],
    ['a block that is a list of something else', [...good, Uint8Array.of(0xc3, 1, 2, 3), bad], 'BAD_BLOCK_DATA'],
    ['a flipped byte in a signature', [...good, flipped, ...after], 'BAD_SIGNATURES'],
    ['a repeated signature', [...good, repeated, ...after], 'BAD_SIGNATURES'],
    ['a block left out', [...good, ...after], 'NOT_CONNECTED'],
  ])('stops at %s with its number, keeps the blocks before it, and goes on from there', (name, content, code) => {
    const dataDir = join(folder, name);
    const broken = importInto(dataDir, fileOf(`${name}.rlp`, content));
    const number = code === 'NOT_CONNECTED' ? LAST_GOOD + 2 : LAST_GOOD + 1;
    expect([broken.code, broken.json]).toMatchObject([1, { error: { code, meta: { block: number }, help: expect.any(String) as string } }]);
    expect((broken.json['error'] as { message: string }).message).toContain(String(number));
    expect(importInto(dataDir, fileOf('good.rlp', good)).json).toMatchObject({ head: LAST_GOOD, hash: recorded[LAST_GOOD]?.hash, blocks: 0 });
    expect(importInto(dataDir, fileOf('more.rlp', dev.slice(0, 81))).json).toEqual(reportOf(80, LAST_GOOD + 1));
  });

  it('takes what the reference node took when it is told to', () => {
    const dataDir = join(folder, 'reference');
    const { code, json } = run(['import', fileOf('repeated.rlp', [...good, repeated, ...after]), '--network', 'dev', '--datadir', dataDir, '--reference-rules']);
    expect([code, json]).toMatchObject([0, { head: LAST_GOOD + 3, hash: recorded[LAST_GOOD + 3]?.hash }]);
  });

  it('refuses the file of another network by its first block', () => {
    expect(importInto(join(folder, 'other'), fileOf('dev.rlp', dev), 'mini')).toMatchObject({ code: 1, json: { error: { code: 'WRONG_GENESIS', meta: { block: 0 } } } });
  });

  it.each([
    ['a file that is not there', ['import', join(folder, 'none.rlp'), '--network', 'dev', '--datadir', join(folder, 'none')], 'FILE_MISSING'],
    ['a network that is not known', ['import', join(folder, 'dev.rlp'), '--network', 'moon', '--datadir', join(folder, 'none')], 'UNKNOWN_NETWORK'],
    ['no data folder', ['import', join(folder, 'dev.rlp'), '--network', 'dev'], 'USAGE'],
    ['an option that is not known', ['import', join(folder, 'dev.rlp'), '--network', 'dev', '--datadir', folder, '--fast'], 'USAGE'],
  ])('names %s', (_, args, code) => {
    expect(run(args)).toMatchObject({ code: 1, json: { error: { code, message: expect.any(String) as string } } });
  });

  it('names a data folder that it may not write into', () => {
    const dataDir = join(folder, 'locked');
    mkdirSync(dataDir);
    chmodSync(dataDir, 0o555);
    // Root may write everywhere, so a test that runs as root gives its rights up once the program is loaded.
    const script = `
      const { runCommandLine } = await import(${JSON.stringify(new URL('./run.ts', import.meta.url).href)});
      if (process.getuid?.() === 0) process.setuid(65534);
      process.exitCode = await runCommandLine(process.argv.slice(1), { out: console.log, err: console.error }, new AbortController().signal);`;
    chmodSync(folder, 0o755);
    const [command, ...flags] = NODE;
    const { status, stdout } = spawnSync(command, [...flags, '--input-type=module', '-e', script, 'chain', 'import', fileOf('dev.rlp', dev), '--network', 'dev', '--datadir', dataDir, '--json'], { cwd: ROOT, encoding: 'utf8' });
    expect([status, JSON.parse(stdout)]).toMatchObject([1, { error: { code: 'DATABASE_ERROR', help: expect.stringContaining('may be written') as string } }]);
  });
});

describe('chain export', () => {
  it('gives a file that is the same to the byte, and leads an empty folder to the same head', () => {
    const dataDir = join(folder, 'exported');
    importInto(dataDir, fileOf('dev.rlp', dev));
    const exported = join(folder, 'exported.rlp');
    const packed = join(folder, 'exported.rlp.gz');
    expect(run(['export', exported, '--network', 'dev', '--datadir', dataDir])).toEqual({ code: 0, json: { ...reportOf(384, 1), blocks: 385 } });
    expect(readFileSync(exported).equals(readVector('blocks/dev-chain.rlp'))).toBe(true);
    run(['export', packed, '--network', 'dev', '--datadir', dataDir]);
    expect(importInto(join(folder, 'again'), packed).json).toEqual(reportOf(384, 1));
  });

  it('leaves no half file where it cannot write', () => {
    expect(run(['export', join(folder, 'no', 'such', 'folder.rlp'), '--network', 'dev', '--datadir', join(folder, 'exported')])).toMatchObject({ code: 1, json: { error: { code: expect.stringMatching(/^FILE_/) as string } } });
  });
});
