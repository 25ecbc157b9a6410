import { describe, expect, it } from 'vitest';
import { systemClock } from '../../base/clock.ts';
import { systemFiles } from '../../base/files.ts';
import { silentLogger } from '../../base/logger.ts';
import { engineSettingsSchema, openEngine, shownSettings } from './settings.ts';

const modules = { files: systemFiles, clock: systemClock, logger: silentLogger };
const sasl = { mechanism: 'scram-sha-256', username: 'gateway', password: 'a secret word' };
const read = (settings: unknown): ReturnType<typeof engineSettingsSchema.safeParse> => engineSettingsSchema.safeParse(settings);

describe('settings of the log', () => {
  it('choose the engine', () => {
    expect(openEngine(engineSettingsSchema.parse({ kind: 'built-in', folder: '/nowhere', maxBytes: 1e9 }), modules).kind).toBe('built-in');
    expect(openEngine(engineSettingsSchema.parse({ kind: 'kafka', brokers: ['localhost:9092', '[::1]:9092'], sasl }), modules).kind).toBe('kafka');
  });

  it('refuse what cannot be', () => {
    for (const brokers of [[], ['localhost'], ['localhost:x'], ['a:1,b:2'], ['http://a:1']]) expect(read({ kind: 'kafka', brokers }).success).toBe(false);
    expect(read({ kind: 'kafka', brokers: ['a:1'], sasl: { ...sasl, mechanism: 'md5' } }).success).toBe(false);
    expect(read({ kind: 'built-in', folder: '', maxBytes: 1e9 }).success).toBe(false);
    expect(read({ kind: 'built-in', folder: 'x', maxBytes: 10 }).success).toBe(false);
  });

  it('show no password', () => {
    const settings = engineSettingsSchema.parse({ kind: 'kafka', brokers: ['a:1'], sasl });
    expect(JSON.stringify(settings)).toContain('a secret word');
    expect(JSON.stringify(shownSettings(settings))).not.toContain('a secret word');
    expect(shownSettings(settings)).toMatchObject({ kind: 'kafka', sasl: { username: 'gateway' } });
  });
});
