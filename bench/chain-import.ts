/** Import of the recorded chain: blocks and transactions a second, memory. `BENCH_CHAIN=network:FILE` measures another file. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { importChainFile } from '../src-node/chain-tools.ts';
import type { BenchRow } from './row.ts';

export async function benchImport(): Promise<readonly BenchRow[]> {
  const [network = 'dev', file = fileURLToPath(new URL('../test-vectors/blocks/dev-chain.rlp.gz', import.meta.url))] = process.env['BENCH_CHAIN']?.split(':') ?? [];
  const dataDir = mkdtempSync(join(tmpdir(), 'bench-chain-'));
  try {
    const { blocks, transactions, seconds } = await importChainFile({ network, dataDir, file });
    return [
      { name: `import of ${network}, ${blocks} blocks`, value: blocks / seconds, unit: 'blocks/s' },
      { name: `import of ${network}, ${transactions} transactions`, value: transactions / seconds, unit: 'tx/s' },
      { name: 'memory after the import, this process', value: process.memoryUsage.rss() / 1e6, unit: 'MB' },
    ];
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}
