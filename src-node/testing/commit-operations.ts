import { appendFileSync, mkdirSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** One call that changed a file of the chain's folder. */
export type FileOperation =
  | { readonly do: 'create'; readonly path: string }
  | { readonly do: 'sync'; readonly path: string }
  | { readonly do: 'remove'; readonly path: string }
  | { readonly do: 'append'; readonly path: string; readonly data: string }
  | { readonly do: 'rename'; readonly path: string; readonly to: string };

/** A program that opens a chain, commits one block and ends. Contents are base64. */
export interface RecordedCommit {
  /** Number of the head before. */
  readonly head: number;
  readonly before: Readonly<Record<string, string>>;
  readonly operations: readonly FileOperation[];
}

export interface Crash {
  /** So many operations were done. */
  readonly done: number;
  /** What was appended and not synced is lost, as when the power goes. */
  readonly losesUnsynced?: boolean;
  /** Of the operation after the last, an append, only so much was done. */
  readonly tornBytes?: number;
}

/** The folder as a crash left it. */
export function folderAfter(folder: string, { before, operations }: RecordedCommit, { done, losesUnsynced = false, tornBytes = 0 }: Crash): void {
  mkdirSync(folder, { recursive: true });
  for (const [path, data] of Object.entries(before)) writeFileSync(join(folder, path), Buffer.from(data, 'base64'));
  /** Length of each file that stands on the disk for certain. */
  const synced = new Map<string, number>();
  const lengths = new Map<string, number>();
  for (const operation of operations.slice(0, done)) {
    const path = join(folder, operation.path);
    if (operation.do === 'create') {
      writeFileSync(path, '');
      lengths.set(operation.path, 0);
      synced.set(operation.path, 0);
    } else if (operation.do === 'append') {
      const data = Buffer.from(operation.data, 'base64');
      appendFileSync(path, data);
      lengths.set(operation.path, (lengths.get(operation.path) ?? 0) + data.length);
    } else if (operation.do === 'sync') {
      synced.set(operation.path, lengths.get(operation.path) ?? 0);
    } else if (operation.do === 'remove') {
      rmSync(path);
      for (const known of [synced, lengths]) known.delete(operation.path);
    } else {
      renameSync(path, join(folder, operation.to));
      for (const known of [synced, lengths]) {
        known.set(operation.to, known.get(operation.path) ?? 0);
        known.delete(operation.path);
      }
    }
  }
  const next = operations[done];
  if (tornBytes > 0 && next?.do === 'append') appendFileSync(join(folder, next.path), Buffer.from(next.data, 'base64').subarray(0, tornBytes));
  if (losesUnsynced) for (const [path, length] of synced) if (length < (lengths.get(path) ?? 0)) truncateSync(join(folder, path), length);
}
