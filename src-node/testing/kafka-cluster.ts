/**
 * A Kafka cluster of this machine, for tests, simulations and `npm run kafka`: one process a broker (KRaft, broker and controller in one),
 * each with a folder and ports of its own on loopback. Processes are ended by their number.
 */
import { randomBytes, randomInt } from 'node:crypto';
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CodedError } from '../base/errors.ts';
import { newKafka } from '../streams/log/kafka/kafkajs.ts';
import { kafkaClassPath } from './kafka-jars.ts';

export interface KafkaClusterOptions {
  readonly brokers: 1 | 3;
  /** Of brokers and logs; a temporary one, removed at the end, when left out. */
  readonly folder?: string;
  /** Of the first broker, the next ones follow; any free one when left out. */
  readonly port?: number;
  /** Names and passwords of users who come over SASL (PLAIN and SCRAM), without any right at first; those who come without a name may do everything. */
  readonly users?: Readonly<Record<string, string>>;
  /** Certificate and key (PEM, one text) of a listener with TLS. */
  readonly tlsPem?: string;
  /** Given the port of a broker, the port that everybody is told to come to: of what stands before it. */
  readonly front?: (port: number) => Promise<number>;
  /** Brokers go on when this program ends; their numbers are in `pids`. */
  readonly isDetached?: boolean;
}

interface BrokerPlace {
  readonly folder: string;
  readonly port: number;
  /** Of what stands before it; else its own. */
  readonly frontPort: number;
  readonly controllerPort: number;
  readonly saslPort: number;
  readonly tlsPort: number;
}

const START_MILLIS = 90_000;
const SCRAM = ['SCRAM-SHA-256', 'SCRAM-SHA-512'] as const;
const PORTS = { from: 20_000, to: 32_000 } as const;
/** No pause between reading code and running it, few threads, little memory. */
const JAVA_ARGS = ['-Xms128m', '-Xmx256m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Xshare:auto', '-Djava.awt.headless=true'];
const LOG4J = `status = error
appender.console.type = Console
appender.console.name = out
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = %d %p %c: %m%n
rootLogger.level = warn
rootLogger.appenderRef.out.ref = out
`;

export class KafkaCluster {
  readonly #folder: string;
  readonly #options: KafkaClusterOptions;
  readonly #classPath: string;
  readonly #places: readonly BrokerPlace[];
  readonly #running = new Map<number, { readonly keeper: ChildProcess; readonly pid: number }>();

  private constructor(options: KafkaClusterOptions, folder: string, classPath: string, places: readonly BrokerPlace[]) {
    this.#options = options;
    this.#folder = folder;
    this.#classPath = classPath;
    this.#places = places;
  }

  /** Begins a new cluster, and waits until every broker takes part. @throws KAFKA_IMPOSSIBLE, KAFKA_NOT_STARTED */
  static async start(options: KafkaClusterOptions): Promise<KafkaCluster> {
    const classPath = await kafkaClassPath();
    const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'kafka-'));
    const free = await freePorts(options.brokers * 4);
    const places = await Promise.all(Array.from({ length: options.brokers }, async (_, i): Promise<BrokerPlace> => {
      const [any = 0, controllerPort = 0, saslPort = 0, tlsPort = 0] = free.slice(i * 4, i * 4 + 4);
      const port = options.port === undefined ? any : options.port + i;
      return { folder: join(folder, `broker-${i}`), port, frontPort: (await options.front?.(port)) ?? port, controllerPort, saslPort, tlsPort };
    }));
    const cluster = new KafkaCluster(options, folder, classPath, places);
    const id = randomBytes(16).toString('base64url');
    try {
      await Promise.all(places.map((_, i) => cluster.#format(i, id)));
      await Promise.all(places.map((_, i) => cluster.#spawn(i)));
      await cluster.ready(options.brokers);
    } catch (error) {
      await cluster.stop();
      throw error;
    }
    return cluster;
  }

  get size(): number {
    return this.#places.length;
  }

  /** `host:port` of every broker, without a name and a password. */
  get brokers(): readonly string[] {
    return this.#places.map(({ frontPort }) => `127.0.0.1:${frontPort}`);
  }

  get saslBrokers(): readonly string[] {
    return this.#places.map(({ saslPort }) => `127.0.0.1:${saslPort}`);
  }

  get tlsBrokers(): readonly string[] {
    return this.#places.map(({ tlsPort }) => `127.0.0.1:${tlsPort}`);
  }

  /** Numbers of the brokers' processes. */
  get pids(): readonly number[] {
    return [...this.#running.values()].map(({ pid }) => pid);
  }

  /** Ends it at once, as a crash does. */
  async kill(index: number): Promise<void> {
    const broker = this.#running.get(index);
    if (broker === undefined) return;
    this.#running.delete(index);
    const gone = broker.keeper.exitCode === null ? new Promise((resolve) => broker.keeper.once('exit', resolve)) : null;
    signal(broker.pid, 'SIGKILL');
    broker.keeper.stdin?.end();
    await gone;
  }

  /** It stands still, and its connections stay open. */
  pause(index: number): void {
    signal(this.#running.get(index)?.pid, 'SIGSTOP');
  }

  resume(index: number): void {
    signal(this.#running.get(index)?.pid, 'SIGCONT');
  }

  /** Starts a killed one again, with what its folder holds; does not wait for it to take part. */
  async restart(index: number): Promise<void> {
    await this.kill(index);
    await this.#spawn(index);
  }

  /** Waits until so many brokers take part. @throws KAFKA_NOT_STARTED */
  async ready(count: number): Promise<void> {
    const end = Date.now() + START_MILLIS;
    const admin = newKafka({ brokers: this.brokers }).admin();
    try {
      while (Date.now() < end) {
        const known = await admin.connect().then(() => admin.describeCluster()).then(({ brokers }) => brokers.length, () => 0);
        if (known >= count) return;
        if (!this.#areRunning()) break;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    } finally {
      await admin.disconnect().catch(() => undefined);
    }
    throw new CodedError('KAFKA_NOT_STARTED', `The brokers did not start; their logs end so:\n${this.#places.map((place) => tailOf(place)).join('\n')}`, { meta: { folder: this.#folder } });
  }

  /** Ends all brokers; a temporary folder goes. */
  async stop(): Promise<void> {
    await Promise.all(this.#places.map((_, i) => this.kill(i)));
    if (this.#options.folder === undefined) await rm(this.#folder, { recursive: true, force: true });
  }

  async #format(index: number, clusterId: string): Promise<void> {
    const { folder } = this.#place(index);
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'server.properties'), this.#properties(index));
    await writeFile(join(folder, 'log4j2.properties'), LOG4J);
    if (this.#options.tlsPem !== undefined) await writeFile(join(folder, 'tls.pem'), this.#options.tlsPem, { mode: 0o600 });
    const log = openSync(join(folder, 'broker.log'), 'a');
    // in one argument: the id may begin with a dash
    const users = Object.entries(this.#options.users ?? {}).flatMap(([name, password]) => SCRAM.flatMap((mechanism) => ['--add-scram', `${mechanism}=[name="${name}",password="${password}"]`]));
    const child = spawn('java', [...this.#java(folder), 'kafka.tools.StorageTool', 'format', `--cluster-id=${clusterId}`, '-c', join(folder, 'server.properties'), ...users], { stdio: ['ignore', log, log] });
    const code = await new Promise((resolve) => child.once('close', resolve));
    closeSync(log);
    if (code !== 0) throw new CodedError('KAFKA_NOT_STARTED', `The folder of a broker could not be made: ${tailOf(this.#place(index))}`);
  }

  /**
   * A shell stands between: it ends with the broker, and ends the broker when this program ends however it does, for then its input closes.
   * A detached broker has no such keeper.
   */
  async #spawn(index: number): Promise<void> {
    const { folder } = this.#place(index);
    const { isDetached = false } = this.#options;
    const log = openSync(join(folder, 'broker.log'), 'a');
    const java = ['java', ...this.#java(folder), 'kafka.Kafka', join(folder, 'server.properties')];
    const keeping = 'exec 3<&0; "$@" 3<&- </dev/null >&2 & pid=$!; echo $pid; { cat <&3 >/dev/null; kill -9 $pid; } & guard=$!; wait $pid; kill $guard';
    const detached = '"$@" </dev/null >&2 & echo $!';
    const keeper = spawn('sh', ['-c', isDetached ? detached : keeping, 'sh', ...java], { stdio: ['pipe', 'pipe', log], detached: isDetached });
    closeSync(log);
    const pid = await new Promise<number>((resolve) => keeper.stdout?.once('data', (data: Buffer) => resolve(Number(data.toString('utf8')))));
    this.#running.set(index, { keeper, pid });
  }

  #areRunning(): boolean {
    return this.#options.isDetached === true || [...this.#running.values()].every(({ keeper }) => keeper.exitCode === null);
  }

  #java(folder: string): readonly string[] {
    return [...JAVA_ARGS, `-Dlog4j2.configurationFile=${join(folder, 'log4j2.properties')}`, '-cp', this.#classPath];
  }

  #place(index: number): BrokerPlace {
    const place = this.#places[index];
    if (place === undefined) throw new CodedError('KAFKA_NOT_STARTED', `There is no broker ${index}.`);
    return place;
  }

  /** Beside the ports all is to fit a small machine and to notice a broker's death in three seconds. */
  #properties(index: number): string {
    const { folder, port, frontPort, controllerPort, saslPort, tlsPort } = this.#place(index);
    const { users, tlsPem } = this.#options;
    const copies = this.#places.length;
    const listeners = [`PLAINTEXT://127.0.0.1:${port}`, ...(users === undefined ? [] : [`SASL_PLAINTEXT://127.0.0.1:${saslPort}`]), ...(tlsPem === undefined ? [] : [`SSL://127.0.0.1:${tlsPort}`])];
    const jaas = Object.entries(users ?? {}).map(([name, password]) => `user_${name}="${password}"`).join(' ');
    return Object.entries({
      'process.roles': 'broker,controller',
      'node.id': index + 1,
      'controller.quorum.voters': this.#places.map((place, i) => `${i + 1}@127.0.0.1:${place.controllerPort}`).join(','),
      'controller.listener.names': 'CONTROLLER',
      listeners: [...listeners, `CONTROLLER://127.0.0.1:${controllerPort}`].join(','),
      'advertised.listeners': [`PLAINTEXT://127.0.0.1:${frontPort}`, ...listeners.slice(1)].join(','),
      'listener.security.protocol.map': 'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,SASL_PLAINTEXT:SASL_PLAINTEXT,SSL:SSL',
      'log.dirs': join(folder, 'data'),
      'auto.create.topics.enable': false,
      'offsets.topic.replication.factor': copies,
      'offsets.topic.num.partitions': 1,
      'num.network.threads': 1,
      'num.io.threads': 2,
      'num.recovery.threads.per.data.dir': 1,
      'log.cleaner.dedupe.buffer.size': 4_194_304,
      'log.cleaner.io.buffer.size': 262_144,
      'broker.heartbeat.interval.ms': 500,
      'broker.session.timeout.ms': 3000,
      'controller.quorum.election.timeout.ms': 500,
      'controller.quorum.fetch.timeout.ms': 1500,
      'replica.lag.time.max.ms': 5000,
      'controlled.shutdown.enable': false,
      ...(users === undefined ? {} : {
        'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
        'super.users': 'User:ANONYMOUS',
        'sasl.enabled.mechanisms': ['PLAIN', ...SCRAM].join(','),
        'listener.name.sasl_plaintext.plain.sasl.jaas.config': `org.apache.kafka.common.security.plain.PlainLoginModule required ${jaas};`,
        ...Object.fromEntries(SCRAM.map((mechanism) => [`listener.name.sasl_plaintext.${mechanism.toLowerCase()}.sasl.jaas.config`, 'org.apache.kafka.common.security.scram.ScramLoginModule required;'])),
      }),
      ...(tlsPem === undefined ? {} : { 'ssl.keystore.type': 'PEM', 'ssl.keystore.location': join(folder, 'tls.pem') }),
    }).map(([name, value]) => `${name}=${value}\n`).join('');
  }
}

function signal(pid: number | undefined, name: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(pid, name);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

function tailOf({ folder }: BrokerPlace): string {
  return readFileSync(join(folder, 'broker.log'), 'utf8').split('\n').slice(-8).join('\n');
}

/** Below those that the system gives to connections: one of these, to a broker that is away, could take the broker's own. */
async function freePorts(count: number): Promise<readonly number[]> {
  const ports = new Set<number>();
  while (ports.size < count) {
    const port = randomInt(PORTS.from, PORTS.to);
    if (await isFree(port)) ports.add(port);
  }
  return [...ports];
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer().once('error', () => resolve(false)).listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
