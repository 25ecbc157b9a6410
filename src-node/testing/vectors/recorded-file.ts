/** A file of recorded data, plain or packed. What it holds is told by its content, never by its name. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { CodedError } from '../../base/errors.ts';

/** Of packed files, what is in them. */
export function readUnpacked(path: string | URL): Buffer {
  const bytes = readFileSync(path);
  return bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes;
}

/** An object or a list. */
const JSON_BEGINS = new Set([0x7b, 0x5b]);

export class RecordedFile {
  readonly path: string;
  readonly bytes: Buffer;
  /** The whole as one JSON value; undefined when it is none. */
  readonly json: unknown;
  /** The items of a JSON list, or the JSON values of lines. */
  readonly records: readonly unknown[];

  constructor(path: string) {
    this.path = path;
    this.bytes = readUnpacked(path);
    const text = JSON_BEGINS.has(this.bytes[0] ?? 0) ? this.bytes.toString('utf8') : '';
    this.json = parsed(text);
    this.records = Array.isArray(this.json) ? this.json : this.json === undefined ? linesOf(text) : [];
  }

  /** A file that this one refers to, by its place seen from here. @throws VECTOR_MISSING */
  beside(name: string): RecordedFile {
    const plain = join(dirname(this.path), name);
    const path = [plain, `${plain}.gz`].find((one) => existsSync(one));
    if (path === undefined) throw new CodedError('VECTOR_MISSING', `${name}, which ${this.path} refers to, is not there.`, { help: 'Keep the files together as they were recorded.' });
    return new RecordedFile(path);
  }
}

/** None when any line is no JSON. */
function linesOf(text: string): readonly unknown[] {
  const values: unknown[] = [];
  for (const line of text.split('\n')) {
    if (line === '') continue;
    const value = parsed(line);
    if (value === undefined) return [];
    values.push(value);
  }
  return values;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
