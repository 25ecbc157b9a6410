/**
 * A built-in log in a process of its own: FOLDER KIND COUNT. Several writers append as fast as they can, and each number that is said to
 * be kept is printed with its offset. At write COUNT of KIND it kills itself: `before`, `torn` (a part of the bytes is written) or
 * `after` an append, `roll` when a new file begins, `index` when a finished one's index is written. With `run` it goes on until it is killed.
 */
import { utf8, type Bytes } from '../base/bytes.ts';
import { millis, systemClock } from '../base/clock.ts';
import { systemFiles, type FilePort } from '../base/files.ts';
import { silentLogger } from '../base/logger.ts';
import { BuiltInEngine } from '../streams/log/built-in/built-in-engine.ts';
import { KILL_STREAM, WRITERS } from './log-kill.ts';

const [, , folder = '', kind = '', count = '0'] = process.argv;
const die = (): void => void process.kill(process.pid, 'SIGKILL');
let left = Number(count);
const isTime = (...kinds: readonly string[]): boolean => kinds.includes(kind) && --left === 0;

const files: FilePort = {
  ...systemFiles,
  async writeAtomic(path, ...rest) {
    if (path.endsWith('.index') && isTime('index')) die();
    await systemFiles.writeAtomic(path, ...rest);
  },
  async openAppend(path, length) {
    const file = await systemFiles.openAppend(path, length);
    if (length === 0 && isTime('roll')) die();
    const append = async (content: Bytes): Promise<void> => {
      const now = isTime('before', 'torn', 'after');
      if (now && kind === 'before') die();
      await file.append(now && kind === 'torn' ? content.subarray(0, content.length - 10) : content);
      if (now) die();
    };
    return { get length() { return file.length; }, append, close: () => file.close() };
  },
};

const engine = new BuiltInEngine({ folder, maxBytes: 2 ** 30, fsyncMillis: millis(0), segmentBytes: 256 * 1024 }, { files, clock: systemClock, logger: silentLogger });
const log = await engine.open(KILL_STREAM, { retentionMillis: millis(2 ** 45) });
const from = Number((await log.bounds()).next);
process.stdout.write('begin\n');
await Promise.all(Array.from({ length: WRITERS }, async (_, writer) => {
  for (let i = from; ; i++) {
    const texts = [`${writer} ${2 * i}`, `${writer} ${2 * i + 1}`];
    const offsets = await log.append(texts.map((text) => ({ key: new Uint8Array(20).fill(writer), timeMillis: systemClock.now(), value: utf8(text.padEnd(2000, ' ')) })));
    process.stdout.write(offsets.map((offset, j) => `${offset} ${texts[j] ?? ''}\n`).join(''));
  }
}));
