/** `PUT /files/{uploadId}`: the bytes of a file the browser chose, in resumable pieces, bounded by what was announced. */
import { mkdir, open, stat, type FileHandle } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { dirname } from 'node:path';
import { CodedError } from '../../src-node/base/errors.ts';
import { fileError } from '../../src-node/base/files.ts';

export interface UploadTarget {
  readonly path: string;
  /** Announced size. */
  readonly bytes: number;
}

/** How much of it is here already. */
export async function uploadOffset(target: UploadTarget): Promise<number> {
  return stat(target.path).then(({ size }) => size, () => 0);
}

const RANGE = /^bytes (\d{1,16})-(\d{1,16})\/(\d{1,16})$/;
/** Pieces that are being written, by path. */
const writing = new Map<string, { readonly request: IncomingMessage; readonly done: Promise<unknown> }>();

/**
 * Appends one piece. A piece that is still being written belongs to a connection that broke: it is ended, and what it wrote stays.
 * @returns the new offset. @throws UPLOAD_RANGE when it does not continue what is here, DISK_FULL …
 */
export async function receivePiece(request: IncomingMessage, target: UploadTarget): Promise<number> {
  for (let before = writing.get(target.path); before !== undefined; before = writing.get(target.path)) {
    before.request.destroy();
    await before.done;
  }
  const piece = append(request, target);
  writing.set(target.path, { request, done: piece.catch(() => undefined).then(() => writing.delete(target.path)) });
  return piece;
}

async function append(request: IncomingMessage, target: UploadTarget): Promise<number> {
  const [, first, last, total] = (RANGE.exec(request.headers['content-range'] ?? '') ?? []).map(Number);
  const offset = await uploadOffset(target);
  if (first === undefined || last === undefined || total !== target.bytes || first !== offset || last < first || last >= target.bytes) {
    throw new CodedError('UPLOAD_RANGE', 'This piece does not continue the upload.', { help: 'Ask for the offset and go on from there.', meta: { offset } });
  }
  let file: FileHandle | undefined;
  try {
    await mkdir(dirname(target.path), { recursive: true, mode: 0o700 });
    file = await open(target.path, 'a', 0o600);
    return offset + (await write(request, file, last - first + 1));
  } catch (error) {
    throw fileError(error, target.path);
  } finally {
    await file?.close();
  }
}

/** A failing write leaves the connection open, so that its name still reaches the browser. */
async function write(request: IncomingMessage, file: FileHandle, room: number): Promise<number> {
  let received = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    if (received + chunk.length > room) throw new CodedError('UPLOAD_RANGE', 'The piece is longer than it said.');
    await file.appendFile(chunk);
    received += chunk.length;
  }
  return received;
}
