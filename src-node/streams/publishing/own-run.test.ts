import { expect, it } from 'vitest';
import { ManualClock, millis } from '../../base/clock.ts';
import { CodedError } from '../../base/errors.ts';
import { silentLogger } from '../../base/logger.ts';
import { OwnRun } from './own-run.ts';

it('goes on by itself when there is room on the disk again', async () => {
  const clock = new ManualClock(millis(1_800_000_000_000));
  const run = new OwnRun({ stream: `0x${'5d'.repeat(32)}` }, { clock, log: silentLogger });
  let isFull = true;
  const publisher = { run: (signal: AbortSignal) => (isFull ? Promise.reject(new CodedError('DISK_FULL', 'The disk is full.')) : new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))) };
  run.start(publisher);
  await expect.poll(() => run.fault?.error.code).toBe('DISK_FULL');
  isFull = false;
  clock.advance(millis(5000));
  expect(run.isDue).toBe(true);
  run.start(publisher);
  expect([run.fault, run.startedAt]).toEqual([null, clock.now()]);
  await run.end();
});
