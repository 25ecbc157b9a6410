/** Runs files of recorded data against this code: every file by its kind, every case by itself. */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { KINDS, SKIPPED } from './kinds.ts';
import { RecordedFile } from './recorded-file.ts';
import type { VectorKind } from './vector-kind.ts';

export interface Failure {
  readonly name: string;
  readonly reason: string;
}

export interface FileResult {
  readonly path: string;
  readonly kind: string;
  /** Cases in which we find what was recorded. */
  readonly passed: number;
  readonly failures: readonly Failure[];
  /** How many cases hold but for something, by what it is. */
  readonly alike: ReadonlyMap<string, number>;
  /** How many cases were not compared, by the reason. */
  readonly notCompared: ReadonlyMap<string, number>;
}

export interface SkippedFile {
  readonly path: string;
  readonly skipped: string;
}

/** The files at these paths, folders with all that is in them. A path that is not there throws. */
export function filesAt(paths: readonly string[]): string[] {
  return paths.flatMap((path) => (statSync(path).isDirectory() ? filesAt(readdirSync(path).sort().map((name) => join(path, name))) : [path]));
}

export async function runVectorFile(path: string): Promise<FileResult | SkippedFile> {
  const file = new RecordedFile(path);
  const kind = KINDS.find((one) => one.recognises(file));
  if (kind !== undefined) return runKind(kind, file);
  return { path, skipped: SKIPPED.find((one) => one.recognises(file))?.reason ?? 'not a kind that is known here' };
}

async function runKind(kind: VectorKind, file: RecordedFile): Promise<FileResult> {
  const failures: Failure[] = [];
  const alike = new Map<string, number>();
  const notCompared = new Map<string, number>();
  let passed = 0;
  try {
    for await (const { name, check } of kind.cases(file)) {
      try {
        const outcome = await check();
        if (outcome === undefined) passed += 1;
        else if ('alike' in outcome) alike.set(outcome.alike, (alike.get(outcome.alike) ?? 0) + 1);
        else notCompared.set(outcome.notCompared, (notCompared.get(outcome.notCompared) ?? 0) + 1);
      } catch (error) {
        failures.push({ name, reason: messageOf(error) });
      }
    }
  } catch (error) {
    failures.push({ name: 'the file', reason: messageOf(error) }); // it cannot be read to its end
  }
  return { path: file.path, kind: kind.name, passed, failures, alike, notCompared };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
