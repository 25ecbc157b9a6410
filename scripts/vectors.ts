/** `npm run vectors -- PATH...`: recorded data against this code, file by file; without a path the repository's own. */
import { fileURLToPath } from 'node:url';
import { filesAt, runVectorFile, type FileResult } from '../src-node/testing/vectors/run-vectors.ts';
import { VECTORS_FOLDER } from '../src-node/testing/vectors.ts';

/** Of the failures of a file these are printed. */
const SHOWN = 5;

const paths = process.argv.slice(2);
const total = { passed: 0, failed: 0, files: 0, skipped: 0 };
for (const path of filesAt(paths.length > 0 ? paths : [fileURLToPath(VECTORS_FOLDER)])) {
  const result = await runVectorFile(path);
  if ('skipped' in result) {
    total.skipped += 1;
    console.log(`${path}: skipped, ${result.skipped}`);
    continue;
  }
  total.files += 1;
  total.passed += result.passed;
  total.failed += result.failures.length;
  printResult(result);
}
console.log(`${total.passed} passed, ${total.failed} failed in ${total.files} files; ${total.skipped} files skipped`);
process.exit(total.failed === 0 && total.passed > 0 ? 0 : 1);

function printResult({ path, passed, failures, alike, notCompared }: FileResult): void {
  const almost = [...alike].map(([reason, count]) => `, ${count} alike (${reason})`).join('');
  const rest = [...notCompared].map(([reason, count]) => `, ${count} not compared (${reason})`).join('');
  console.log(`${path}: ${passed} passed, ${failures.length} failed${almost}${rest}`);
  for (const { name, reason } of failures.slice(0, SHOWN)) console.log(`  ${name}: ${reason}`);
  if (failures.length > SHOWN) console.log(`  and ${failures.length - SHOWN} more`);
}
