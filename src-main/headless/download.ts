/** `GET /files/{orderId}`: an opened file of a purchase, as a download. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { CodedError } from '../../src-node/base/errors.ts';
import { fileError } from '../../src-node/base/files.ts';

export interface OpenedFiles {
  readonly folder: string;
  readonly files: readonly { readonly path: string; readonly bytes: number }[];
}

/** `path` must be one of the listed files; without it there must be exactly one. @throws FILE_UNKNOWN, FILE_MISSING */
export async function sendFile(opened: OpenedFiles, path: string | null, response: ServerResponse): Promise<void> {
  const file = path === null && opened.files.length === 1 ? opened.files[0] : opened.files.find((candidate) => candidate.path === path);
  if (file === undefined) throw new CodedError('FILE_UNKNOWN', 'This purchase has no such file.');
  const full = join(opened.folder, file.path);
  const { size } = await stat(full).catch((error: unknown) => {
    throw fileError(error, full);
  });
  const name = file.path.split('/').at(-1) ?? 'data';
  response.writeHead(200, {
    'Content-Type': 'application/octet-stream',
    'Content-Length': size,
    'Content-Disposition': `attachment; filename*=UTF-8''${encodeURIComponent(name)}`,
    'Cache-Control': 'no-store',
  });
  await pipeline(createReadStream(full), response);
}
