/** Examines blocks on worker threads, or in the calling one. */
import type { Bytes } from '../../base/bytes.ts';
import { moduleUrl } from '../../base/modules.ts';
import { WorkerPool } from '../../base/worker-pool.ts';
import { examineBlocks, type ExaminationResult, type ExaminationTask } from './examine-block.ts';

export interface BlockExaminerOptions {
  readonly chainId: bigint;
  /** With 0 the calling thread examines all. */
  readonly workers: number;
}

export class BlockExaminer {
  readonly workers: number;
  readonly #chainId: bigint;
  readonly #pool: WorkerPool<ExaminationTask, ExaminationResult[]>;

  constructor(options: BlockExaminerOptions) {
    this.#chainId = options.chainId;
    this.workers = options.workers;
    this.#pool = new WorkerPool({ url: moduleUrl('./worker', import.meta.url), size: options.workers });
  }

  /** On a worker: one result per block, in order. @throws WORKER_STOPPED */
  examine(blocks: readonly Bytes[]): Promise<readonly ExaminationResult[]> {
    return this.#pool.run(this.#task(blocks));
  }

  /** The same at once, in the calling thread. */
  examineHere(blocks: readonly Bytes[]): readonly ExaminationResult[] {
    return examineBlocks(this.#task(blocks));
  }

  async close(): Promise<void> {
    await this.#pool.close();
  }

  #task(blocks: readonly Bytes[]): ExaminationTask {
    return { blocks, chainId: this.#chainId };
  }
}
