/** The processes of a simulation of streams: brokers, gateways, publishers and readers, what cuts them off, and their history on disk. */
import { randomBytes } from 'node:crypto';
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newKafka } from '../../streams/log/kafka/kafkajs.ts';
import { topicsOf } from '../../streams/log/kafka/topics.ts';
import { KafkaCluster } from '../kafka-cluster.ts';
import { StreamChecker } from './checker.ts';
import type { ReaderPlace, SimEvent } from './history.ts';
import type { Fault } from './nemesis.ts';
import { SimChain } from './sim-chain.ts';
import { SimChild, type ChildLine } from './sim-child.ts';
import type { SimWorld } from './sim-world.ts';
import { TcpProxy } from './tcp-proxy.ts';

export interface SimulationOptions {
  readonly engine: 'kafka' | 'built-in';
  readonly brokers: 1 | 3;
  readonly gateways: number;
  /** A publisher each. */
  readonly streams: number;
  /** Of every stream. */
  readonly readers: number;
  /** Rows a second of each publisher. */
  readonly rate: number;
  /** Told what happens, a line each. */
  readonly print: (line: string) => void;
}

interface GatewayPlace {
  readonly proxy: TcpProxy;
  child: SimChild | undefined;
}

const EPOCH_SECONDS = 30;
const AHEAD = 4;
const UNIT_PRICE = 7;
const WINDOW = 50;
/** Between the numbers of one run of a publisher and the next: none comes again. */
const RUN_ROWS = 10_000_000;
const START_MILLIS = 60_000;

export class StreamSimulation {
  readonly folder = mkdtempSync(join(tmpdir(), 'sim-streams-'));
  readonly checker: StreamChecker;
  readonly #options: SimulationOptions;
  readonly #brokerProxies: TcpProxy[] = [];
  readonly #gateways: GatewayPlace[] = [];
  readonly #publishers: SimChild[] = [];
  readonly #readers: SimChild[] = [];
  readonly #runs: number[] = [];
  /** Milliseconds from the device to the application, of every row. */
  readonly delays: number[] = [];
  #cluster: KafkaCluster | undefined;
  #world: SimWorld | undefined;
  #shown = 0;
  #isEnding = false;
  readonly #began = Date.now();

  constructor(options: SimulationOptions) {
    this.#options = options;
    this.checker = new StreamChecker({ readers: options.readers, unitPrice: UNIT_PRICE, window: WINDOW });
  }

  get cluster(): KafkaCluster | undefined {
    return this.#cluster;
  }

  /** @throws KAFKA_IMPOSSIBLE, KAFKA_NOT_STARTED */
  async start(): Promise<void> {
    const { engine, brokers, gateways, streams, readers, rate } = this.#options;
    const front = async (port: number): Promise<number> => {
      const proxy = await TcpProxy.listen(port);
      this.#brokerProxies.push(proxy);
      return proxy.port;
    };
    if (engine === 'kafka') this.#cluster = await KafkaCluster.start({ brokers, front, folder: join(this.folder, 'kafka') });
    for (let i = 0; i < gateways; i++) this.#gateways.push({ proxy: await TcpProxy.listen(), child: undefined });
    const startSeconds = (Math.floor(Date.now() / 1000 / EPOCH_SECONDS) - 10) * EPOCH_SECONDS;
    this.#world = {
      folder: this.folder, engine, brokers: [...(this.#cluster?.brokers ?? [])], endpoints: this.#gateways.map(({ proxy }) => `http://127.0.0.1:${proxy.port}`), streams, readers, rate,
      run: randomBytes(31).toString('hex'), startSeconds, epochSeconds: EPOCH_SECONDS, ahead: AHEAD, unitPrice: UNIT_PRICE, window: WINDOW,
    };
    writeFileSync(this.#worldPath, JSON.stringify(this.#world));
    for (let i = 0; i < gateways; i++) await this.#startGateway(i);
    for (let i = 0; i < streams; i++) this.startPublisher(i);
    for (let i = 0; i < readers; i++) this.startReader(i);
  }

  /** Rows flow to all readers. */
  async flowing(): Promise<void> {
    const end = Date.now() + START_MILLIS;
    while (this.places.some((place) => this.checker.lastSeq(place) < 0)) {
      if (Date.now() > end) this.#fault('the simulation', 'NOTHING_FLOWS');
      if (this.checker.violations.length > 0) return;
      await pause(100);
    }
  }

  get places(): readonly ReaderPlace[] {
    const { streams, readers } = this.#options;
    return Array.from({ length: streams * readers }, (_, i) => ({ stream: Math.floor(i / readers), reader: i % readers }));
  }

  async faultBroker(index: number, fault: Fault): Promise<void> {
    const proxy = this.#brokerProxies[index];
    if (fault === 'kill') await this.#cluster?.kill(index);
    else if (fault === 'pause') this.#cluster?.pause(index);
    else if (proxy !== undefined) proxy.mode = fault;
  }

  async healBroker(index: number, fault: Fault): Promise<void> {
    const proxy = this.#brokerProxies[index];
    if (fault === 'kill') await this.#cluster?.restart(index);
    else if (fault === 'pause') this.#cluster?.resume(index);
    else if (proxy !== undefined) proxy.mode = 'pass';
  }

  async faultGateway(index: number, fault: Fault): Promise<void> {
    const place = this.#gateways[index];
    if (place === undefined) return;
    if (fault === 'kill') await place.child?.kill();
    else if (fault === 'pause') place.child?.pause();
    else place.proxy.mode = fault;
  }

  async healGateway(index: number, fault: Fault): Promise<void> {
    const place = this.#gateways[index];
    if (place === undefined) return;
    if (fault === 'kill') await this.#startGateway(index);
    else if (fault === 'pause') place.child?.resume();
    else place.proxy.mode = 'pass';
  }

  async killPublisher(stream: number): Promise<void> {
    await this.#publishers[stream]?.kill();
  }

  startPublisher(stream: number): void {
    const run = (this.#runs[stream] = (this.#runs[stream] ?? -1) + 1);
    this.#publishers[stream] = this.#child('publisher', stream, [String(stream), String(run * RUN_ROWS)], (line) => this.#take(line));
  }

  startReader(reader: number): void {
    this.#readers[reader] = this.#child('reader', reader, [String(reader)], (line) => this.#take(line));
  }

  async endReader(reader: number): Promise<void> {
    await this.#readers[reader]?.end();
  }

  /** Devices are silent from now on. */
  quiet(): void {
    for (const publisher of this.#publishers) publisher.tell('quiet');
  }

  /**
   * Kafka forgets what it has of every stream now; a reader that is away then misses it. Others have to have it first.
   * @returns whether they had, within `withinMillis`
   */
  async forget(reader: number, withinMillis: number): Promise<boolean> {
    const world = this.#worldOf();
    const chain = new SimChain(world);
    const admin = newKafka({ brokers: world.brokers }).admin();
    await admin.connect();
    try {
      for (let stream = 0; stream < world.streams; stream++) {
        const topic = topicsOf(chain.streamId(stream)).data;
        const offset = (await admin.fetchTopicOffsets(topic))[0]?.high ?? '0';
        if (!(await this.#haveAll(this.places.filter((place) => place.stream === stream && place.reader !== reader), withinMillis))) return false;
        this.#take({ type: 'forgotten', stream, reader, to: Math.max(...this.places.filter((place) => place.stream === stream).map((place) => this.checker.lastSeq(place))), at: Date.now() });
        await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset }] });
      }
      return true;
    } finally {
      await admin.disconnect();
    }
  }

  /** Whether all readers have all rows that were acknowledged until now, and how long it took. */
  async caughtUp(withinMillis: number): Promise<{ readonly ok: boolean; readonly millis: number }> {
    const began = Date.now();
    return { ok: await this.#haveAll(this.places, withinMillis), millis: Date.now() - began };
  }

  /** What publishers and gateways say of themselves goes to where their errors go: for whoever looks for a fault. */
  async askAll(): Promise<void> {
    for (const publisher of this.#publishers) publisher.tell('status');
    for (const [index, { proxy }] of this.#gateways.entries()) {
      const said = await fetch(`http://127.0.0.1:${proxy.port}/metrics`, { signal: AbortSignal.timeout(2000) }).then((answer) => answer.text(), (error: unknown) => String(error));
      appendFileSync(join(this.folder, `gateway-${index}.err`), said);
    }
    await pause(500);
  }

  note(what: string): void {
    this.#options.print(`${((Date.now() - this.#began) / 1000).toFixed(1).padStart(6)} s  ${what}`);
    this.#take({ type: 'nemesis', what, at: Date.now() });
  }

  /** @param options.keep leaves history, logs and profiles where they are */
  async stop(options: { readonly keep: boolean }): Promise<void> {
    this.#isEnding = true;
    for (const child of [...this.#publishers, ...this.#readers, ...this.#gateways.map((gateway) => gateway.child)]) await child?.kill();
    await this.#cluster?.stop();
    for (const proxy of [...this.#brokerProxies, ...this.#gateways.map(({ proxy }) => proxy)]) proxy.close();
    if (!options.keep) rmSync(this.folder, { recursive: true, force: true });
  }



  /** Until each has, not at once: more comes meanwhile. */
  async #haveAll(places: readonly ReaderPlace[], withinMillis: number): Promise<boolean> {
    const end = Date.now() + withinMillis;
    const wanted = places.map((place) => ({ place, rows: this.checker.missing(place) }));
    for (const { place, rows } of wanted) {
      for (let missing = rows; missing.length > 0; missing = this.checker.missing(place, missing)) {
        if (Date.now() > end) return false;
        await pause(100);
      }
    }
    return true;
  }

  async #startGateway(index: number): Promise<void> {
    const place = this.#gateways[index];
    if (place === undefined) return;
    await new Promise<void>((resolve, reject) => {
      place.child = this.#child('gateway', index, [String(index)], (line) => {
        if (line.type !== 'ready') return;
        place.proxy.target = line.port;
        resolve();
      });
      setTimeout(() => reject(new RangeError(`gateway ${index} did not start; see ${this.folder}`)), START_MILLIS).unref();
    });
  }

  #child(kind: string, index: number, args: readonly string[], onLine: (line: ChildLine) => void): SimChild {
    const errorsPath = join(this.folder, `${kind}-${index}.err`);
    return new SimChild({ kind, args: [this.#worldPath, ...args], errorsPath }, onLine, (code) => {
      if (!this.#isEnding) this.#fault(`${kind} ${index}`, `exit code ${code ?? 'none'}, see ${errorsPath}`);
    });
  }

  #fault(what: string, code: string): void {
    this.#take({ type: 'fault', what, code });
  }

  #take(event: ChildLine): void {
    if (event.type === 'ready') return;
    this.#write(event);
    this.checker.take(event);
    if (event.type === 'rows') for (const [, , sentAt] of event.rows) this.delays.push(event.at - sentAt);
    for (const { kind, detail } of this.checker.violations.slice(this.#shown)) this.#options.print(`          ${kind}: ${detail}`);
    this.#shown = this.checker.violations.length;
  }

  #write(event: SimEvent): void {
    mkdirSync(this.folder, { recursive: true });
    appendFileSync(join(this.folder, 'history.jsonl'), `${JSON.stringify(event)}\n`);
  }

  get #worldPath(): string {
    return join(this.folder, 'world.json');
  }

  #worldOf(): SimWorld {
    if (this.#world === undefined) throw new RangeError('the simulation was not started');
    return this.#world;
  }
}

export function pause(millis: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, millis));
}
