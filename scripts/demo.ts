/**
 * `npm run demo`: the story without a screen. `--json` prints only the last line; `--file PATH` sells another file, `--size MB` a
 * generated one of that size.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { writeTable } from './demo/large-file.ts';
import { StoryError } from './demo/program.ts';
import { tellStory } from './demo/story.ts';

const { values } = parseArgs({ options: { json: { type: 'boolean', default: false }, file: { type: 'string' }, size: { type: 'string' }, keep: { type: 'boolean', default: false } } });
const folder = mkdtempSync(join(tmpdir(), 'cpchain-demo-'));
const start = performance.now();
const seconds = (): number => Math.round((performance.now() - start) / 100) / 10;
const steps: { readonly step: string; readonly seconds: number }[] = [];

const onStep = (step: string): void => {
  steps.push({ step, seconds: seconds() });
  if (!values.json) console.log(`${seconds().toFixed(1).padStart(6)} s  ${step}`);
};

let ok = false;
try {
  const file = values.file ?? (await fileToSell());
  const result = await tellStory({ folder, file, name: basename(file), onStep });
  ok = true;
  console.log(JSON.stringify({ ok, steps, seconds: seconds(), ...result }));
} catch (error) {
  console.log(JSON.stringify({ ok, reason: error instanceof Error ? error.message : String(error), steps, seconds: seconds() }));
} finally {
  if (values.keep) console.error(folder);
  else rmSync(folder, { recursive: true, force: true });
}
process.exit(ok ? 0 : 1);

async function fileToSell(): Promise<string> {
  if (values.size === undefined) return fileURLToPath(new URL('../node_modules/vega-datasets/data/seattle-weather.csv', import.meta.url));
  const megabytes = Number(values.size);
  if (!Number.isInteger(megabytes) || megabytes < 1) throw new StoryError('--size takes whole megabytes.');
  const path = join(folder, 'measured.csv');
  await writeTable(path, megabytes * 1024 * 1024);
  return path;
}
