/** Resident memory of this process and all its descendants, sampled while a command runs. */
import { readdirSync, readFileSync } from 'node:fs';

const SAMPLE_MILLIS = 50;
const KIB_PER_MIB = 1024;

export class MemoryMeter {
  #peakKib = 0;
  readonly #timer: NodeJS.Timeout;

  constructor() {
    this.#sample();
    this.#timer = setInterval(() => this.#sample(), SAMPLE_MILLIS);
  }

  /** The largest sum of resident memory so far, in MiB. */
  get peakMib(): number {
    return Math.round((this.#peakKib / KIB_PER_MIB) * 10) / 10;
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#sample();
  }

  #sample(): void {
    this.#peakKib = Math.max(this.#peakKib, process.platform === 'linux' ? treeKib(process.pid) : process.memoryUsage.rss() / 1024);
  }
}

/** Linux keeps the numbers in /proc; a process that ends meanwhile counts nothing. */
export function treeKib(pid: number): number {
  let kib = Number(/^VmRSS:\s+(\d+) kB$/m.exec(read(`/proc/${pid}/status`))?.[1] ?? 0);
  for (const task of list(`/proc/${pid}/task`)) {
    for (const child of read(`/proc/${pid}/task/${task}/children`).split(' ')) {
      if (child !== '') kib += treeKib(Number(child));
    }
  }
  return kib;
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return ''; // the process has ended
  }
}

function list(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return []; // the process has ended
  }
}
