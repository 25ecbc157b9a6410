import { describe, expect, it } from 'vitest';
import { runFuzz } from './run-fuzz.ts';

describe('the watch over a target', () => {
  it('reports an input that throws, and comes to the same one again', async () => {
    const found = await runFuzz({ target: 'throwing', seed: 5, millis: 20_000 });
    if (!('input' in found)) expect.fail('nothing was found');
    expect(found.reason).toContain('seven');
    expect(found.input.startsWith('07')).toBe(true);
    expect(await runFuzz({ target: 'throwing', seed: 5, millis: 1000, from: found.index })).toMatchObject({ index: found.index, input: found.input });
  });

  it('reports an input without end', async () => {
    expect(await runFuzz({ target: 'endless', seed: 1, millis: 20_000, inputMillis: 500 })).toMatchObject({ index: 0, reason: 'it was still at work after 500 ms' });
  });

  it('reports inputs that leave more and more memory behind', async () => {
    expect(await runFuzz({ target: 'greedy', seed: 1, millis: 30_000, growthMB: 64 })).toMatchObject({ reason: 'memory grew by more than 64 MB' });
  });
});
