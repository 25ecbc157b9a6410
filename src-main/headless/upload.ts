/** `PUT /files/{uploadId}`: the bytes of a file the browser chose, in resumable pieces, bounded by what was announced. */
import { createWriteStream } from 'node:fs';
import { mkdir, stat } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { dirname } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
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

/** Appends one piece. @returns the new offset. @throws UPLOAD_RANGE when it does not continue what is here, DISK_FULL … */
export async function receivePiece(request: IncomingMessage, target: UploadTarget): Promise<number> {
  const [, first, last, total] = (RANGE.exec(request.headers['content-range'] ?? '') ?? []).map(Number);
  const offset = await uploadOffset(target);
  if (first === undefined || last === undefined || total !== target.bytes || first !== offset || last < first || last >= target.bytes) {
    throw new CodedError('UPLOAD_RANGE', 'This piece does not continue the upload.', { help: 'Ask for the offset and go on from there.', meta: { offset } });
  }
  const room = last - first + 1;
  let received = 0;
  const bound = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      received += chunk.length;
      if (received > room) done(new CodedError('UPLOAD_RANGE', 'The piece is longer than it said.'));
      else done(null, chunk);
    },
  });
  await mkdir(dirname(target.path), { recursive: true, mode: 0o700 });
  try {
    await pipeline(request, bound, createWriteStream(target.path, { flags: 'a', mode: 0o600 }));
  } catch (error) {
    throw fileError(error, target.path);
  }
  return offset + received;
}
