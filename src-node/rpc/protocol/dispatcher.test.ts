import { expect, it } from 'vitest';
import { silentLogger } from '../../base/logger.ts';
import { testCaller } from '../../testing/rpc-backend.ts';
import { Dispatcher } from './dispatcher.ts';
import { method } from './method.ts';

const request = (id: number, name: string): object => ({ jsonrpc: '2.0', id, method: name });

it('answers with an error what cannot be written as text', async () => {
  const dispatcher = new Dispatcher([method('test_endless', [], () => 1n)], { logger: silentLogger });
  const answer = await dispatcher.answer(JSON.stringify(request(1, 'test_endless')), testCaller());
  expect(JSON.parse(answer)).toEqual({ jsonrpc: '2.0', error: { code: -32000, message: 'internal error' } });
});

it('does not go on with a batch once its program has gone', async () => {
  const gone = new AbortController();
  let calls = 0;
  const leaving = method('test_leave', [], () => {
    calls++;
    gone.abort();
  });
  const dispatcher = new Dispatcher([leaving], { logger: silentLogger });
  await dispatcher.answer(JSON.stringify([request(1, 'test_leave'), request(2, 'test_leave')]), { ...testCaller(), closed: gone.signal });
  expect(calls).toBe(1);
});
