import { EMPTY_BYTES, type Bytes } from '../../base/bytes.ts';
import type { Clock } from '../../base/clock.ts';
import { isCoded } from '../../base/errors.ts';
import type { AppendFile, FilePort } from '../../base/files.ts';
import type { Logger } from '../../base/logger.ts';
import { encodeTransaction, type Transaction } from '../../primitives/transaction.ts';
import { readRecords } from './journal-records.ts';

export interface PoolJournalOptions {
  /** File with the encodings of the transactions, one behind the other. */
  readonly path: string;
}

export interface PoolJournalModules {
  readonly files: FilePort;
  readonly clock: Clock;
  readonly logger: Logger;
}

const MAX_BYTES = 256 * 1024 * 1024;
/** So much behind the last rewriting asks for the next one. */
const LONG_BYTES = 16 * 1024 * 1024;

/**
 * The transactions submitted at this node, on disk until they are in a block: a restart keeps them. A new one is written behind
 * the others; now and then the file is written anew with what still waits. No fault of the file is thrown, since the transactions
 * are in the pool all the same: the log names it.
 */
export class PoolJournal {
  readonly #path: string;
  readonly #modules: PoolJournalModules;
  #file: AppendFile | undefined;
  /** Bytes of the file that are good, and of those what the last rewriting wrote. */
  #length = 0;
  #rewrittenLength = 0;
  /** What the next write has to bring to the disk: these behind the others, or all that the function gives. */
  #added: Transaction[] = [];
  #isBehind = false;
  #content: (() => readonly Transaction[]) | undefined;
  /** The write that runs or ran last, and the one that waits for it. */
  #current: Promise<void> = Promise.resolve();
  #waiting: Promise<void> | undefined;

  constructor(options: PoolJournalOptions, modules: PoolJournalModules) {
    this.#path = options.path;
    this.#modules = modules;
  }

  /** Much of the file may be of no use any more. */
  get isLong(): boolean {
    return this.#length - this.#rewrittenLength > LONG_BYTES;
  }

  /** The last write failed: what it had to bring is on disk with the next one. */
  get isBehind(): boolean {
    return this.#isBehind;
  }

  /** What the last run left. A file with damage is kept under another name, and one that cannot be read is moved there. */
  async load(): Promise<readonly Transaction[]> {
    const bytes = await this.#read();
    const { transactions, damaged, end } = readRecords(bytes);
    this.#length = end;
    for (const { offset, bytes: lost, isTorn } of damaged) {
      if (isTorn) this.#modules.logger.warn('The last record of the journal of sent transactions was not written to its end', { offset, bytes: lost });
      else this.#modules.logger.warn('A record of the journal of sent transactions is damaged', { offset, bytes: lost });
    }
    if (damaged.some(({ isTorn }) => !isTorn)) await this.#keepAside((aside) => this.#modules.files.writeAtomic(aside, bytes));
    return transactions;
  }

  /** Writes one behind the others; calls during a write share the next one. Resolves when it is on disk. */
  append(transaction: Transaction): Promise<void> {
    this.#added.push(transaction);
    return this.#next();
  }

  /** Puts what `content` gives at its time, a whole new file, in the place of the old one. Resolves when it is on disk. */
  rewrite(content: () => readonly Transaction[]): Promise<void> {
    this.#content = content;
    return this.#next();
  }

  async close(): Promise<void> {
    await this.#waiting;
    await this.#current;
    await this.#closeFile();
  }

  #next(): Promise<void> {
    this.#waiting ??= this.#current.then(() => {
      this.#waiting = undefined;
      return (this.#current = this.#write());
    });
    return this.#waiting;
  }

  async #write(): Promise<void> {
    const added = this.#added;
    const content = this.#content;
    this.#added = [];
    this.#content = undefined;
    // What was added is in the pool, so that it is in the content or needed no more.
    const transactions = content?.() ?? added;
    const bytes = Buffer.concat(transactions.map(encodeTransaction));
    try {
      if (content === undefined) await this.#append(bytes);
      else await this.#replace(bytes);
      this.#isBehind = false;
    } catch (error) {
      this.#isBehind = true;
      this.#added = [...added, ...this.#added];
      this.#modules.logger.error('The journal of sent transactions was not written; it is tried again with the next one', { transactions: transactions.length }, error);
    }
  }

  async #append(bytes: Bytes): Promise<void> {
    this.#file ??= await this.#modules.files.openAppend(this.#path, this.#length);
    await this.#file.append(bytes);
    this.#length = this.#file.length;
  }

  async #replace(bytes: Bytes): Promise<void> {
    await this.#closeFile();
    await this.#modules.files.writeAtomic(this.#path, bytes);
    this.#length = bytes.length;
    this.#rewrittenLength = bytes.length;
  }

  async #closeFile(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    await file?.close();
  }

  async #read(): Promise<Bytes> {
    const { files, logger } = this.#modules;
    try {
      return await files.read(this.#path, MAX_BYTES);
    } catch (error) {
      if (isCoded(error, 'FILE_MISSING')) return EMPTY_BYTES;
      logger.error('The journal of sent transactions cannot be read; what it holds is not sent again', {}, error);
      await this.#keepAside((aside) => files.rename(this.#path, aside));
      return EMPTY_BYTES;
    }
  }

  async #keepAside(move: (aside: string) => Promise<void>): Promise<void> {
    const { clock, logger } = this.#modules;
    const aside = `${this.#path}.${new Date(clock.now()).toISOString().replace(/[-:]|\.\d+Z$/g, '')}.damaged`;
    try {
      await move(aside);
      logger.warn('The damaged journal of sent transactions is kept under another name', { aside });
    } catch (error) {
      logger.error('The damaged journal of sent transactions could not be kept under another name', { aside }, error);
    }
  }
}
