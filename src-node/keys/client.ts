/** The keys process as seen from the node: starts it, asks it, and starts it again (locked) when it was killed. */
import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { CodedError } from '../base/errors.ts';
import type { Logger } from '../base/logger.ts';
import { moduleUrl } from '../base/modules.ts';
import type { CallArgs, CallName, CallResults, KeysPort } from './calls.ts';
import type { ReplyMessage } from './process.ts';

export interface KeysClientOptions {
  readonly folder: string;
  /** `light` derivation for tests and the demo's throw-away wallets. */
  readonly cost?: 'standard' | 'light';
}

interface Waiting {
  readonly resolve: (value: never) => void;
  readonly reject: (error: CodedError) => void;
}

export class KeysClient implements KeysPort {
  readonly #options: KeysClientOptions;
  readonly #log: Logger;
  readonly #onLocked: () => void;
  readonly #waiting = new Map<number, Waiting>();
  #child: ChildProcess | null = null;
  #nextId = 1;
  #closed = false;

  constructor(options: KeysClientOptions, modules: { readonly log: Logger; readonly onLocked: () => void }) {
    this.#options = options;
    this.#log = modules.log;
    this.#onLocked = modules.onLocked;
  }

  /** Process id while it runs. */
  get pid(): number | null {
    return this.#child?.pid ?? null;
  }

  async call<Name extends CallName>(name: Name, args: CallArgs<Name>): Promise<CallResults[Name]> {
    if (this.#closed) throw stopped();
    const child = (this.#child ??= this.#start());
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      child.send({ id, name, args }, (error) => {
        if (error !== null) this.#settle(id, ({ reject }) => reject(stopped(error)));
      });
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    const child = this.#child;
    if (child === null) return;
    await new Promise<void>((resolve) => {
      child.once('exit', () => resolve());
      child.disconnect();
    });
  }

  #start(): ChildProcess {
    const child = fork(fileURLToPath(moduleUrl('./process', import.meta.url)), [this.#options.folder, this.#options.cost ?? 'standard'], {
      serialization: 'advanced',
      execArgv: ['--disable-warning=ExperimentalWarning'],
      env: {},
    });
    child.on('message', (message) => this.#receive(message as ReplyMessage));
    child.on('exit', (code, signal) => {
      if (this.#child === child) this.#child = null;
      for (const id of [...this.#waiting.keys()]) this.#settle(id, ({ reject }) => reject(stopped()));
      if (this.#closed) return;
      this.#log.warn('keys process ended', { code, signal });
      this.#onLocked();
    });
    return child;
  }

  #receive(message: ReplyMessage): void {
    if ('locked' in message) return this.#onLocked();
    if ('ready' in message) return;
    this.#settle(message.id, ({ resolve, reject }) => {
      if ('error' in message) reject(CodedError.fromJSON(message.error));
      else resolve(message.result as never);
    });
  }

  #settle(id: number, how: (waiting: Waiting) => void): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (waiting !== undefined) how(waiting);
  }
}

function stopped(cause?: unknown): CodedError {
  return new CodedError('KEYS_STOPPED', 'The keys process ended before it answered. Nothing was signed twice; the wallet is locked.', { help: 'Unlock the wallet and try again.', cause });
}
