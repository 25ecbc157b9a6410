/** Whether the RNode register was written to since it was asked last: its contract logs every deposit that comes and goes. */
import type { Bytes } from './base/bytes.ts';
import type { ChainReader } from './chain/reader.ts';

export class RegisterWatch {
  readonly #contract: Bytes | null;
  readonly #reader: Pick<ChainReader, 'head' | 'logs'>;
  #next: bigint | null = null;

  constructor(options: { readonly contract: Bytes | null }, modules: { readonly reader: Pick<ChainReader, 'head' | 'logs'> }) {
    this.#contract = options.contract;
    this.#reader = modules.reader;
  }

  /** Of the first block it is asked at it cannot know; after a reorganisation it says yes. @throws CHAIN_UNREACHABLE */
  async moved(): Promise<boolean> {
    const head = this.#reader.head()?.number;
    if (this.#contract === null || head === undefined || this.#next === head + 1n) return false;
    const first = this.#next ?? head;
    const logs = first > head ? null : await this.#reader.logs({ addresses: [this.#contract], fromBlock: first, toBlock: head });
    this.#next = head + 1n;
    return logs === null || logs.length > 0;
  }
}
