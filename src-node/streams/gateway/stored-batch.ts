import type { Bytes } from '../../base/bytes.ts';
import { isCoded } from '../../base/errors.ts';
import type { StreamLog } from '../log/engine.ts';
import type { KnownBatch } from './known-batches.ts';

/** All of a batch that is in the log; undefined when it is no longer kept. @throws LOG_UNREACHABLE */
export async function storedBatch(log: StreamLog, { offset }: KnownBatch): Promise<Bytes | undefined> {
  try {
    return (await log.read(offset, { maxRecords: 1, maxBytes: 1 })).records[0]?.value;
  } catch (error) {
    if (isCoded(error, 'LOG_TOO_OLD')) return undefined;
    throw error;
  }
}
