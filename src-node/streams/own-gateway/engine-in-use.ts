/** Which log engine is in use, and the move of the streams to another one. A move that is broken off leaves everything where it was. */
import { toHex } from '../../base/bytes.ts';
import type { Clock, Millis } from '../../base/clock.ts';
import { isCoded, type CodedError } from '../../base/errors.ts';
import type { Logger } from '../../base/logger.ts';
import type { EngineReport, LogEngine } from '../log/engine.ts';
import { KafkaEngine } from '../log/kafka/kafka-engine.ts';
import { moveStream } from '../log/move.ts';
import { isSamePlace, type Engines, type WantedEngine } from './engines.ts';
import type { OwnGatewayFacts, OwnTopic } from './facts.ts';
import type { GatewayFolder } from './gateway-folder.ts';
import { moveProblem, notKnown, oneWay, silentLog, unreachable } from './problems.ts';
import { RETENTION_MILLIS } from './running-gateway.ts';
import type { OwnEngine, OwnGatewaySettings } from './settings.ts';

export class EngineInUse {
  readonly #engines: Engines;
  readonly #settings: OwnGatewaySettings;
  readonly #folder: () => GatewayFolder;
  readonly #clock: Clock;
  readonly #log: Logger;
  #problem: CodedError | null = null;
  /** Why the last move was broken off. */
  #moveProblem: CodedError | null = null;
  #checkedAt: Millis | null = null;

  constructor(modules: { readonly engines: Engines; readonly settings: OwnGatewaySettings; readonly folder: () => GatewayFolder; readonly clock: Clock; readonly log: Logger }) {
    this.#engines = modules.engines;
    this.#settings = modules.settings;
    this.#folder = modules.folder;
    this.#clock = modules.clock;
    this.#log = modules.log;
  }

  /** @param topics what was read from the log just now */
  facts(topics: readonly Pick<OwnTopic, 'bounds'>[], usedBytes: number | null): OwnGatewayFacts['engine'] {
    const problem = topics.some(({ bounds }) => bounds === null) ? silentLog() : this.#problem;
    return { ok: problem === null, problem: problem ?? this.#moveProblem, usedBytes, checkedAt: topics.length > 0 ? this.#clock.now() : this.#checkedAt };
  }

  /** What came of trying it when the gateway started. */
  tested(problem: CodedError | null): void {
    this.#checkedAt = this.#clock.now();
    this.#problem = problem;
  }

  /** @throws PASSWORD_MISSING, WALLET_LOCKED, KEYS_STOPPED; nothing for what the brokers say */
  test(wanted: WantedEngine, running: LogEngine | null): Promise<EngineReport> {
    return this.#engines.test(wanted, { folder: this.#folder().path, current: this.#settings.current.engine, running });
  }

  /** Tries it, and keeps its password. @returns what is remembered of it. @throws ENGINE_UNREACHABLE, ENGINE_ONE_WAY, GATEWAY_NOT_KNOWN_YET, PASSWORD_MISSING, WALLET_LOCKED, KEYS_STOPPED */
  async prepare(wanted: WantedEngine, running: LogEngine | null): Promise<OwnEngine> {
    const { engine: before } = this.#settings.current;
    if (this.#folder().isInDoubt) throw notKnown();
    const report = await this.test(wanted, running);
    if (!report.ok) throw unreachable(report);
    if (before.kind === 'kafka' && wanted.kind === 'built-in' && this.#folder().hosted().length > 0) throw oneWay();
    return this.#engines.keep(wanted, before);
  }

  /** Brings every stream to it, while the gateway stands still. @throws ENGINE_UNREACHABLE, DISK_FULL, LOG_DAMAGED */
  async change(engine: OwnEngine): Promise<void> {
    const { engine: before } = this.#settings.current;
    this.#settings.change({ movingTo: engine });
    try {
      await this.finishChange();
    } finally {
      await this.#forgetUnused(before, engine);
    }
  }

  /** Goes on with the move that `movingTo` names; then it is the one in use. Broken off, the old one stays in use. @throws as `change` */
  async finishChange(): Promise<void> {
    const { engine: from, movingTo: to } = this.#settings.current;
    if (to === null) return;
    try {
      if (!isSamePlace(from, to)) await this.#moveAll(from, to);
      this.#settings.change({ engine: to, movingTo: null });
      this.#problem = null;
      this.#moveProblem = null;
      this.#log.info('another log engine is in use', { engine: to.kind });
    } catch (error) {
      this.#settings.change({ movingTo: null });
      this.#moveProblem = moveProblem(error);
      throw this.#moveProblem;
    }
  }

  async #moveAll(from: OwnEngine, to: OwnEngine): Promise<void> {
    const folder = this.#folder();
    const streams = folder.hosted();
    if (streams.length === 0) return;
    const target = await this.#engines.open(to, folder.path);
    let source: LogEngine | null = null;
    try {
      if (!(target instanceof KafkaEngine)) throw oneWay();
      const report = await target.test(); // after a kill it may have gone
      if (!report.ok) throw unreachable(report);
      source = await this.#engines.open(from, folder.path);
      for (const [i, streamId] of streams.entries()) {
        await moveStream(source, target, { streamId, retentionMillis: RETENTION_MILLIS });
        this.#log.info('a stream was moved', { stream: toHex(streamId), done: `${i + 1} of ${streams.length}` });
      }
    } finally {
      await source?.close();
      await target.close();
    }
  }

  async #forgetUnused(before: OwnEngine, wanted: OwnEngine): Promise<void> {
    const { engine } = this.#settings.current;
    try {
      for (const unused of [before, wanted]) await this.#engines.forget(unused, engine);
    } catch (error) {
      if (!isCoded(error)) throw error;
      this.#log.warn('a password that is not needed any more stays kept', { code: error.code });
    }
  }
}
