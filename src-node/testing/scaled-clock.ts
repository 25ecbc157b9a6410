/** The system's clock, running faster: a practice block every 100 ms instead of every second. */
import { millis, systemClock, type Clock, type Millis } from '../base/clock.ts';

export function scaledClock(factor: number, origin: Millis): Clock {
  return {
    // Counted from a fixed moment, so that the next process goes on after the one before it.
    now: () => millis(Math.floor(origin + (systemClock.now() - origin) * factor)),
    sleep: (delay, signal) => systemClock.sleep(millis(delay / factor), signal),
  };
}
