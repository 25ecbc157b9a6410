/** What a reader has to know again after a restart: where it stands, and what it has signed. The latter stands in two files (docs/protocol/11 §4.12). */
import { z } from 'zod';
import { isCoded } from '../../base/errors.ts';
import type { FilePort } from '../../base/files.ts';
import { hashSchema } from '../gateway/wire-codecs.ts';
import { voucherSchema, type SignedVoucher } from '../gateway/wire.ts';
import { NOTHING_SPENT, type SpendState } from './spend.ts';
import type { ReaderPosition } from './verify.ts';

export interface ReaderState {
  /** Behind the last row that was handed on; null before the first. */
  readonly position: ReaderPosition | null;
  /** By the gateway's id: where to read on there. */
  readonly cursors: Readonly<Record<string, string>>;
  /** Of the last row: another gateway is asked for what came then. */
  readonly timeMillis: number;
  /** Frames that were handed on over the life of the channel. */
  readonly counted: bigint;
  readonly spend: SpendState;
  /** The highest that was signed; it may not have been sent. */
  readonly voucher: SignedVoucher | null;
}

export const NEW_READER: ReaderState = { position: null, cursors: {}, timeMillis: 0, counted: 0n, spend: NOTHING_SPENT, voucher: null };

export interface ReaderStore {
  load(): Promise<ReaderState>;
  /** On disk when it returns. */
  save(state: ReaderState): Promise<void>;
}

const natural = z.codec(z.string().regex(/^\d{1,40}$/), z.bigint(), { decode: (text) => BigInt(text), encode: (value) => value.toString() });
const stateSchema = z.object({
  position: z.object({ nextSeq: natural, prevBatchHash: hashSchema.nullable() }).nullable(),
  cursors: z.record(z.string(), z.string()),
  timeMillis: z.number(),
  counted: natural,
  spend: z.object({ units: natural, amount: natural, epochTo: z.int(), day: z.int(), spentToday: natural }),
  voucher: voucherSchema.nullable(),
});

const MAX_BYTES = 64 * 1024;

export class FileReaderStore implements ReaderStore {
  readonly #paths: readonly string[];
  readonly #files: FilePort;
  #saving: Promise<void> = Promise.resolve();

  /** @param options.path of the file; a second one stands beside it */
  constructor(options: { readonly path: string }, modules: { readonly files: FilePort }) {
    this.#paths = [options.path, `${options.path}.copy`];
    this.#files = modules.files;
  }

  /** The one of the two that has signed more, or stands further. @throws BAD_READER_FILE, CodedError<FileErrorCode> */
  async load(): Promise<ReaderState> {
    const states: ReaderState[] = [];
    for (const path of this.#paths) {
      try {
        states.push(stateSchema.parse(JSON.parse(Buffer.from(await this.#files.read(path, MAX_BYTES)).toString('utf8'))));
      } catch (error) {
        if (isCoded(error) && !isCoded(error, 'FILE_MISSING')) throw error;
      }
    }
    return states.reduce((best, state) => (isFurther(state, best) ? state : best), NEW_READER);
  }

  /** One after the other, so that an older state never stands in the place of a newer one. */
  save(state: ReaderState): Promise<void> {
    const saved = this.#saving.then(() => this.#write(state));
    this.#saving = saved.catch(() => undefined);
    return saved;
  }

  async #write(state: ReaderState): Promise<void> {
    const text = JSON.stringify(stateSchema.encode({ ...state, cursors: { ...state.cursors } }));
    for (const path of this.#paths) await this.#files.writeAtomic(path, text);
  }
}

function isFurther(state: ReaderState, best: ReaderState): boolean {
  if (state.spend.amount !== best.spend.amount) return state.spend.amount > best.spend.amount;
  return (state.position?.nextSeq ?? -1n) > (best.position?.nextSeq ?? -1n);
}
