/** The worker threads that seal, check and open chunks. */
import { moduleUrl } from '../../base/modules.ts';
import { WorkerPool } from '../../base/worker-pool.ts';
import type { PackageResult, PackageTask } from './tasks.ts';

export type PackagePool = WorkerPool<PackageTask, PackageResult>;

export function packagePool(options: { readonly size: number }): PackagePool {
  return new WorkerPool({ url: moduleUrl('./worker', import.meta.url), size: options.size });
}
