/**
 * The gateway that this program runs for its owner's registration on the chain (docs/protocol/11 §4.13). It starts with the program when it
 * was on before, listens on this computer only, and moves its streams when the operator chooses another log engine: never two at once.
 */
import type { DatabaseSync } from 'node:sqlite';
import { toHex, type Hex } from '../../base/bytes.ts';
import type { Clock } from '../../base/clock.ts';
import { isCoded, toCoded, type CodedError } from '../../base/errors.ts';
import type { FilePort } from '../../base/files.ts';
import type { Logger } from '../../base/logger.ts';
import type { Gateway } from '../gateway/gateway.ts';
import { quotasOf } from '../gateway/quotas.ts';
import type { GatewayEntry } from '../index/gateway-entry.ts';
import type { StreamIndex } from '../index/stream-index.ts';
import type { EngineReport } from '../log/engine.ts';
import type { GatewayKeys } from '../ports.ts';
import type { StreamChain } from '../stream-chain.ts';
import { EngineInUse } from './engine-in-use.ts';
import { Engines, type WantedEngine } from './engines.ts';
import type { OwnGatewayFacts, OwnGatewayState } from './facts.ts';
import { GatewayFolder } from './gateway-folder.ts';
import { GatewayLog, type GatewayLogLine } from './gateway-log.ts';
import { OwnRegistration } from './own-registration.ts';
import { notRegistered } from './problems.ts';
import { ReceiptSigning } from './receipt-signing.ts';
import { RunningGateway } from './running-gateway.ts';
import { OwnGatewaySettings, type OwnQuotas } from './settings.ts';

export interface OwnGatewayOptions {
  /** Of all its gateways: logs, tickets, evidence. */
  readonly folder: string;
  /** PDGateway. */
  readonly contract: Hex;
}

export interface OwnGatewayModules {
  readonly db: DatabaseSync;
  readonly chain: StreamChain;
  readonly index: Pick<StreamIndex, 'gatewaysOf'>;
  readonly keys: GatewayKeys;
  readonly files: FilePort;
  readonly clock: Clock;
  readonly log: Logger;
  readonly onChange: () => void;
}

const RETRY_MILLIS = 10_000;

export class OwnGateway {
  readonly #options: OwnGatewayOptions;
  readonly #modules: OwnGatewayModules;
  readonly #settings: OwnGatewaySettings;
  readonly #engines: Engines;
  readonly #engine: EngineInUse;
  readonly #registration: OwnRegistration;
  readonly #signing: ReceiptSigning;
  readonly #log: GatewayLog;
  #running: RunningGateway | null = null;
  #isStarting = false;
  #isClosed = false;
  /** Why it does not run. */
  #problem: CodedError | null = null;
  #retryAt = 0;
  #turn: Promise<unknown> = Promise.resolve();
  #isStepping = false;

  constructor(options: OwnGatewayOptions, modules: OwnGatewayModules) {
    this.#options = options;
    this.#modules = modules;
    this.#settings = new OwnGatewaySettings(modules.db);
    this.#log = new GatewayLog({ clock: modules.clock, log: modules.log });
    this.#engines = new Engines(options, { ...modules, logger: this.#log.child('log') });
    this.#engine = new EngineInUse({ engines: this.#engines, settings: this.#settings, folder: () => this.#folder(), clock: modules.clock, log: this.#log });
    this.#registration = new OwnRegistration(modules);
    this.#signing = new ReceiptSigning({ keys: modules.keys, log: this.#log, onChange: modules.onChange });
  }

  /** Looks whether it can start, or has to stop; is not waited for. */
  step(): void {
    if (this.#isClosed || this.#isStepping) return;
    this.#isStepping = true;
    void this.#inTurn(() => this.#advance())
      .catch((error: unknown) => this.#log.error('the gateway could not be moved on; the next block tries again', {}, error))
      .finally(() => (this.#isStepping = false));
  }

  /** Remembered; a failed start is tried again by itself. @throws PORT_IN_USE, ENGINE_UNREACHABLE, WALLET_LOCKED, KEYS_STOPPED */
  setRunning(on: boolean): Promise<void> {
    return this.#inTurn(async () => {
      this.#settings.change({ on });
      this.#log.info(on ? 'switched on' : 'switched off');
      if (on) return this.#start();
      await this.#stop();
      this.#problem = null;
      this.#modules.onChange();
    });
  }

  /** From the next request on. */
  setQuotas(quotas: OwnQuotas): void {
    this.#settings.change({ quotas });
    this.#running?.gateway.change({ quotas: quotasOf(quotas) });
    this.#modules.onChange();
  }

  setOldPaths(oldPaths: boolean): void {
    this.#settings.change({ oldPaths });
    this.#running?.gateway.change({ oldPaths });
    this.#modules.onChange();
  }

  /** @throws PASSWORD_MISSING, WALLET_LOCKED, KEYS_STOPPED; nothing for what the brokers say */
  testEngine(wanted: WantedEngine): Promise<EngineReport> {
    return this.#inTurn(() => this.#engine.test(wanted, this.#running?.engine ?? null));
  }

  /**
   * Tries the engine, then moves the streams to it while the gateway stands still, and goes on there. What fails leaves everything
   * where it was; asked again, it goes on where it stopped.
   * @throws ENGINE_UNREACHABLE, ENGINE_ONE_WAY, GATEWAY_NOT_KNOWN_YET, DISK_FULL, LOG_DAMAGED, PASSWORD_MISSING, WALLET_LOCKED, KEYS_STOPPED
   */
  useEngine(wanted: WantedEngine): Promise<void> {
    return this.#inTurn(async () => {
      await this.#registration.look();
      const engine = await this.#engine.prepare(wanted, this.#running?.engine ?? null);
      await this.#stop();
      try {
        await this.#engine.change(engine);
      } finally {
        if (this.#settings.current.on) await this.#start().catch((error: unknown) => this.#log.warn('the gateway did not start again', { code: toCoded(error).code }));
        this.#modules.onChange();
      }
    });
  }

  logLines(limit: number): readonly GatewayLogLine[] {
    return this.#log.recent(limit);
  }

  async facts(): Promise<OwnGatewayFacts> {
    const running = this.#running;
    const { sockets, memoryBytes, connections } = running?.gateway.facts() ?? { sockets: 0, memoryBytes: 0, connections: [] };
    const topics = (await running?.topics()) ?? [];
    return {
      state: this.#state(),
      problem: this.#problem ?? this.#signing.problem ?? (running === null ? null : this.#registration.placeProblem(running)),
      listens: running?.server.url ?? null,
      registration: this.#registration.current, choices: this.#settings.current,
      engine: this.#engine.facts(topics, running?.usedBytes ?? null),
      topics, connections, sockets, memoryBytes,
    };
  }

  /** Says goodbye to all and writes down what is owed; what was on is on at the next start. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#inTurn(() => this.#stop());
  }

  #state(): OwnGatewayState {
    if (this.#isStarting) return 'starting';
    if (!this.#settings.current.on) return 'off';
    if (this.#running === null) return this.#problem === null ? 'starting' : 'failed';
    return this.#signing.problem === null ? 'running' : 'failed';
  }

  async #advance(): Promise<void> {
    if (this.#isClosed) return;
    try {
      await this.#registration.look();
    } catch (error) {
      if (!isCoded(error)) throw error;
      return this.#running === null ? this.#fails(error) : this.#signing.tells(error);
    }
    const { serving } = this.#registration;
    if (this.#running !== null && this.#running.registration.id !== serving?.id) await this.#stop();
    if (this.#running !== null) return this.#signing.look(this.#running.registration.id);
    if (serving === null) return this.#fails(notRegistered());
    if (!this.#settings.current.on || this.#modules.clock.now() < this.#retryAt) return;
    await this.#start().catch((error: unknown) => {
      if (!isCoded(error)) throw error;
    });
  }

  /** Why it does not run although it is on. */
  #fails(problem: CodedError): void {
    if (!this.#settings.current.on || this.#problem?.code === problem.code) return;
    this.#problem = problem;
    this.#log.warn('the gateway does not run', { code: problem.code, why: problem.message });
    this.#modules.onChange();
  }

  /** @throws PORT_IN_USE, ENGINE_UNREACHABLE, what opening it says */
  async #start(): Promise<void> {
    if (this.#running !== null) return;
    this.#isStarting = true;
    this.#modules.onChange();
    try {
      await this.#registration.look();
      const { serving: registration } = this.#registration;
      if (registration === null) return this.#fails(notRegistered());
      if (this.#settings.current.movingTo !== null) await this.#engine.finishChange().catch((error: unknown) => this.#log.warn('the move of the streams was broken off; they stay where they were', { code: toCoded(error).code }));
      this.#running = await this.#run(registration);
      this.#problem = null;
      this.#log.info('the gateway listens', { at: this.#running.server.url, engine: this.#running.engine.kind });
      this.#openHosted(this.#running.gateway);
      await this.#signing.look(registration.id);
    } catch (error) {
      this.#fails(toCoded(error));
      throw error;
    } finally {
      this.#retryAt = this.#modules.clock.now() + RETRY_MILLIS;
      this.#isStarting = false;
      this.#modules.onChange();
    }
  }

  #run(registration: GatewayEntry): Promise<RunningGateway> {
    return RunningGateway.start(
      { registration, folder: this.#folder(), choices: this.#settings.current },
      { ...this.#modules, engines: this.#engines, log: this.#log, sign: (receipt) => this.#signing.sign(receipt), onTested: (problem) => this.#engine.tested(problem) },
    );
  }

  async #stop(): Promise<void> {
    const running = this.#running;
    if (running === null) return;
    this.#running = null;
    this.#signing.stop();
    await running.close();
    this.#log.info('the gateway stands still');
    this.#modules.onChange();
  }

  /** So that what is kept is shown before somebody asks for it. */
  #openHosted(gateway: Gateway): void {
    for (const streamId of this.#folder().hosted()) {
      gateway.host(streamId).then(() => this.#modules.onChange(), (error: unknown) => this.#log.warn('a stream is not served', { stream: toHex(streamId), code: toCoded(error).code }));
    }
  }

  #folder(): GatewayFolder {
    return new GatewayFolder(this.#options.folder, this.#registration.current);
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const run = this.#turn.then(work);
    this.#turn = run.catch(() => undefined);
    return run;
  }
}
