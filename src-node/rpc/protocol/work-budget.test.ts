import { describe, expect, it } from 'vitest';
import { silentLogger } from '../../base/logger.ts';
import { Allowance } from './allowance.ts';
import { Dispatcher } from './dispatcher.ts';
import { method } from './method.ts';
import { WorkBudget } from './work-budget.ts';

/** A budget of 100 ms that comes back at half the pace of a clock which work moves on. */
function setUp(): { readonly ask: () => Promise<unknown>; readonly wait: (millis: number) => void; readonly budget: WorkBudget } {
  let now = 0;
  const budget = new WorkBudget({ capacityMillis: 100, share: 0.5 }, () => now);
  const work = method('eth_work', [], () => {
    now += 60;
    return 'done';
  });
  const dispatcher = new Dispatcher([work], { logger: silentLogger, budget });
  return { budget, wait: (millis) => (now += millis), ask: async () => JSON.parse(await dispatcher.answer('{"jsonrpc":"2.0","id":1,"method":"eth_work"}', { access: 'public', allowance: new Allowance(), session: undefined, link: 'http', closed: new AbortController().signal })) as unknown };
}

describe('a program that asks for too much work', () => {
  it('is told so, and is served again when some time has gone by', async () => {
    const { ask, wait } = setUp();
    for (let i = 0; i < 3; i++) expect(await ask()).toMatchObject({ result: 'done' }); // 40, 10 and −20 left
    expect(await ask()).toMatchObject({ error: { code: -32005, message: expect.stringContaining('limit exceeded') as string } });
    wait(60);
    expect(await ask()).toMatchObject({ result: 'done' });
  });

  it('gains no more than the whole budget by waiting', () => {
    const { budget, wait } = setUp();
    wait(1_000_000);
    budget.spend(() => wait(300));
    expect(budget.waitMillis).toBeGreaterThan(0);
    wait(budget.waitMillis);
    expect(budget.waitMillis).toBe(0);
  });
});

describe('a program that uses all of its own budget', () => {
  /** Programs with budgets of 100 ms each, on one dispatcher that has enough of its own; every request is 60 ms of work. */
  function setUpPrograms(): { readonly program: (group?: WorkBudget) => Allowance; readonly budget: (capacityMillis: number) => WorkBudget; readonly ask: (allowance: Allowance) => Promise<unknown>; readonly wait: (millis: number) => void } {
    let now = 0;
    const budget = (capacityMillis: number): WorkBudget => new WorkBudget({ capacityMillis, share: 0.25 }, () => now);
    const work = method('eth_work', [], () => {
      now += 60;
      return 'done';
    });
    const dispatcher = new Dispatcher([work], { logger: silentLogger, budget: budget(1000) });
    return {
      budget,
      wait: (millis) => (now += millis),
      program: (group) => new Allowance({ work: budget(100), ...(group === undefined ? {} : { group }) }),
      ask: async (allowance) => JSON.parse(await dispatcher.answer('{"jsonrpc":"2.0","id":1,"method":"eth_work"}', { access: 'public', allowance, session: undefined, link: 'http', closed: new AbortController().signal })) as unknown,
    };
  }
  const done = { result: 'done' };
  const refused = { error: { code: -32005, message: expect.stringMatching(/ask again in \d+ ms/) as string } };

  it('leaves enough to the others', async () => {
    const { program, ask, wait } = setUpPrograms();
    const [greedy, modest] = [program(), program()];
    expect([await ask(greedy), await ask(greedy)]).toMatchObject([done, done]);
    for (let i = 0; i < 3; i++) expect(await ask(greedy)).toMatchObject(refused);
    expect(await ask(modest)).toMatchObject(done);
    wait(greedy.take());
    expect(await ask(greedy)).toMatchObject(done);
  });

  it('leaves enough also when it comes back as another one', async () => {
    const { program, ask, budget } = setUpPrograms();
    const strangers = budget(150);
    expect([await ask(program(strangers)), await ask(program(strangers)), await ask(program(strangers))]).toMatchObject([done, done, done]); // 90, 45 and 0 left
    expect([await ask(program(strangers)), await ask(program())]).toMatchObject([refused, done]);
  });
});
