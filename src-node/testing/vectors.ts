/** Reads the recorded test data of `test-vectors/` (its README says what each file holds). */
import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

const folder = new URL('../../test-vectors/', import.meta.url);

/** The content of `test-vectors/<name>`, also when it is kept as `<name>.gz`. */
export function readVector(name: string): Buffer {
  const plain = new URL(name, folder);
  return existsSync(plain) && !name.endsWith('.gz') ? readFileSync(plain) : gunzipSync(readFileSync(new URL(name.endsWith('.gz') ? name : `${name}.gz`, folder)));
}

export function readVectorJson<T>(name: string): Readonly<T> {
  return JSON.parse(readVector(name).toString('utf8')) as T;
}

/** One JSON value per line. */
export function readVectorLines<T>(name: string): T[] {
  return readVector(name).toString('utf8').split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as T);
}
