import { CodedError } from '../../../base/errors.ts';

/** How many bytes all logs of a folder may have together. */
export class DiskRoom {
  readonly #maxBytes: number;
  readonly #makeRoom: () => Promise<void>;
  #used = 0;

  /** @param makeRoom drops what need not be kept any longer */
  constructor(maxBytes: number, makeRoom: () => Promise<void>) {
    this.#maxBytes = maxBytes;
    this.#makeRoom = makeRoom;
  }

  get used(): number {
    return this.#used;
  }

  changed(bytes: number): void {
    this.#used += bytes;
  }

  /** @throws LOG_FULL when so many more do not fit */
  async need(bytes: number): Promise<void> {
    if (this.#used + bytes > this.#maxBytes) await this.#makeRoom();
    if (this.#used + bytes <= this.#maxBytes) return;
    throw new CodedError('LOG_FULL', 'The room that this log may take is used up, and everything in it must still be kept.', {
      help: 'Give the log more room in the settings, or promise a shorter time.',
      meta: { used: this.#used, maxBytes: this.#maxBytes },
    });
  }
}
