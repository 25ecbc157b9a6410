import { concat } from '../../base/bytes.ts';
import { isCoded } from '../../base/errors.ts';
import type { FilePort } from '../../base/files.ts';
import type { Logger } from '../../base/logger.ts';
import { itemLengthAt } from '../../primitives/rlp/index.ts';
import { decodeTransaction, encodeTransaction, type Transaction } from '../../primitives/transaction.ts';

export interface PoolJournalOptions {
  /** File with the encodings of the transactions, one behind the other. */
  readonly path: string;
}

export interface PoolJournalModules {
  readonly files: FilePort;
  readonly logger: Logger;
}

const MAX_BYTES = 64 * 1024 * 1024;

/** The transactions submitted at this node, on disk until they are in a block: a restart keeps them. */
export class PoolJournal {
  readonly #path: string;
  readonly #modules: PoolJournalModules;
  /** The write that runs or ran last. */
  #current: Promise<void> = Promise.resolve();
  /** The one that waits for it. */
  #waiting: Promise<void> | undefined;

  constructor(options: PoolJournalOptions, modules: PoolJournalModules) {
    this.#path = options.path;
    this.#modules = modules;
  }

  /** What the last run left; a damaged end is left out and reported. @throws CodedError<FileErrorCode> */
  async load(): Promise<Transaction[]> {
    if (!(await this.#modules.files.exists(this.#path))) return [];
    const bytes = await this.#modules.files.read(this.#path, MAX_BYTES);
    const transactions: Transaction[] = [];
    let offset = 0;
    try {
      while (offset < bytes.length) {
        const length = itemLengthAt(bytes, offset) ?? bytes.length - offset;
        transactions.push(decodeTransaction(bytes.subarray(offset, offset + length)));
        offset += length;
      }
    } catch (error) {
      if (!isCoded(error, 'BAD_RLP')) throw error;
      this.#modules.logger.warn('The journal of sent transactions has a damaged end', { read: transactions.length, lostBytes: bytes.length - offset });
    }
    return transactions;
  }

  /**
   * Writes what `content` gives when the running write is done; calls until then share one write. Resolves when the content of
   * this moment is on disk; a failure is logged, since the transactions are in the pool all the same.
   */
  save(content: () => readonly Transaction[]): Promise<void> {
    this.#waiting ??= this.#current.then(() => {
      this.#waiting = undefined;
      return (this.#current = this.#write(content()));
    });
    return this.#waiting;
  }

  async #write(transactions: readonly Transaction[]): Promise<void> {
    try {
      await this.#modules.files.writeAtomic(this.#path, concat(...transactions.map(encodeTransaction)));
    } catch (error) {
      this.#modules.logger.error('The journal of sent transactions was not written', { transactions: transactions.length }, error);
    }
  }
}
