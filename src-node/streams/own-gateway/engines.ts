/** Log engines as the operator names them, with the passwords that the keys process keeps. */
import { join } from 'node:path';
import { hexOf, type Hex } from '../../base/bytes.ts';
import { millis } from '../../base/clock.ts';
import { CodedError } from '../../base/errors.ts';
import { randomBytes } from '../../crypto/hash.ts';
import { BuiltInEngine, type EngineModules } from '../log/built-in/built-in-engine.ts';
import type { EngineReport, LogEngine } from '../log/engine.ts';
import { KafkaEngine } from '../log/kafka/kafka-engine.ts';
import type { GatewayKeys } from '../ports.ts';
import type { OwnEngine } from './settings.ts';

type Kafka = Extract<OwnEngine, { kind: 'kafka' }>;
type Sasl = NonNullable<Kafka['sasl']>;

/** As it is asked for. `password`: null leaves the one that is kept. */
export type WantedEngine = Extract<OwnEngine, { kind: 'built-in' }> | (Omit<Kafka, 'sasl'> & { readonly sasl: (Omit<Sasl, 'secret'> & { readonly password: string | null }) | null });

/** As brokers see this program in their own quotas. */
const CLIENT_ID = 'pdash';
const NAME_BYTES = 8;

export class Engines {
  /** Of PDGateway: passwords of two networks have two names. */
  readonly #contract: Hex;
  readonly #modules: EngineModules & { readonly keys: GatewayKeys };
  /** Those that were given or opened since the start: a gateway starts again while the wallet is locked. */
  readonly #passwords = new Map<string, string>();

  constructor(options: { readonly contract: Hex }, modules: EngineModules & { readonly keys: GatewayKeys }) {
    this.#contract = options.contract;
    this.#modules = modules;
  }

  /** Nothing is connected yet. @param folder of a built-in one. @throws WALLET_LOCKED, KEYS_STOPPED, PASSWORD_MISSING */
  async open(engine: OwnEngine, folder: string): Promise<BuiltInEngine | KafkaEngine> {
    if (engine.kind === 'built-in') return this.#builtIn(folder, engine);
    return this.#kafka(engine, engine.sasl === null ? null : await this.#password(engine.sasl.secret));
  }

  /** Tries what will be needed; never throws for what the brokers say. @throws PASSWORD_MISSING, WALLET_LOCKED, KEYS_STOPPED */
  async test(wanted: WantedEngine, places: { readonly folder: string; readonly current: OwnEngine; readonly running: LogEngine | null }): Promise<EngineReport> {
    const { folder, current, running } = places;
    // its folder is taken by the one that runs
    if (wanted.kind === 'built-in' && running instanceof BuiltInEngine) return running.test(wanted.maxBytes);
    const engine = wanted.kind === 'built-in' ? this.#builtIn(folder, wanted) : this.#kafka(wanted, await this.#wantedPassword(wanted, current));
    try {
      return await engine.test();
    } finally {
      await engine.close();
    }
  }

  /** What is remembered of it; its password is kept. @throws PASSWORD_MISSING, WALLET_LOCKED, KEYS_STOPPED */
  async keep(wanted: WantedEngine, current: OwnEngine): Promise<OwnEngine> {
    if (wanted.kind === 'built-in') return wanted;
    const { kind, brokers, tls, sasl } = wanted;
    if (sasl === null) return { kind, brokers, tls, sasl };
    const { mechanism, username } = sasl;
    const password = (await this.#wantedPassword(wanted, current)) ?? '';
    // under a name of its own, so that the engine in use stays usable until the change is through
    const secret = `kafka:${this.#contract}.${hexOf(randomBytes(NAME_BYTES))}`;
    await this.#modules.keys.keepSecret(secret, password);
    this.#passwords.set(secret, password);
    return { kind, brokers, tls, sasl: { mechanism, username, secret } };
  }

  /** Once another one is in use. @throws WALLET_LOCKED, KEYS_STOPPED */
  async forget(engine: OwnEngine, inUse: OwnEngine): Promise<void> {
    const secret = secretOf(engine);
    if (secret === null || secret === secretOf(inUse)) return;
    this.#passwords.delete(secret);
    await this.#modules.keys.keepSecret(secret, null);
  }

  async #wantedPassword({ sasl }: Extract<WantedEngine, { kind: 'kafka' }>, current: OwnEngine): Promise<string | null> {
    if (sasl === null || sasl.password !== null) return sasl?.password ?? null;
    const kept = secretOf(current);
    if (kept === null) throw passwordMissing();
    return this.#password(kept);
  }

  async #password(secret: string): Promise<string> {
    const password = this.#passwords.get(secret) ?? (await this.#modules.keys.openSecret(secret));
    if (password === null) throw passwordMissing();
    this.#passwords.set(secret, password);
    return password;
  }

  #builtIn(folder: string, { maxBytes }: Extract<OwnEngine, { kind: 'built-in' }>): BuiltInEngine {
    return new BuiltInEngine({ folder: join(folder, 'streams'), maxBytes, fsyncMillis: millis(0) }, this.#modules);
  }

  #kafka({ brokers, tls, sasl }: Pick<Kafka, 'brokers' | 'tls'> & { readonly sasl: Omit<Sasl, 'secret'> | null }, password: string | null): KafkaEngine {
    const access = sasl === null ? {} : { sasl: { mechanism: sasl.mechanism, username: sasl.username, password: password ?? '' } };
    return new KafkaEngine({ brokers, ssl: tls, clientId: CLIENT_ID, ...access }, this.#modules);
  }
}

/** Whether both are over the same records: another bound, other credentials, or other brokers of one cluster. */
export function isSamePlace(one: OwnEngine, other: OwnEngine): boolean {
  if (one.kind === 'built-in' || other.kind === 'built-in') return one.kind === other.kind;
  return one.brokers.some((broker) => other.brokers.includes(broker));
}

function secretOf(engine: OwnEngine): string | null {
  return engine.kind === 'kafka' ? (engine.sasl?.secret ?? null) : null;
}

function passwordMissing(): CodedError {
  return new CodedError('PASSWORD_MISSING', 'The brokers want a password, and none is kept.', { help: 'Enter it.' });
}
