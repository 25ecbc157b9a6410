/**
 * The gateway that this program runs for its owner's registration on the chain (docs/protocol/11 §4.13). It starts with the program when it
 * was on before, listens on this computer only, and moves its streams when the operator chooses another log engine: never two at once.
 */
import { mkdir } from 'node:fs/promises';
import type { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import { fromHex, toHex, type Bytes, type Hex } from '../../base/bytes.ts';
import { millis, type Clock, type Millis } from '../../base/clock.ts';
import { CodedError, isCoded, toCoded } from '../../base/errors.ts';
import type { FilePort } from '../../base/files.ts';
import type { Logger } from '../../base/logger.ts';
import type { ReceiptMessage } from '../../contracts/typed-data.ts';
import { Gateway } from '../gateway/gateway.ts';
import { GatewayServer } from '../gateway/http-server.ts';
import type { HostedStream } from '../gateway/hosted-stream.ts';
import { quotasOf } from '../gateway/quotas.ts';
import type { ConnectionFacts } from '../gateway/socket-session.ts';
import { SqliteGatewayStore } from '../gateway/store.ts';
import type { GatewayEntry } from '../index/gateway-entry.ts';
import type { StreamIndex } from '../index/stream-index.ts';
import { BuiltInEngine } from '../log/built-in/built-in-engine.ts';
import type { EngineReport, LogBounds, LogEngine } from '../log/engine.ts';
import { KafkaEngine } from '../log/kafka/kafka-engine.ts';
import { topicsOf } from '../log/kafka/topics.ts';
import { moveStream } from '../log/move.ts';
import type { GatewayKeys } from '../ports.ts';
import type { StreamChain } from '../stream-chain.ts';
import { Engines, isSamePlace, type WantedEngine } from './engines.ts';
import { GatewayLog, type GatewayLogLine } from './gateway-log.ts';
import { OwnGatewaySettings, type OwnEngine, type OwnGatewayChoices, type OwnQuotas } from './settings.ts';

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

export type OwnGatewayState = 'off' | 'starting' | 'running' | 'failed';

/** One stream that is kept here. */
export interface OwnTopic {
  readonly streamId: Bytes;
  /** Of the log: a topic of Kafka, a folder of the built-in engine. */
  readonly topic: string;
  /** Null while the log does not answer. */
  readonly bounds: LogBounds | null;
  readonly bytes: number | null;
  readonly retentionMillis: Millis;
  readonly inBytesPerSecond: number;
  readonly outBytesPerSecond: number;
  readonly lastAt: Millis | null;
  /** Base units. */
  readonly owed: bigint;
}

export interface OwnGatewayFacts {
  readonly state: OwnGatewayState;
  readonly problem: CodedError | null;
  readonly listens: string | null;
  readonly registration: GatewayEntry | null;
  readonly choices: OwnGatewayChoices;
  /** `ok`: the one in use works; `problem` may be that of a move that was broken off. */
  readonly engine: { readonly ok: boolean; readonly problem: CodedError | null; readonly usedBytes: number | null; readonly checkedAt: Millis | null };
  readonly topics: readonly OwnTopic[];
  readonly connections: readonly ConnectionFacts[];
  readonly sockets: number;
  readonly memoryBytes: number;
}

interface Running {
  readonly registration: GatewayEntry;
  readonly engine: BuiltInEngine | KafkaEngine;
  readonly gateway: Gateway;
  readonly server: GatewayServer;
}

interface Place {
  readonly port: number;
  readonly names: ReadonlySet<string>;
  /** TLS ends before it comes here. */
  readonly isBehindProxy: boolean;
}

const HOST = '127.0.0.1';
const RETENTION_MILLIS = millis(7 * 86_400_000);
const RETRY_MILLIS = 10_000;
/** A log that does not answer within it is shown as such; the view does not wait for it. */
const ANSWER_MILLIS = 2_000;
const FOLDER_DIGITS = 12;
/** Which registration it runs for, when there are several. */
const RANK: Readonly<Record<GatewayEntry['status'], number>> = { bonded: 0, paused: 0, leaving: 1, left: 2 };

export class OwnGateway {
  readonly #options: OwnGatewayOptions;
  readonly #modules: OwnGatewayModules;
  readonly #settings: OwnGatewaySettings;
  readonly #engines: Engines;
  readonly #log: GatewayLog;
  #registration: GatewayEntry | null = null;
  #running: Running | null = null;
  #isStarting = false;
  #isClosed = false;
  /** Why it does not run. */
  #problem: CodedError | null = null;
  /** Why it runs and signs nothing. */
  #signProblem: CodedError | null = null;
  #engineProblem: CodedError | null = null;
  /** Why the last move was broken off. */
  #moveProblem: CodedError | null = null;
  #checkedAt: Millis | null = null;
  #retryAt = 0;
  #turn: Promise<unknown> = Promise.resolve();
  #isStepping = false;

  constructor(options: OwnGatewayOptions, modules: OwnGatewayModules) {
    this.#options = options;
    this.#modules = modules;
    this.#settings = new OwnGatewaySettings(modules.db);
    this.#log = new GatewayLog({ clock: modules.clock, log: modules.log });
    this.#engines = new Engines(options, { ...modules, logger: this.#log.child('log') });
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
    return this.#inTurn(() => this.#engines.test(wanted, { folder: this.#folder(), current: this.#settings.current.engine, running: this.#running?.engine ?? null }));
  }

  /**
   * Tries the engine, then moves the streams to it while the gateway stands still, and goes on there. What fails leaves everything
   * where it was; asked again, it goes on where it stopped.
   * @throws ENGINE_UNREACHABLE, ENGINE_ONE_WAY, DISK_FULL, LOG_DAMAGED, PASSWORD_MISSING, WALLET_LOCKED, KEYS_STOPPED
   */
  useEngine(wanted: WantedEngine): Promise<void> {
    return this.#inTurn(async () => {
      await this.#look();
      const { engine: before } = this.#settings.current;
      const report = await this.#engines.test(wanted, { folder: this.#folder(), current: before, running: this.#running?.engine ?? null });
      if (!report.ok) throw unreachable(report);
      if (before.kind === 'kafka' && wanted.kind === 'built-in' && this.#hosted().length > 0) throw oneWay();
      const engine = await this.#engines.keep(wanted, before);
      await this.#stop();
      this.#settings.change({ movingTo: engine });
      try {
        await this.#finishMove();
      } finally {
        await this.#forgetUnused(before, engine);
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
    const topics = running === null ? [] : await Promise.all(running.gateway.streams.map((stream) => this.#topic(stream, running.engine)));
    const engineProblem = topics.some(({ bounds }) => bounds === null) ? silentLog() : this.#engineProblem;
    return {
      state: this.#state(),
      problem: this.#problem ?? this.#signProblem ?? this.#placeProblem(),
      listens: running?.server.url ?? null,
      registration: this.#registration,
      choices: this.#settings.current,
      engine: { ok: engineProblem === null, problem: engineProblem ?? this.#moveProblem, usedBytes: running?.engine instanceof BuiltInEngine ? running.engine.usedBytes : null, checkedAt: topics.length > 0 ? this.#modules.clock.now() : this.#checkedAt },
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
    return this.#signProblem === null ? 'running' : 'failed';
  }

  async #advance(): Promise<void> {
    if (this.#isClosed) return;
    try {
      await this.#look();
    } catch (error) {
      if (!isCoded(error)) throw error;
      return this.#running === null ? this.#fails(error) : this.#signs(error);
    }
    const serving = this.#serving();
    if (this.#running !== null && this.#running.registration.id !== serving?.id) await this.#stop();
    if (this.#running !== null) return this.#lookAtKeys(this.#running);
    if (serving === null) return this.#fails(notRegistered());
    if (!this.#settings.current.on || this.#modules.clock.now() < this.#retryAt) return;
    await this.#start().catch((error: unknown) => {
      if (!isCoded(error)) throw error;
    });
  }

  /** What the chain says now. @throws KEYS_STOPPED */
  async #look(): Promise<void> {
    const { keys, index } = this.#modules;
    const own = (await keys.accounts()).flatMap((account) => index.gatewaysOf(toHex(account)));
    this.#registration = own.toSorted((a, b) => RANK[a.status] - RANK[b.status] || b.createdBlock - a.createdBlock)[0] ?? null;
  }

  async #lookAtKeys({ registration }: Running): Promise<void> {
    try {
      this.#signs((await this.#modules.keys.held()).ids.has(registration.id) ? null : notHeld());
    } catch (error) {
      if (!isCoded(error)) throw error;
      this.#signs(error);
    }
  }

  #serving(): GatewayEntry | null {
    return this.#registration?.status === 'left' ? null : this.#registration;
  }

  /** Why it does not run although it is on. */
  #fails(problem: CodedError): void {
    if (!this.#settings.current.on || this.#problem?.code === problem.code) return;
    this.#problem = problem;
    this.#log.warn('the gateway does not run', { code: problem.code, why: problem.message });
    this.#modules.onChange();
  }

  #signs(problem: CodedError | null): void {
    const before = this.#signProblem;
    this.#signProblem = problem;
    if (before?.code === problem?.code) return;
    if (problem === null) this.#log.info('receipts are signed again');
    else this.#log.warn('receipts cannot be signed', { code: problem.code });
    this.#modules.onChange();
  }

  /** @throws PORT_IN_USE, ENGINE_UNREACHABLE, what opening it says */
  async #start(): Promise<void> {
    if (this.#running !== null) return;
    this.#isStarting = true;
    this.#modules.onChange();
    try {
      await this.#look();
      const registration = this.#serving();
      if (registration === null) return this.#fails(notRegistered());
      if (this.#settings.current.movingTo !== null) await this.#finishMove().catch((error: unknown) => this.#log.warn('the move of the streams was broken off; they stay where they were', { code: toCoded(error).code }));
      this.#running = await this.#run(registration);
      this.#problem = null;
      this.#log.info('the gateway listens', { at: this.#running.server.url, engine: this.#running.engine.kind });
      this.#openHosted(this.#running.gateway);
      await this.#lookAtKeys(this.#running);
    } catch (error) {
      this.#fails(toCoded(error));
      throw error;
    } finally {
      this.#retryAt = this.#modules.clock.now() + RETRY_MILLIS;
      this.#isStarting = false;
      this.#modules.onChange();
    }
  }

  async #run(registration: GatewayEntry): Promise<Running> {
    const { chain, files, clock } = this.#modules;
    const { engine: chosen, quotas, oldPaths } = this.#settings.current;
    const folder = this.#folder();
    const place = placeOf(registration);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const engine = await this.#engines.open(chosen, folder);
    try {
      const report = await engine.test();
      this.#checkedAt = clock.now();
      this.#engineProblem = report.ok ? null : unreachable(report);
      if (this.#engineProblem !== null) throw this.#engineProblem;
      const gatewayId = fromHex(registration.id);
      const gateway = new Gateway(
        { retentionMillis: RETENTION_MILLIS, evidenceFolder: join(folder, 'evidence'), quotas: quotasOf(quotas), oldPaths },
        { engine, chain, files, clock, logger: this.#log, store: this.#store(), signer: { gatewayId, sign: (_, receipt) => this.#sign(receipt) } },
      );
      try {
        const server = await GatewayServer.listen({ host: HOST, port: place.port, hosts: place.names, behindProxy: place.isBehindProxy }, { gateway, logger: this.#log.child('http') });
        return { registration, engine, gateway, server };
      } catch (error) {
        await gateway.close();
        throw isCoded(error, 'PORT_UNAVAILABLE') ? portInUse(place.port, error) : error;
      }
    } catch (error) {
      await engine.close();
      throw error;
    }
  }

  async #stop(): Promise<void> {
    const running = this.#running;
    if (running === null) return;
    this.#running = null;
    this.#signProblem = null;
    await running.gateway.close();
    await running.server.close();
    await running.engine.close();
    this.#log.info('the gateway stands still');
    this.#modules.onChange();
  }

  /** The keys process signs, also while the wallet is locked. */
  async #sign(receipt: ReceiptMessage): Promise<Bytes> {
    try {
      const signature = await this.#modules.keys.signReceipt(receipt);
      this.#signs(null);
      return signature;
    } catch (error) {
      this.#signs(toCoded(error));
      throw error;
    }
  }

  /** So that what is kept is shown before somebody asks for it. */
  #openHosted(gateway: Gateway): void {
    for (const streamId of this.#hosted()) {
      gateway.host(streamId).then(() => this.#modules.onChange(), (error: unknown) => this.#log.warn('a stream is not served', { stream: toHex(streamId), code: toCoded(error).code }));
    }
  }

  /** Brings every stream to the engine that `movingTo` names; then it is the one in use. Broken off, the old one stays in use. */
  async #finishMove(): Promise<void> {
    const { engine: from, movingTo: to } = this.#settings.current;
    if (to === null) return;
    try {
      if (!isSamePlace(from, to)) await this.#moveAll(from, to);
      this.#settings.change({ engine: to, movingTo: null });
      this.#engineProblem = null;
      this.#moveProblem = null;
      this.#log.info('another log engine is in use', { engine: to.kind });
    } catch (error) {
      this.#settings.change({ movingTo: null });
      this.#moveProblem = moveProblem(error);
      throw this.#moveProblem;
    }
  }

  async #moveAll(from: OwnEngine, to: OwnEngine): Promise<void> {
    const streams = this.#hosted();
    if (streams.length === 0) return;
    const target = await this.#engines.open(to, this.#folder());
    let source: LogEngine | null = null;
    try {
      if (!(target instanceof KafkaEngine)) throw oneWay();
      const report = await target.test(); // after a kill it may have gone
      if (!report.ok) throw unreachable(report);
      source = await this.#engines.open(from, this.#folder());
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

  async #topic(stream: HostedStream, engine: LogEngine): Promise<OwnTopic> {
    const { streamId, tail, retentionMillis, inbound, outbound } = stream;
    const [bounds, owed] = await Promise.all([answered(stream.bounds()), stream.unsigned()]);
    return {
      streamId, bounds, owed, retentionMillis,
      topic: engine instanceof BuiltInEngine ? join(this.#folder(), 'streams', toHex(streamId).slice(2)) : topicsOf(streamId).data,
      bytes: engine instanceof BuiltInEngine ? await engine.bytesOf(streamId) : null,
      inBytesPerSecond: inbound.perSecond, outBytesPerSecond: outbound.perSecond, lastAt: tail.last?.timeMillis ?? null,
    };
  }

  /** It listens where the chain said when it started. */
  #placeProblem(): CodedError | null {
    const running = this.#running;
    if (running === null || this.#registration === null) return null;
    const { endpoints } = this.#registration;
    const isThere = endpoints.some((endpoint) => URL.canParse(endpoint) && portOf(new URL(endpoint)) === running.server.port);
    return isThere ? null : differs(endpoints[0] ?? '', running.server.url);
  }

  /** All streams that have a log here. */
  #hosted(): readonly Bytes[] {
    if (this.#registration === null) return [];
    const store = this.#store();
    try {
      return store.hosted();
    } finally {
      store.close();
    }
  }

  #store(): SqliteGatewayStore {
    return new SqliteGatewayStore({ path: join(this.#folder(), 'gateway.sqlite') });
  }

  /** Of the registration: another one begins anew. */
  #folder(): string {
    return join(this.#options.folder, this.#registration?.id.slice(2, 2 + FOLDER_DIGITS) ?? 'unregistered');
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const run = this.#turn.then(work);
    this.#turn = run.catch(() => undefined);
    return run;
  }
}

/** Null when it does not answer in time, or not at all. */
async function answered<T>(asked: Promise<T>): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => (timer = setTimeout(() => resolve(null), ANSWER_MILLIS)));
  try {
    return await Promise.race([asked, late]);
  } catch (error) {
    if (!isCoded(error)) throw error;
    return null;
  } finally {
    clearTimeout(timer);
  }
}

/** @throws BAD_ENDPOINT */
function placeOf({ endpoints }: GatewayEntry): Place {
  const urls = endpoints.flatMap((endpoint) => (URL.canParse(endpoint) ? [new URL(endpoint)] : []));
  const [first] = urls;
  if (first === undefined) throw new CodedError('BAD_ENDPOINT', 'The address of this gateway on the chain is not one that can be used.', { help: 'Change its address on the chain.', meta: { endpoint: (endpoints[0] ?? '').slice(0, 200) } });
  return { port: portOf(first), names: new Set(urls.map(({ hostname }) => hostname.toLowerCase())), isBehindProxy: first.protocol === 'https:' };
}

function portOf({ port, protocol }: URL): number {
  return port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port);
}

function notRegistered(): CodedError {
  return new CodedError('GATEWAY_NOT_REGISTERED', 'This wallet has no gateway on the chain.', { help: 'Register one; it then starts by itself.' });
}

function notHeld(): CodedError {
  return new CodedError('STREAM_NOT_HELD', 'The gateway signs no receipts yet, so that publishers wait; readers are served.', { help: 'Unlock the wallet once.' });
}

function portInUse(port: number, cause: unknown): CodedError {
  return new CodedError('PORT_IN_USE', `The gateway cannot listen at port ${port} of this computer, which its address on the chain names.`, { help: 'Close the program that uses it, or change the address on the chain.', meta: { port }, cause });
}

function unreachable({ checks }: EngineReport): CodedError {
  const failed = checks.find(({ ok }) => !ok);
  return new CodedError('ENGINE_UNREACHABLE', `The log engine cannot be used: ${failed?.name ?? ''}: ${failed?.detail ?? ''}`, { help: 'Look at the brokers and the rights of this program there, or at its folder.', meta: { check: failed?.name ?? null } });
}

function silentLog(): CodedError {
  return new CodedError('ENGINE_UNREACHABLE', 'The log engine does not answer now.', { help: 'Look at the brokers, or at the disk.' });
}

function oneWay(): CodedError {
  return new CodedError('ENGINE_ONE_WAY', 'Streams move from this program to a Kafka cluster, or from one cluster to another, but not back.', { help: 'Keep the cluster, or let these streams end there.' });
}

function moveProblem(error: unknown): CodedError {
  const { code, message, help, meta } = toCoded(error);
  if (code === 'LOG_FULL') return new CodedError('DISK_FULL', message, { ...(help === undefined ? {} : { help }), meta, cause: error });
  if (code !== 'LOG_UNREACHABLE' && code !== 'LOG_RIGHTS') return toCoded(error);
  return new CodedError('ENGINE_UNREACHABLE', `The streams could not be moved; they stay where they were. ${message}`, { help: help ?? 'Try again: it goes on where it stopped.', meta, cause: error });
}

function differs(endpoint: string, listens: string): CodedError {
  return new CodedError('ENDPOINT_DIFFERS', 'The chain names another address than where this gateway listens; readers look for it there.', { help: 'Switch it off and on again, or change the address on the chain.', meta: { endpoint: endpoint.slice(0, 200), listens } });
}
