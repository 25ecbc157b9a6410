import { describe, expect, it } from 'vitest';
import { silentLogger } from '../../base/logger.ts';
import { Rate } from '../../base/rate.ts';
import { Allowance, RPC_RATE } from './allowance.ts';
import type { Caller } from './caller.ts';
import { Dispatcher } from './dispatcher.ts';
import { method } from './method.ts';

const request = '{"jsonrpc":"2.0","id":1,"method":"eth_one"}';
const done = { result: 1 };
const refused = { error: { code: -32005, message: 'limit exceeded: ask again in 100 ms' } };

/** Five requests at once and ten in a second, on a clock of its own. */
function setUp(): { readonly caller: () => Caller; readonly wait: (millis: number) => void; readonly ask: (caller: Caller, text?: string) => Promise<unknown> } {
  let now = 0;
  const dispatcher = new Dispatcher([method('eth_one', [], () => 1)], { logger: silentLogger });
  return {
    caller: () => ({ access: 'public', allowance: new Allowance({ rate: new Rate({ capacity: 5, perSecond: 10 }, () => now) }), session: undefined, link: 'http', closed: new AbortController().signal }),
    wait: (millis) => (now += millis),
    ask: async (caller, text = request) => JSON.parse(await dispatcher.answer(text, caller)) as unknown,
  };
}

describe('a program that asks too often', () => {
  it('is told how long to wait, is served after that, and keeps no other from being served', async () => {
    const { caller, wait, ask } = setUp();
    const [greedy, modest] = [caller(), caller()];
    for (let i = 0; i < 5; i++) expect(await ask(greedy)).toMatchObject(done);
    expect(await ask(greedy)).toMatchObject(refused);
    expect(await ask(modest)).toMatchObject(done);
    wait(100);
    expect([await ask(greedy), await ask(greedy)]).toMatchObject([done, refused]);
  });

  it('gains nothing by batches, by what is no request, by unknown methods, and by waiting for long', async () => {
    const { caller, wait, ask } = setUp();
    const greedy = caller();
    expect(await ask(greedy, `[${Array.from({ length: 7 }, () => request).join()}]`)).toMatchObject([done, done, done, done, done, refused, refused]);
    expect(await ask(greedy, '[')).toMatchObject(refused);
    wait(1_000_000);
    for (const name of ['none', 'one_two', 'none', 'one_two', '']) expect(await ask(greedy, request.replace('one', name))).toMatchObject({ error: { code: -32601 } });
    expect(await ask(greedy)).toMatchObject(refused);
  });

  it('asks far more than tools do: a burst of many batches is served', async () => {
    const { ask } = setUp();
    const tool: Caller = { access: 'public', allowance: new Allowance({ rate: new Rate(RPC_RATE, () => 0) }), session: undefined, link: 'http', closed: new AbortController().signal };
    const batch = `[${Array.from({ length: 100 }, () => request).join()}]`;
    for (let i = 0; i < 20; i++) expect(JSON.stringify(await ask(tool, batch))).not.toContain('error');
    expect(await ask(tool)).toHaveProperty('error.code', -32005);
  });
});
