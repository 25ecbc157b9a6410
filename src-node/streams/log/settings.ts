import { z } from 'zod';
import { millis } from '../../base/clock.ts';
import { BuiltInEngine, type EngineModules } from './built-in/built-in-engine.ts';
import type { LogEngine } from './engine.ts';
import { KafkaEngine } from './kafka/kafka-engine.ts';

const MIB = 1024 * 1024;
const MAX_FSYNC_MILLIS = 1000;
const addressSchema = z.string().regex(/^(?:\[[0-9a-fA-F:]+\]|[^\s:,]+):\d{1,5}$/, 'must be host:port');

const builtInSchema = z.strictObject({
  kind: z.literal('built-in'),
  folder: z.string().min(1),
  maxBytes: z.number().int().min(MIB),
  fsyncMillis: z.number().int().min(0).max(MAX_FSYNC_MILLIS).default(0),
});

const kafkaSchema = z.strictObject({
  kind: z.literal('kafka'),
  brokers: z.array(addressSchema).min(1),
  /** `ca`: the certificate of who signed the brokers' certificates, as PEM. */
  ssl: z.union([z.boolean(), z.strictObject({ ca: z.string().min(1) })]).default(false),
  sasl: z.strictObject({ mechanism: z.enum(['plain', 'scram-sha-256', 'scram-sha-512']), username: z.string().min(1), password: z.string().min(1) }).optional(),
  clientId: z.string().min(1).default('pdash'),
  replication: z.number().int().min(1).optional(),
});

/** Which engine keeps the streams of a gateway. The password stands in it: it is neither logged nor shown. */
export const engineSettingsSchema = z.discriminatedUnion('kind', [builtInSchema, kafkaSchema]);
export type EngineSettings = z.infer<typeof engineSettingsSchema>;

/** Nothing is opened or connected yet. */
export function openEngine(settings: EngineSettings, modules: EngineModules): LogEngine {
  if (settings.kind === 'built-in') return new BuiltInEngine({ ...settings, fsyncMillis: millis(settings.fsyncMillis) }, modules);
  const { brokers, ssl, sasl, clientId, replication } = settings;
  return new KafkaEngine({ brokers, ssl, clientId, ...(sasl === undefined ? {} : { sasl }), ...(replication === undefined ? {} : { replication }) }, modules);
}

/** The settings without what is secret: for logs and screens. */
export function shownSettings(settings: EngineSettings): EngineSettings {
  return settings.kind === 'kafka' && settings.sasl !== undefined ? { ...settings, sasl: { ...settings.sasl, password: '…' } } : settings;
}
