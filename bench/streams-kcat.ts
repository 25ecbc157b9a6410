/** `kcat` (librdkafka), where the system has it or Debian's packages can be had: records a second, its start included. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newKafka, newTopic } from './streams-kafkajs.ts';
import { RECORDS, rowOfSize, type Throughput } from './streams-load.ts';

const PLACES = ['/usr/bin/kcat', '/usr/local/bin/kcat', '/opt/homebrew/bin/kcat'];
const MAX_OUTPUT = 1 << 30;

function findKcat(): string | undefined {
  const find = (): string | undefined => PLACES.find((path) => existsSync(path));
  if (find() === undefined && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'kcat'], { stdio: 'ignore' });
  return find();
}

/** Null where there is none, which it says. */
export async function kcatThroughput(brokers: readonly string[], size: number): Promise<Throughput | null> {
  const kcat = findKcat();
  if (kcat === undefined) return leftOut('there is none here');
  const folder = mkdtempSync(join(tmpdir(), 'kcat-'));
  const topic = await newTopic(newKafka(brokers));
  const count = RECORDS[size] ?? 0;
  const file = join(folder, 'rows');
  writeFileSync(file, Array.from({ length: count }, (_, n) => `${JSON.stringify(rowOfSize(size, n))}\n`).join(''));
  const timed = (args: readonly string[]): { readonly rate: number; readonly output: Buffer } => {
    const began = performance.now();
    const { stdout } = spawnSync(kcat, ['-b', brokers.join(','), '-t', topic, '-q', ...args], { maxBuffer: MAX_OUTPUT, stdio: ['ignore', 'pipe', 'ignore'] });
    return { rate: count / ((performance.now() - began) / 1000), output: stdout };
  };
  try {
    const publish = timed(['-P', '-X', 'acks=-1', '-X', 'enable.idempotence=true', '-l', file]).rate;
    const { rate: read, output } = timed(['-C', '-o', 'beginning', '-c', String(count), '-e']);
    const lines = output.toString('latin1').split('\n').length - 1;
    return lines === count ? { publish, read } : leftOut(`it read ${lines} of ${count} records`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function leftOut(why: string): null {
  console.log(`  kcat is left out: ${why}`);
  return null;
}
