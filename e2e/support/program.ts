/** The headless program as its user starts it, with a profile of its own. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

export interface Program {
  readonly url: string;
  readonly dataDir: string;
  readonly process: ChildProcess;
  stop(): Promise<void>;
}

/** @param dataDir an existing profile to go on with */
export async function startProgram(dataDir: string = mkdtempSync(join(tmpdir(), 'cpchain-e2e-')), args: readonly string[] = []): Promise<Program> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', 'src-main/headless/main.ts', '--no-open', '--light-keys', '--data-dir', dataDir, ...args], { cwd: root, stdio: ['ignore', 'pipe', 'inherit'], detached: true });
  const url = await new Promise<string>((resolve, reject) => {
    let output = '';
    child.stdout.on('data', (data: Buffer) => {
      output += data.toString('utf8');
      const found = /http:\/\/127\.0\.0\.1:\d+\/#code=[\w-]+/.exec(output)?.[0];
      if (found !== undefined) resolve(found);
    });
    child.once('exit', (code) => reject(new TypeError(`the program ended with ${code ?? 'a signal'}: ${output}`)));
  });
  return {
    url,
    dataDir,
    process: child,
    stop: async () => {
      const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/** SIGKILL to the program with all its processes, as by a power cut. */
export async function killProgram({ process: child }: Program): Promise<void> {
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  process.kill(-(child.pid ?? 0), 'SIGKILL');
  await ended;
}

export function removeProfile(dataDir: string): void {
  rmSync(dataDir, { recursive: true, force: true });
}
