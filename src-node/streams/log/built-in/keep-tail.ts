import type { FilePort } from '../../../base/files.ts';
import type { Logger } from '../../../base/logger.ts';
import { hasRecordBehind } from './record-codec.ts';

/** Says what is cut off at `end` of a file; where it holds whole records, so that it is damage and no broken write, it is kept beside. */
export async function keepTail(path: string, content: Buffer, end: number, { files, logger }: { readonly files: FilePort; readonly logger: Logger }): Promise<void> {
  if (end === content.length) return;
  logger.warn('The last write to a log was broken off; nobody was told that it is kept', { path, bytes: content.length - end });
  if (!hasRecordBehind(content, end)) return;
  await files.writeAtomic(`${path}.cut`, content.subarray(end));
  logger.error('A log is damaged, and goes on before the damage; what stood behind it is kept in another file', { path: `${path}.cut` });
}
