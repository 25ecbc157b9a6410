/**
 * Import of chain files: speed, memory, how late timers are, and where the time goes. `BENCH_CHAIN=network:FILE` measures another file;
 * `BENCH_PEER` is a shell command that imports "$FILE" into the folder "$DATA" with another node of the network, to compare with.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Shares } from './areas.ts';
import { generateChain, type GeneratedChain } from './generated-chain.ts';
import type { ImportFigures } from './import-run.ts';
import type { BenchRow } from './row.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const MEMORY_AIM = 400;
const PIECE_AIM = 50;
const GENERATED: readonly (GeneratedChain & { readonly name: string })[] = [
  { name: 'transfers', of: 'transfers', blocks: 2000, each: 25 },
  { name: 'token calls', of: 'token calls', blocks: 2000, each: 10 },
  { name: 'empty blocks', of: 'transfers', blocks: 450, each: 0 },
];

export async function benchImport(): Promise<readonly BenchRow[]> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-chain-'));
  try {
    const named = process.env['BENCH_CHAIN']?.split(':');
    if (named !== undefined) return rowsOf(named[0] ?? '', named[0] ?? '', named[1] ?? '', folder);
    const rows: BenchRow[] = [];
    for (const generated of GENERATED) {
      const file = join(folder, 'mini.rlp');
      await generateChain(file, generated);
      rows.push(...rowsOf(generated.name, 'mini', file, folder));
    }
    return rows;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Measured once as it is; where the time goes is read from a second run, which the profile slows down. */
function rowsOf(name: string, network: string, file: string, folder: string): readonly BenchRow[] {
  const { blocks, transactions, gas, seconds, cpuSeconds, rssMB, lateMillis, pieceMillis } = importOnce(network, file, join(folder, 'data'));
  const { shares } = importOnce(network, file, join(folder, 'data'), 'profile');
  shares.forEach((each, thread) => printShares(`${name}: ${thread === 0 ? 'the thread that executes' : 'a thread that examines'}`, each));
  return [
    { name: `import, ${name}: ${blocks} blocks`, value: blocks / seconds, unit: 'blocks/s' },
    ...(transactions === 0
      ? []
      : [
          { name: `import, ${name}: ${transactions} transactions`, value: transactions / seconds, unit: 'tx/s' },
          { name: `import, ${name}: gas`, value: gas / 1e6 / seconds, unit: 'Mgas/s' },
        ]),
    { name: `import, ${name}: time`, value: seconds, unit: 's' },
    ...peerRows(name, file, join(folder, 'peer'), seconds),
    { name: `import, ${name}: processor time of all threads`, value: cpuSeconds, unit: 's' },
    { name: `import, ${name}: memory`, value: rssMB, unit: 'MB', aim: `<= ${MEMORY_AIM}`, met: rssMB <= MEMORY_AIM },
    { name: `import, ${name}: longest piece of work, processor time`, value: pieceMillis, unit: 'ms', aim: `<= ${PIECE_AIM}`, met: pieceMillis <= PIECE_AIM },
    { name: `import, ${name}: longest wait of the event loop`, value: lateMillis, unit: 'ms' },
  ];
}

/** The same by another node, when one was named. */
function peerRows(name: string, file: string, data: string, own: number): readonly BenchRow[] {
  const command = process.env['BENCH_PEER'];
  if (command === undefined) return [];
  mkdirSync(data);
  const start = performance.now();
  const { status } = spawnSync('sh', ['-c', command], { env: { ...process.env, FILE: file, DATA: data }, stdio: 'ignore' });
  const seconds = (performance.now() - start) / 1000;
  rmSync(data, { recursive: true, force: true });
  if (status !== 0) throw new TypeError(`the other node failed with ${status ?? 'a signal'}`);
  return [
    { name: `import, ${name}: time of the other node`, value: seconds, unit: 's' },
    { name: `import, ${name}: times its speed`, value: seconds / own, unit: 'x' },
  ];
}

function importOnce(network: string, file: string, data: string, ...mode: readonly 'profile'[]): ImportFigures {
  const args = ['--disable-warning=ExperimentalWarning', '--max-semi-space-size=4', '--heap-growing-percent=150', 'bench/import-run.ts', network, file, data, ...mode];
  const { stdout, stderr, status } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
  rmSync(data, { recursive: true, force: true });
  if (status !== 0) throw new TypeError(`the import failed: ${stderr}`);
  return JSON.parse(stdout) as ImportFigures;
}

function printShares(title: string, shares: Shares): void {
  const total = Object.values(shares).reduce((sum, seconds) => sum + seconds, 0);
  console.log(`  ${title}, ${total.toFixed(1)} s`);
  for (const [area, seconds] of Object.entries(shares).sort(([, a], [, b]) => b - a)) {
    console.log(`    ${area.padEnd(30)} ${((seconds / total) * 100).toFixed(1).padStart(5)} %`);
  }
}
