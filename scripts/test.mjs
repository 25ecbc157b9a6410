/** `npm test`: lint, types, licences, unit, contract and end-to-end tests, and the simulation of streams; one line `N passed, M failed, K skipped` at the end. */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { join } from 'node:path';
import { ensureChromium } from './lib/chromium.mjs';
import { ensurePage } from './lib/page.mjs';
import { playwrightCounts, vitestCounts } from './lib/test-counts.mjs';
import { binOf, cacheFolder, ensureInstalled, node24, programEnv, root } from './lib/toolchain.mjs';

await ensureInstalled();
const cache = cacheFolder();
const total = { passed: 0, failed: 0, skipped: [] };

/** Runs a tool; its output is shown when it fails, or as it comes when `live`. One that is `patient` takes what the others leave of the processor. */
function run(args, { env = {}, live = false, patient = false } = {}) {
  return new Promise((resolve) => {
    const child = spawn(node24(), ['--disable-warning=ExperimentalWarning', ...args], { cwd: root, env: { ...programEnv, FORCE_COLOR: '0', ...env }, stdio: live ? ['ignore', 2, 2] : ['ignore', 'pipe', 'pipe'] });
    if (patient && child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_LOW);
    let output = '';
    child.stdout?.on('data', (data) => (output += data));
    child.stderr?.on('data', (data) => (output += data));
    child.on('close', (code) => resolve({ ok: code === 0, code, output }));
  });
}

async function stage(name, work) {
  const start = Date.now();
  const { passed, failed, skipped } = await work();
  total.passed += passed;
  total.failed += failed;
  total.skipped.push(...skipped);
  console.log(`${name}: ${passed} passed, ${failed} failed, ${skipped.length} skipped (${((Date.now() - start) / 1000).toFixed(0)} s)`);
}

/** A tool whose success is one check. */
const check = (args, options) => async () => {
  const { ok, output } = await run(args, options);
  if (!ok) console.log(output);
  return { passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: [] };
};

/** Exit code of a simulation where there can be no Kafka. */
const NO_KAFKA = 3;

/** Streams over brokers and gateways that fail (scripts/sim.ts): one check. */
const simulation = async () => {
  const { ok, code, output } = await run(['scripts/sim.ts', 'streams', '--seconds', '60']);
  const lines = output.trim().split('\n');
  if (code === NO_KAFKA) return { passed: 0, failed: 0, skipped: [`simulation of streams: ${lines.at(-1)}`] };
  console.log(ok ? lines.slice(-5, -2).join('\n') : output);
  return { passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: [] };
};

/** A runner that writes its results to `report`. */
const suite = (args, report, counts, options) => async () => {
  rmSync(report, { force: true });
  const { ok } = await run(args, { ...options, live: true });
  if (!existsSync(report)) return { passed: 0, failed: 1, skipped: [] };
  const result = counts(JSON.parse(readFileSync(report, 'utf8')));
  return { ...result, failed: result.failed === 0 && !ok ? 1 : result.failed };
};

await stage('licences', check(['scripts/licences.mjs']));
const brokerCame = run(['scripts/mosquitto.mjs']); // over the network, meanwhile, one after the other
const kafkaCame = run(['scripts/kafka.ts', 'bring']);
const chromiumCame = brokerCame.then(() => run(['scripts/chromium.mjs']));
// No test waits for them, and tests that count on clocks do not notice them.
const checked = Promise.all([
  stage('types', check([binOf('tsc'), '--noEmit', '-p', 'tsconfig.json'], { patient: true })),
  stage('lint', check([binOf('eslint'), '.', '--max-warnings', '0'], { patient: true })),
]);
// tests start the program and parts of it hundreds of times, and kill them before they could keep what Node made of the sources
await run(['--input-type=module', '--eval', "await import('./src-node/node.ts')"]);
await Promise.all([brokerCame, kafkaCame]);
const unitReport = join(cache, 'unit.json');
await stage('unit', suite([binOf('vitest'), 'run', '--reporter=dot', '--reporter=json', `--outputFile.json=${unitReport}`], unitReport, vitestCounts));
await chromiumCame;
const chromium = ensureChromium();
ensurePage();
const e2eReport = join(cache, 'e2e.json');
const e2eEnv = { PLAYWRIGHT_JSON_OUTPUT_NAME: e2eReport, ...(chromium === null ? {} : { CHROMIUM_PATH: chromium }) };
await stage('end to end', suite([binOf('playwright'), 'test', '--reporter=dot,json'], e2eReport, playwrightCounts, { env: e2eEnv }));
await stage('simulation', simulation);
await checked;

for (const name of total.skipped) console.log(`skipped: ${name}`);
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped.length} skipped`);
process.exit(total.failed === 0 ? 0 : 1);
