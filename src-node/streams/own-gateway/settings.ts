/** What the operator chose for the gateway of this program, kept in the streams' database. Passwords are not in it. */
import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { column } from '../../db/sqlite.ts';

export const OWN_GATEWAY_TABLE = 'CREATE TABLE own_gateway (id INTEGER PRIMARY KEY CHECK (id = 1), settings TEXT NOT NULL)';

const GIB = 1024 ** 3;
const count = z.number().int().nonnegative();

const engineSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('built-in'), maxBytes: count }),
  z.strictObject({
    kind: z.literal('kafka'), brokers: z.array(z.string()).min(1), tls: z.boolean(),
    /** `secret`: name under which the keys process keeps the password. */
    sasl: z.strictObject({ mechanism: z.enum(['plain', 'scram-sha-256', 'scram-sha-512']), username: z.string(), secret: z.string() }).nullable(),
  }),
]);
export type OwnEngine = z.infer<typeof engineSchema>;

/** Of one ticket; the rest follows from it (`quotasOf`). */
const quotasSchema = z.strictObject({ publishRecordsPerSecond: count, publishBytesPerSecond: count, readBytesPerSecond: count, sockets: count, peeksPerDay: count });
export type OwnQuotas = z.infer<typeof quotasSchema>;

const settingsSchema = z.strictObject({
  on: z.boolean(),
  engine: engineSchema,
  /** Where the streams are being moved to: a program that was killed meanwhile goes on with it. */
  movingTo: engineSchema.nullable(),
  quotas: quotasSchema,
  oldPaths: z.boolean(),
});
export type OwnGatewayChoices = z.infer<typeof settingsSchema>;

const DEFAULTS: OwnGatewayChoices = {
  on: false, engine: { kind: 'built-in', maxBytes: 20 * GIB }, movingTo: null, oldPaths: false,
  quotas: { publishRecordsPerSecond: 200, publishBytesPerSecond: 1024 ** 2, readBytesPerSecond: 5 * 1024 ** 2, sockets: 4, peeksPerDay: 20 },
};

export class OwnGatewaySettings {
  readonly #db: DatabaseSync;
  #current: OwnGatewayChoices;

  constructor(db: DatabaseSync) {
    this.#db = db;
    const row = db.prepare('SELECT settings FROM own_gateway').get();
    this.#current = row === undefined ? DEFAULTS : settingsSchema.parse(JSON.parse(column.text(row, 'settings')));
  }

  get current(): OwnGatewayChoices {
    return this.#current;
  }

  /** On disk when it returns. */
  change(change: Partial<OwnGatewayChoices>): void {
    const next = { ...this.#current, ...change };
    this.#db.prepare('INSERT INTO own_gateway (id, settings) VALUES (1, ?) ON CONFLICT (id) DO UPDATE SET settings = excluded.settings').run(JSON.stringify(next));
    this.#current = next;
  }
}
