import { expect, it } from 'vitest';
import { testMqtt } from './mqtt-test.ts';

it('tells of a broker that is away', async () => {
  const { ok, checks } = await testMqtt({ url: 'mqtt://127.0.0.1:1', topicFilter: '#', username: null, password: null });
  expect([ok, ...checks.map((check) => check.ok)]).toEqual([false, false, false, false]);
  expect(checks[0]?.detail).toContain('ECONNREFUSED');
});
