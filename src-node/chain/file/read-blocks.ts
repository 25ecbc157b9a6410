/** Reads a chain file: concatenated RLP of blocks, block 0 first, gzipped when its name ends in ".gz" (docs/protocol/02 §5.1). */
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { PassThrough } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { concat, type Bytes } from '../../base/bytes.ts';
import { CodedError, isCoded } from '../../base/errors.ts';
import { fileError } from '../../base/files.ts';
import { itemLengthAt } from '../../primitives/rlp/index.ts';

export type BlockFileErrorCode = 'BAD_BLOCK_FILE';

/** A block at the highest gas limit, filled with the cheapest data, has 37.5 MB. */
const MAX_BLOCK_BYTES = 64 * 1024 * 1024;
const READ_BYTES = 1024 * 1024;

/** The RLP of each block, in order. @throws BAD_BLOCK_FILE, CodedError<FileErrorCode> */
export async function* readBlocks(path: string): AsyncGenerator<Bytes> {
  let rest: Bytes = new Uint8Array(0);
  let number = 0;
  for await (const chunk of bytesOf(path)) {
    const bytes = rest.length === 0 ? chunk : concat(rest, chunk);
    let offset = 0;
    for (let end = itemEnd(bytes, offset, number); end !== null && end <= bytes.length; end = itemEnd(bytes, offset, number)) {
      yield bytes.subarray(offset, end);
      offset = end;
      number++;
    }
    rest = bytes.subarray(offset);
  }
  if (rest.length > 0) throw badFile(number, 'The file ends in the middle of a block');
}

async function* bytesOf(path: string): AsyncGenerator<Bytes> {
  const output = new PassThrough({ highWaterMark: READ_BYTES });
  const file = createReadStream(path, { highWaterMark: READ_BYTES });
  const done = path.endsWith('.gz') ? pipeline(file, createGunzip({ chunkSize: READ_BYTES }), output) : pipeline(file, output);
  done.catch(() => undefined); // comes out of the iteration below
  try {
    yield* output as AsyncIterable<Buffer>;
  } catch (error) {
    throw isCoded(error) ? error : isZlib(error) ? badFile(null, 'The file is not a whole gzip file', error) : fileError(error, path);
  } finally {
    file.destroy();
  }
}

/** Null when the head of the item is not read yet. */
function itemEnd(bytes: Bytes, offset: number, number: number): number | null {
  let length: number | null;
  try {
    length = itemLengthAt(bytes, offset);
  } catch (error) {
    throw badFile(number, 'The file does not go on with a block', error);
  }
  if (length !== null && length > MAX_BLOCK_BYTES) throw badFile(number, 'The file does not go on with a block of possible size');
  return length === null ? null : offset + length;
}

function isZlib(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('Z_');
}

function badFile(block: number | null, reason: string, cause?: unknown): CodedError<BlockFileErrorCode> {
  return new CodedError('BAD_BLOCK_FILE', `${reason}${block === null ? '' : ` (block ${block})`}.`, {
    help: 'Get the file again; the chain stays at the last good block.',
    meta: { block },
    cause,
  });
}
