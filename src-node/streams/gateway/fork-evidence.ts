import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { hexOf, toHex, type Bytes } from '../../base/bytes.ts';
import type { FilePort } from '../../base/files.ts';
import type { Logger } from '../../base/logger.ts';
import type { DecodedBatch } from '../format/batch.ts';
import type { StreamLog } from '../log/engine.ts';
import { storedBatch } from './stored-batch.ts';
import type { KnownBatch } from './known-batches.ts';

const MAX_FILES = 200;

export interface ForkEvidenceOptions {
  readonly streamId: Bytes;
  /** Of all streams. */
  readonly folder: string;
}

export interface ForkEvidenceModules {
  readonly log: StreamLog;
  /** The batch in the log that begins with this frame, if it is one of the last. */
  readonly known: (firstSeq: bigint) => KnownBatch | undefined;
  readonly files: FilePort;
  readonly logger: Logger;
}

/** Batches that prove that a publisher signed two for the same frames: that each was signed is written in it. */
export class ForkEvidence {
  readonly #options: ForkEvidenceOptions;
  readonly #modules: ForkEvidenceModules;
  #files: number | undefined;

  constructor(options: ForkEvidenceOptions, modules: ForkEvidenceModules) {
    this.#options = options;
    this.#modules = modules;
  }

  /** Keeps it beside the one that is in the log; is not waited for. */
  keep(batch: DecodedBatch): void {
    const { logger } = this.#modules;
    const stream = toHex(this.#options.streamId);
    logger.warn('a publisher signed two batches for the same frames', { stream, firstSeq: batch.fields.firstSeq, batch: toHex(batch.hash) });
    this.#write(batch).catch((error: unknown) => logger.error('evidence of a fork could not be kept', { stream }, error));
  }

  async #write(batch: DecodedBatch): Promise<void> {
    const { log, files } = this.#modules;
    const folder = join(this.#options.folder, hexOf(this.#options.streamId));
    await mkdir(folder, { recursive: true, mode: 0o700 });
    this.#files ??= (await readdir(folder)).length;
    if (this.#files >= MAX_FILES) return;
    this.#files += 2;
    const { firstSeq } = batch.fields;
    const write = (hash: Bytes, bytes: Bytes): Promise<void> => files.writeAtomic(join(folder, `${firstSeq}-${hexOf(hash)}.pdb`), bytes);
    await write(batch.hash, batch.bytes);
    const known = this.#modules.known(firstSeq);
    const kept = known === undefined ? undefined : await storedBatch(log, known);
    if (known !== undefined && kept !== undefined) await write(known.hash, kept);
  }
}
