/** A Mosquitto of its own for a test, on loopback and in a folder of its own; where there is none the tests are skipped by name. */
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { CodedError } from '../base/errors.ts';

const PLACES = ['/usr/sbin/mosquitto', '/usr/local/sbin/mosquitto', '/opt/homebrew/sbin/mosquitto'];
export const mosquittoPath = PLACES.find((path) => existsSync(path));

export class Mosquitto {
  readonly #folder: string;
  readonly #lines: readonly string[];
  #child: ChildProcess | undefined;
  readonly port: number;

  private constructor(folder: string, port: number, lines: readonly string[]) {
    this.#folder = folder;
    this.port = port;
    this.#lines = lines;
  }

  /** @param lines of its configuration beside those that every test needs */
  static async start(folder: string, lines: readonly string[] = ['allow_anonymous true']): Promise<Mosquitto> {
    const broker = new Mosquitto(folder, await freePort(), lines);
    await broker.start();
    return broker;
  }

  /** With what it saved. */
  async start(): Promise<void> {
    mkdirSync(this.#folder, { recursive: true });
    const configuration = join(this.#folder, 'mosquitto.conf');
    const own = ['persistence true', `persistence_location ${this.#folder}/`, 'autosave_interval 1', 'autosave_on_changes true', `listener ${this.port} 127.0.0.1`, 'max_queued_messages 100000'];
    writeFileSync(configuration, [...(process.getuid?.() === 0 ? ['user root'] : []), ...own, ...this.#lines, ''].join('\n'));
    const child = spawn(mosquittoPath ?? '', ['-c', configuration], { stdio: 'ignore' });
    this.#child = child;
    while (!(await answers(this.port))) {
      if (child.exitCode !== null) throw new CodedError('NO_BROKER', `Mosquitto ended with ${child.exitCode}.`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  async stop(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    await ended;
  }
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
