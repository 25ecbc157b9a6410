/**
 * A pool with its journal in a process of its own: FILE KIND COUNT. Sends transactions, several at a time, and prints the hash of each
 * that is said to be kept. At write COUNT of KIND it kills itself: `before`, `torn` (a part of the bytes is written) or `after` an
 * append, `before-whole` or `after-whole` the rewriting of the file. With KIND `run` it goes on until it is killed from outside, with
 * `fill` until the disk is full.
 */
import { hexOf, type Bytes } from '../base/bytes.ts';
import { ManualClock, millis } from '../base/clock.ts';
import { systemFiles, type FilePort } from '../base/files.ts';
import { silentLogger, type Logger } from '../base/logger.ts';
import { PoolJournal } from '../chain/pool/journal.ts';
import { TransactionPool } from '../chain/pool/transaction-pool.ts';
import { MovedHead, POOL_CHAIN_ID, transactionOf } from './pool-head.ts';

const [, , path = '', kind = '', count = '0'] = process.argv;
const AT_ONCE = 5;
const ACCOUNTS = 10;

const die = (): void => void process.kill(process.pid, 'SIGKILL');
let left = Number(count);
const isTime = (...kinds: readonly string[]): boolean => kinds.includes(kind) && --left === 0;

const files: FilePort = {
  ...systemFiles,
  async writeAtomic(...args) {
    if (isTime('before-whole')) die();
    await systemFiles.writeAtomic(...args);
    if (isTime('after-whole')) die();
  },
  async openAppend(...args) {
    const file = await systemFiles.openAppend(...args);
    const append = async (content: Bytes): Promise<void> => {
      const now = isTime('before', 'torn', 'after');
      if (now && kind === 'before') die();
      await file.append(now && kind === 'torn' ? content.subarray(0, content.length - 40) : content);
      if (now) die();
    };
    return { get length() { return file.length; }, append, close: () => file.close() };
  },
};

const clock = new ManualClock(millis(1_600_000_000_000));
const head = new MovedHead();
let failures = 0;
const logger: Logger = {
  ...silentLogger,
  error: () => {
    failures += 1;
  },
};
const pool = new TransactionPool({ chainId: POOL_CHAIN_ID }, { head, clock, logger, journal: new PoolJournal({ path }, { files, clock, logger }) });
await pool.restore();
void pool.run(new AbortController().signal);
process.stdout.write('begin\n');
const payload = new Uint8Array(kind === 'fill' ? 20_000 : 200).fill(1);
for (let nonce = 0n; failures === 0; nonce += 1n) {
  for (let from = 0; from < ACCOUNTS; from += AT_ONCE) {
    const some = Array.from({ length: AT_ONCE }, (_, i) => transactionOf(from + i, { nonce, payload, gasLimit: 2_000_000n }));
    await Promise.all(some.map(async (tx) => {
      const hash = await pool.addLocal(tx).catch(() => null);
      if (hash !== null && failures === 0) process.stdout.write(`${hexOf(hash)}\n`);
    }));
  }
  clock.advance(millis(30 * 60_000)); // a rewriting every other round
}
process.exit(0);
