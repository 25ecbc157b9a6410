import { describe, expect, it } from 'vitest';
import { runFuzz } from './run-fuzz.ts';
import { TARGETS } from './targets/index.ts';

const SECONDS = 20;

describe('whatever comes from outside', () => {
  it.concurrent.each(Object.keys(TARGETS))('is read or refused: %s', async (target) => {
    const seed = Math.floor(Math.random() * 2 ** 31);
    const result = await runFuzz({ target, seed, millis: SECONDS * 1000 });
    expect(result, `npm run fuzz -- ${target} --seed ${seed}`).toEqual({ count: expect.any(Number) as number });
    if ('count' in result) expect(result.count).toBeGreaterThan(100);
  }, (SECONDS + 60) * 1000);
});
