/** Writes a chain file: whole or not at all, gzipped when its name ends in ".gz" (docs/protocol/02 §5.1). */
import { randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { Bytes } from '../../base/bytes.ts';
import { fileError } from '../../base/files.ts';

/** `blocks` are RLP each. @throws CodedError<FileErrorCode> */
export async function writeBlocks(path: string, blocks: Iterable<Bytes>): Promise<void> {
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  const source = Readable.from(blocks, { objectMode: true });
  const file = createWriteStream(temporary, { flags: 'wx', flush: true });
  try {
    await (path.endsWith('.gz') ? pipeline(source, createGzip(), file) : pipeline(source, file));
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw fileError(error, path);
  }
}
