/** What a kind of recorded data is, and the two usual shapes of one. */
import { deepStrictEqual } from 'node:assert/strict';
import type { RecordedFile } from './recorded-file.ts';

/** Of a case that says nothing about this code; the reason is counted and printed. */
export interface NotCompared {
  readonly notCompared: string;
}

/** Of a case that holds but for something that differs by its nature; what and why is counted and printed. */
export interface Alike {
  readonly alike: string;
}

/** Undefined: what we find is what was recorded. */
type Outcome = NotCompared | Alike | undefined;

export interface VectorCase {
  readonly name: string;
  /** Throws when our result is another one than recorded. Cases of a file are checked in order, each before the next is made. */
  readonly check: () => Outcome | Promise<Outcome>;
}

export type VectorCases = Iterable<VectorCase> | AsyncIterable<VectorCase>;

export interface VectorKind {
  readonly name: string;
  readonly recognises: (file: RecordedFile) => boolean;
  readonly cases: (file: RecordedFile) => VectorCases;
}

/** A list of records, or one per line, that have these fields. */
export function recordsKind<Item>(name: string, fields: readonly (keyof Item & string)[], casesOf: (item: Item, index: number, file: RecordedFile) => Iterable<VectorCase>): VectorKind {
  return {
    name,
    recognises: ({ records }) => hasFields(records[0], fields),
    *cases(file) {
      for (const [index, item] of file.records.entries()) yield* casesOf(item as Item, index, file);
    },
  };
}

/** One object that has these fields. */
export function objectKind<Content>(name: string, fields: readonly (keyof Content & string)[], casesOf: (content: Content, file: RecordedFile) => VectorCases): VectorKind {
  return { name, recognises: ({ json }) => hasFields(json, fields), cases: (file) => casesOf(file.json as Content, file) };
}

export function hasFields(value: unknown, fields: readonly string[]): boolean {
  return typeof value === 'object' && value !== null && fields.every((field) => field in value);
}

/** A case that holds when what we find is what was recorded. */
export function same(name: string, find: () => unknown, recorded: unknown): VectorCase {
  return {
    name,
    async check() {
      deepStrictEqual(await find(), recorded);
      return undefined;
    },
  };
}
