/**
 * A fixed number of worker threads that answer requests. A task is `{id, task}`, its answer `{id, result}` or `{id, error}`;
 * buffers are transferred, not copied. `serveTasks` is the worker's side.
 */
import { parentPort, Worker, type Transferable } from 'node:worker_threads';
import { CodedError, toCoded, type ErrorJson } from './errors.ts';

interface Waiting {
  readonly task: unknown;
  readonly transfer: readonly Transferable[];
  readonly resolve: (result: never) => void;
  readonly reject: (error: CodedError) => void;
}

interface Seat {
  readonly worker: Worker;
  current: Waiting | null;
}

/** Heap of what lives shortly. The engine's own choice is many times that, which it fills before it cleans up. */
const YOUNG_MIB = 12;

type Answer = { readonly result: unknown } | { readonly error: ErrorJson };

export class WorkerPool<Task, Result> {
  readonly #url: URL;
  readonly #size: number;
  readonly #seats: Seat[] = [];
  readonly #queue: Waiting[] = [];
  #closed = false;

  constructor(options: { readonly url: URL; readonly size: number }) {
    this.#url = options.url;
    this.#size = options.size;
  }

  /** Runs the task on the next free worker; what is in `transfer` is no longer usable here. @throws WORKER_STOPPED and the task's own errors */
  run(task: Task, transfer: readonly Transferable[] = []): Promise<Result> {
    if (this.#closed) return Promise.reject(workerStopped());
    return new Promise((resolve, reject) => {
      this.#queue.push({ task, transfer, resolve, reject });
      this.#dispatch();
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const waiting of this.#queue.splice(0)) waiting.reject(workerStopped());
    await Promise.all(this.#seats.splice(0).map(({ worker }) => worker.terminate()));
  }

  #dispatch(): void {
    while (this.#queue.length > 0) {
      const seat = this.#seats.find(({ current }) => current === null) ?? (this.#seats.length < this.#size ? this.#start() : undefined);
      if (seat === undefined) return;
      const next = this.#queue.shift();
      if (next === undefined) return;
      seat.current = next;
      seat.worker.ref();
      seat.worker.postMessage(next.task, next.transfer);
    }
  }

  #start(): Seat {
    const worker = new Worker(this.#url, { execArgv: ['--disable-warning=ExperimentalWarning'], resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MIB } });
    const seat: Seat = { worker, current: null };
    worker.unref();
    worker.on('message', (answer: Answer) => {
      const done = seat.current;
      seat.current = null;
      worker.unref();
      if (done !== null) {
        if ('error' in answer) done.reject(CodedError.fromJSON(answer.error));
        else done.resolve(answer.result as never);
      }
      this.#dispatch();
    });
    const gone = (cause?: unknown): void => {
      const index = this.#seats.indexOf(seat);
      if (index >= 0) this.#seats.splice(index, 1);
      seat.current?.reject(workerStopped(cause));
      seat.current = null;
      if (!this.#closed) this.#dispatch();
    };
    worker.on('error', gone);
    worker.on('exit', () => gone());
    this.#seats.push(seat);
    return seat;
  }
}

function workerStopped(cause?: unknown): CodedError {
  return new CodedError('WORKER_STOPPED', 'A worker of the program ended before its task was done.', { help: 'Try again; what was finished is kept.', cause });
}

export interface TaskResult<Result> {
  readonly result: Result;
  readonly transfer?: readonly Transferable[];
}

/** The worker's side: answers each task with what `handle` returns or throws. */
export function serveTasks(handle: (task: never) => TaskResult<unknown>): void {
  const port = parentPort;
  if (port === null) throw new CodedError('INVARIANT', 'This module runs as a worker only.');
  port.on('message', (task: unknown) => {
    try {
      const { result, transfer = [] } = handle(task as never);
      port.postMessage({ result }, transfer);
    } catch (error) {
      port.postMessage({ error: toCoded(error).toJSON() });
    }
  });
}
