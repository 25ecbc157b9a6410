/** Examines blocks on worker threads, or here where there are none. */
import type { Bytes } from '../../base/bytes.ts';
import { moduleUrl } from '../../base/modules.ts';
import { WorkerPool } from '../../base/worker-pool.ts';
import { examineBlocks, type ExaminationResult, type ExaminationTask } from './examine-block.ts';

export interface BlockExaminerOptions {
  readonly chainId: bigint;
  /** 0 examines in the calling thread. */
  readonly workers: number;
}

export class BlockExaminer {
  readonly #chainId: bigint;
  readonly #pool: WorkerPool<ExaminationTask, ExaminationResult[]> | null;

  constructor(options: BlockExaminerOptions) {
    this.#chainId = options.chainId;
    this.#pool = options.workers === 0 ? null : new WorkerPool({ url: moduleUrl('./worker', import.meta.url), size: options.workers });
  }

  /** One result per block, in order. @throws WORKER_STOPPED */
  async examine(blocks: readonly Bytes[]): Promise<readonly ExaminationResult[]> {
    const task: ExaminationTask = { blocks, chainId: this.#chainId };
    return this.#pool === null ? examineBlocks(task) : this.#pool.run(task);
  }

  async close(): Promise<void> {
    await this.#pool?.close();
  }
}
