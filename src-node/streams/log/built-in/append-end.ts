import { CodedError, isCoded } from '../../../base/errors.ts';
import type { AppendFile, FilePort } from '../../../base/files.ts';
import type { Bytes } from '../../../base/bytes.ts';
import { unreachable } from '../log-errors.ts';

/** The end of a file that is written to; after a fault it is opened anew, and what was not acknowledged is cut off. */
export class AppendEnd {
  readonly #files: FilePort;
  readonly #path: string;
  #file: AppendFile | undefined;
  #length: number;

  constructor(files: FilePort, path: string, length: number) {
    this.#files = files;
    this.#path = path;
    this.#length = length;
  }

  get length(): number {
    return this.#length;
  }

  /** On disk when it returns; nothing of it when it throws. @throws LOG_FULL, LOG_UNREACHABLE */
  async append(content: Bytes): Promise<void> {
    try {
      this.#file ??= await this.#files.openAppend(this.#path, this.#length);
      await this.#file.append(content);
      this.#length += content.length;
    } catch (error) {
      await this.close();
      throw diskFault(error);
    }
  }

  async close(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    await file?.close().catch(() => undefined);
  }
}

/** What the disk refused, as the log's own error. */
export function diskFault(error: unknown): CodedError {
  if (isCoded(error, 'DISK_FULL')) return new CodedError('LOG_FULL', 'The disk of this log is full. What was acknowledged is kept.', { help: 'Free some space on the disk, then send again.', meta: error.meta, cause: error });
  if (isCoded(error) && error.code.startsWith('LOG_')) return error;
  return unreachable('The disk refused to keep this log.', isCoded(error) ? (error.help ?? 'Check the disk.') : 'Check the disk.', error, isCoded(error) ? { fault: error.code } : {});
}
