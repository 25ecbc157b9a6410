/** Everything recorded in `test-vectors/`, by the same runner as `npm run vectors`. */
import { fileURLToPath } from 'node:url';
import { relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { VECTORS_FOLDER, readVectorJson } from '../vectors.ts';
import { STRICTER } from './kinds/import-cases.ts';
import { filesAt, runVectorFile } from './run-vectors.ts';

const folder = fileURLToPath(VECTORS_FOLDER);
/** Read by tests of their own, and by people. */
const OTHERS = new Set(['README.md', 'chain/commit-operations.json.gz', 'contracts/rnode-abi.json', 'contracts/rnode-selectors.json', 'contracts/terms.json']);

describe('recorded data', () => {
  it.each(filesAt([folder]).map((path) => relative(folder, path)))('%s', async (name) => {
    const result = await runVectorFile(new URL(name, VECTORS_FOLDER).pathname);
    if ('skipped' in result) return expect(OTHERS).toContain(name);
    expect(result.failures).toEqual([]);
    expect(result.passed).toBeGreaterThan(0);
  }, 180_000);

  it('has a case for every rule in which we are stricter', () => {
    const { cases } = readVectorJson<{ readonly cases: readonly { readonly name: string; readonly accepted: boolean }[] }>('blocks/import-cases.json');
    const accepted = new Set(cases.filter((one) => one.accepted).map(({ name }) => name));
    expect(Object.keys(STRICTER).filter((name) => !accepted.has(name))).toEqual([]);
  });
});
