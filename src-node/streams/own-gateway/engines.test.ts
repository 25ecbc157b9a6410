import { expect, it } from 'vitest';
import { systemClock } from '../../base/clock.ts';
import { systemFiles } from '../../base/files.ts';
import { silentLogger } from '../../base/logger.ts';
import { TestChain } from '../gateway/testing/test-stream.ts';
import { Engines, isSamePlace, type WantedEngine } from './engines.ts';
import type { OwnEngine } from './settings.ts';
import { TestGatewayKeys } from './testing/own-gateway-fixture.ts';

const BUILT_IN = { kind: 'built-in', maxBytes: 1e9 } as const;
const keys = new TestGatewayKeys(new TestChain(systemClock));
const engines = (): Engines => new Engines({ contract: '0x13' }, { keys, files: systemFiles, clock: systemClock, logger: silentLogger });
const kafka = (password: string | null, brokers = ['one:9092']): WantedEngine => ({ kind: 'kafka', brokers, tls: true, sasl: { mechanism: 'plain', username: 'gateway', password } });

it('keeps a password with the keys process only, takes the kept one when none is given, and forgets what is not used any more', async () => {
  const made = engines();
  await expect(made.keep(kafka(null), BUILT_IN)).rejects.toMatchObject({ code: 'PASSWORD_MISSING' });
  const first = await made.keep(kafka('hush'), BUILT_IN);
  expect(JSON.stringify(first)).not.toContain('hush');
  expect([...keys.secrets.values()]).toEqual(['hush']);
  const second = await made.keep(kafka(null, ['two:9092']), first);
  expect([...keys.secrets.values()]).toEqual(['hush', 'hush']);
  await made.forget(first, second);
  await made.forget(second, second);
  expect(second).toMatchObject({ brokers: ['two:9092'], sasl: { secret: [...keys.secrets.keys()][0] } });
  const [secret = ''] = keys.secrets.keys();
  expect(secret).toMatch(/^kafka:0x13\.[0-9a-f]{16}$/);
});

it('opens an engine again while the wallet is locked, but not after the program was', async () => {
  const made = engines();
  const engine = await made.keep(kafka('hush'), BUILT_IN);
  keys.isStopped = true;
  await (await made.open(engine, '/nowhere')).close();
  await expect(engines().open(engine, '/nowhere')).rejects.toMatchObject({ code: 'KEYS_STOPPED' });
  keys.isStopped = false;
});

it('takes engines for the same place when they are over the same records', () => {
  const at = (brokers: string[]): OwnEngine => ({ kind: 'kafka', brokers, tls: false, sasl: null });
  expect([isSamePlace(BUILT_IN, { ...BUILT_IN, maxBytes: 1 }), isSamePlace(BUILT_IN, at(['a:1'])), isSamePlace(at(['a:1', 'b:1']), at(['b:1'])), isSamePlace(at(['a:1']), at(['b:1']))]).toEqual([true, false, true, false]);
});
