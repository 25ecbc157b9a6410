/** `npm run contracts`: compiles the Solidity sources, checks them, and writes what the program reads of them. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { contractOutputs } from '../src-node/contracts/build/outputs.ts';

const root = join(import.meta.dirname, '..');

for (const [path, text] of contractOutputs()) {
  const target = join(root, path);
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, text);
  console.log(`${path} ${text.length} bytes`);
}
