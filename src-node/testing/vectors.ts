/** Reads the recorded test data of `test-vectors/` (its README says what each file holds). */
import { existsSync } from 'node:fs';
import { readUnpacked } from './vectors/recorded-file.ts';

export const VECTORS_FOLDER = new URL('../../test-vectors/', import.meta.url);

/** The content of `test-vectors/<name>`, also when it is kept as `<name>.gz`. */
export function readVector(name: string): Buffer {
  const plain = new URL(name, VECTORS_FOLDER);
  return readUnpacked(existsSync(plain) ? plain : new URL(`${name}.gz`, VECTORS_FOLDER));
}

export function readVectorJson<T>(name: string): Readonly<T> {
  return JSON.parse(readVector(name).toString('utf8')) as T;
}

/** One JSON value per line. */
export function readVectorLines<T>(name: string): T[] {
  return readVector(name).toString('utf8').split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as T);
}
