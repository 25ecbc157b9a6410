/** Everything recorded in `test-vectors/`, by the same runner as `npm run vectors`. */
import { fileURLToPath } from 'node:url';
import { relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { VECTORS_FOLDER } from '../vectors.ts';
import { filesAt, runVectorFile } from './run-vectors.ts';

const folder = fileURLToPath(VECTORS_FOLDER);
/** Read by the tests of the contracts, and by people. */
const OTHERS = new Set(['README.md', 'contracts/rnode-abi.json', 'contracts/rnode-selectors.json', 'contracts/terms.json']);

describe('recorded data', () => {
  it.each(filesAt([folder]).map((path) => relative(folder, path)))('%s', async (name) => {
    const result = await runVectorFile(new URL(name, VECTORS_FOLDER).pathname);
    if ('skipped' in result) return expect(OTHERS).toContain(name);
    expect(result.failures).toEqual([]);
    expect(result.passed).toBeGreaterThan(0);
  }, 180_000);
});
