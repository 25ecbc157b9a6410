/** Fails on a production dependency whose licence is not on the allow-list. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './lib/toolchain.mjs';

const ALLOWED = new Set(['MIT', 'MIT-0', 'ISC', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', '0BSD', 'OFL-1.1', 'CC0-1.0', 'Unlicense', 'BlueOak-1.0.0', 'Python-2.0', 'Zlib', 'Artistic-2.0', 'WTFPL', /* file by file, unchanged */ 'MPL 2.0', 'MPL-2.0']);

/** `(MIT OR X)` needs one allowed, `(MIT AND X)` all. */
function isAllowed(licence) {
  const text = licence.replace(/[()]/g, '').trim();
  if (text.includes(' OR ')) return text.split(' OR ').some(isAllowed);
  if (text.includes(' AND ')) return text.split(' AND ').every(isAllowed);
  return ALLOWED.has(text);
}

const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
const refused = [];
for (const [path, entry] of Object.entries(lock.packages)) {
  if (path === '' || entry.dev === true || entry.link === true || entry.optional === true) continue;
  let licence = entry.license;
  if (licence === undefined) {
    const manifest = JSON.parse(readFileSync(join(root, path, 'package.json'), 'utf8'));
    licence = manifest.license ?? manifest.licenses?.map(({ type }) => type).join(' OR ');
  }
  if (typeof licence !== 'string' || !isAllowed(licence)) refused.push(`${path.replace('node_modules/', '')}: ${licence ?? 'none stated'}`);
}
if (refused.length > 0) {
  console.error(`Licences that are not on the allow-list:\n${refused.join('\n')}\nReplace the package, or add the licence to scripts/licences.mjs after reading it.`);
  process.exit(1);
}
