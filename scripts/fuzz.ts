/** `npm run fuzz -- [TARGET…] [--seconds N] [--seed N] [--from N]`: bytes from outside, changed at random, against the code that reads them. */
import { parseArgs } from 'node:util';
import { runFuzz } from '../src-node/testing/fuzz/run-fuzz.ts';
import { TARGETS } from '../src-node/testing/fuzz/targets/index.ts';

const { values, positionals } = parseArgs({ allowPositionals: true, options: { seconds: { type: 'string', default: '600' }, seed: { type: 'string' }, from: { type: 'string', default: '0' } } });
const targets = positionals.length === 0 ? Object.keys(TARGETS) : positionals;
let findings = 0;
for (const target of targets) {
  const seed = values.seed === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(values.seed);
  const start = performance.now();
  const result = await runFuzz({ target, seed, millis: Number(values.seconds) * 1000, from: Number(values.from) });
  const seconds = (performance.now() - start) / 1000;
  if ('count' in result) {
    console.log(`${target}: ${result.count} inputs in ${seconds.toFixed(0)} s, seed ${seed}: no finding`);
    continue;
  }
  findings++;
  console.log(`${target}: input ${result.index} of seed ${seed} after ${seconds.toFixed(0)} s: ${result.reason}`);
  if ('input' in result) console.log(`  input: ${result.input}`);
  console.log(`  again: npm run fuzz -- ${target} --seed ${seed} --from ${result.index} --seconds 1`);
}
process.exit(findings === 0 ? 0 : 1);
