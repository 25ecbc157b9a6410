/** Large files, written and hashed piece by piece. */
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';

const ROWS_A_PIECE = 2000;

function* tableOf(bytes: number): Generator<string> {
  const header = 'time,station,temperature,humidity,note\n';
  yield header;
  let row = 0;
  for (let written = header.length; written < bytes; ) {
    const piece = Array.from({ length: ROWS_A_PIECE }, (_, i) => {
      const at = row + i;
      return `${1_700_000_000 + at},station ${at % 977},${((at * 7919) % 4000) / 100 - 10},${(at * 31) % 100},row ${at} of a measured series\n`;
    }).join('');
    row += ROWS_A_PIECE;
    written += piece.length;
    yield piece;
  }
}

/** A CSV table of at least so many bytes. */
export async function writeTable(path: string, bytes: number): Promise<void> {
  await pipeline(tableOf(bytes), createWriteStream(path));
}

export async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
