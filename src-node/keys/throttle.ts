/** Slows guessing down: from the fourth wrong password on, each costs a wait that doubles up to five minutes. Survives restarts. */
import { z } from 'zod';
import type { Clock, Millis } from '../base/clock.ts';
import { CodedError } from '../base/errors.ts';
import type { FilePort } from '../base/files.ts';

const FREE_ATTEMPTS = 3;
const MAX_WAIT_MILLIS = 5 * 60_000;
const stateSchema = z.object({ failures: z.number().int().nonnegative(), lastAtMillis: z.number() });

export class PasswordThrottle {
  readonly #path: string;
  readonly #files: FilePort;
  readonly #clock: Clock;

  constructor(options: { readonly path: string }, modules: { readonly files: FilePort; readonly clock: Clock }) {
    this.#path = options.path;
    this.#files = modules.files;
    this.#clock = modules.clock;
  }

  /** Counts the attempt before it is made, so that a kill in between does not give it back. @throws THROTTLED */
  async begin(): Promise<void> {
    const { failures, lastAtMillis } = await this.#load();
    const wait = waitAfter(failures) - (this.#clock.now() - lastAtMillis);
    if (wait > 0) {
      throw new CodedError('THROTTLED', 'Too many wrong passwords in a row.', {
        help: `Wait ${Math.ceil(wait / 1000)} s, then try again.`,
        meta: { waitMillis: Math.ceil(wait) },
      });
    }
    await this.#save(failures + 1, this.#clock.now());
  }

  async succeeded(): Promise<void> {
    await this.#save(0, this.#clock.now());
  }

  async #load(): Promise<z.infer<typeof stateSchema>> {
    if (!(await this.#files.exists(this.#path))) return { failures: 0, lastAtMillis: 0 };
    const text = Buffer.from(await this.#files.read(this.#path, 1000)).toString('utf8');
    const parsed = stateSchema.safeParse(parseJson(text));
    // A damaged file counts as many failures: damaging it must not be a way around the wait.
    return parsed.success ? parsed.data : { failures: 12, lastAtMillis: this.#clock.now() };
  }

  async #save(failures: number, lastAtMillis: Millis): Promise<void> {
    await this.#files.writeAtomic(this.#path, JSON.stringify({ failures, lastAtMillis }));
  }
}

function waitAfter(failures: number): number {
  return failures < FREE_ATTEMPTS ? 0 : Math.min(1000 * 2 ** (failures - FREE_ATTEMPTS), MAX_WAIT_MILLIS);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null; // judged by the schema
  }
}
