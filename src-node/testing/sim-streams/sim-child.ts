/** A child process of a simulation: what it says line by line, and what is done to it. */
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { SimEvent } from './history.ts';

export type ChildLine = SimEvent | { readonly type: 'ready'; readonly port: number };

export interface SimChildOptions {
  /** `gateway`, `publisher` or `reader`. */
  readonly kind: string;
  readonly args: readonly string[];
  /** What it writes to its standard error. */
  readonly errorsPath: string;
}

export class SimChild {
  readonly #child: ChildProcess;
  readonly #gone: Promise<void>;
  #isEnding = false;

  /** @param onLine told in order; @param onEnd when it ends though nobody ended it */
  constructor(options: SimChildOptions, onLine: (line: ChildLine) => void, onEnd: (code: number | null) => void) {
    const errors = openSync(options.errorsPath, 'a');
    const script = fileURLToPath(new URL(`./${options.kind}-child.ts`, import.meta.url));
    this.#child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', script, ...options.args], { stdio: ['pipe', 'pipe', errors] });
    closeSync(errors);
    this.#child.stdin?.on('error', () => undefined); // it may be gone
    const lines = this.#child.stdout === null ? null : createInterface({ input: this.#child.stdout });
    lines?.on('line', (line) => {
      if (line.endsWith('}')) onLine(JSON.parse(line) as ChildLine); // a kill may cut the last one
    });
    this.#gone = new Promise((resolve) => {
      this.#child.once('close', (code) => {
        if (!this.#isEnding) onEnd(code);
        resolve();
      });
    });
  }

  /** As a crash does. All that it said is told when this returns. */
  kill(): Promise<void> {
    this.#isEnding = true;
    this.#child.kill('SIGKILL');
    return this.#gone;
  }

  pause(): void {
    this.#child.kill('SIGSTOP');
  }

  resume(): void {
    this.#child.kill('SIGCONT');
  }

  tell(word: string): void {
    this.#child.stdin?.write(`${word}\n`);
  }

  /** Lets it end by itself. */
  async end(): Promise<void> {
    this.#isEnding = true;
    this.tell('end');
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), 20_000);
    await this.#gone;
    clearTimeout(timer);
  }
}
