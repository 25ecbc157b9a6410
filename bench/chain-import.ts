/** Import of chain files: blocks and transactions a second, memory. `BENCH_CHAIN=network:FILE` measures another file. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { generateChain } from './generated-chain.ts';
import type { BenchRow } from './row.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const MEMORY_AIM = 400;
const GENERATED = { blocks: 400, each: 50 } as const;

export async function benchImport(): Promise<readonly BenchRow[]> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-chain-'));
  try {
    const named = process.env['BENCH_CHAIN']?.split(':');
    if (named !== undefined) return rowsOf(named[0] ?? '', named[1] ?? '', folder);
    const generated = join(folder, 'practice.rlp');
    await generateChain(generated, GENERATED);
    return [...rowsOf('dev', join(root, 'test-vectors/blocks/dev-chain.rlp.gz'), folder), ...rowsOf('practice', generated, folder)];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** In a process of its own, as a user imports. */
function rowsOf(network: string, file: string, folder: string): readonly BenchRow[] {
  const args = ['--disable-warning=ExperimentalWarning', '--max-semi-space-size=4', 'src-main/cli/main.ts', 'chain', 'import', file, '--network', network, '--datadir', join(folder, 'data'), '--json'];
  const { stdout, status } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
  if (status !== 0) throw new TypeError(`the import failed: ${stdout}`);
  const { blocks, txs, seconds, rssMB } = JSON.parse(stdout) as { readonly blocks: number; readonly txs: number; readonly seconds: number; readonly rssMB: number };
  return [
    { name: `import of ${network}, ${blocks} blocks`, value: blocks / seconds, unit: 'blocks/s' },
    { name: `import of ${network}, ${txs} transactions`, value: txs / seconds, unit: 'tx/s' },
    { name: `memory of the import of ${network}`, value: rssMB, unit: 'MB', aim: `<= ${MEMORY_AIM}`, met: rssMB <= MEMORY_AIM },
  ];
}
