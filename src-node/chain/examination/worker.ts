/** Examines blocks in a thread of its own. */
import { serveTasks } from '../../base/worker-pool.ts';
import { examineBlocks, type ExaminationTask } from './examine-block.ts';

serveTasks((task: ExaminationTask) => ({ result: examineBlocks(task) }));
