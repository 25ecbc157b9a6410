/**
 * Rows that devices send to an MQTT broker (QoS 1). A message is acknowledged when its rows are on disk, so the broker keeps what was
 * not, over restarts of either side; one that comes again although it was taken is known by its packet and its content.
 */
import mqtt, { type IConnackPacket, type IPublishPacket, type MqttClient } from 'mqtt';
import { concat, hexOf, utf8 } from '../../../base/bytes.ts';
import type { Clock } from '../../../base/clock.ts';
import { CodedError, isCoded } from '../../../base/errors.ts';
import type { Logger } from '../../../base/logger.ts';
import { sha256 } from '../../../crypto/hash.ts';
import { readJsonRows } from '../schema.ts';
import type { RowSink } from '../source.ts';

export interface MqttSourceOptions {
  /** `mqtt://host:1883`, or `mqtts://host:8883` for TLS. */
  readonly url: string;
  /** Names the session that the broker keeps: the same after each start, another one for another filter. */
  readonly clientId: string;
  readonly topicFilter: string;
  readonly login: { readonly username: string; readonly password: string } | null;
  /** PEM of the authority that the broker's certificate is from; null for those of the system. */
  readonly authority: string | null;
}

export type MqttState = 'connecting' | 'receiving' | 'refused' | 'stopped';

export interface MqttSourceModules {
  readonly sink: RowSink;
  readonly clock: Clock;
  readonly log: Logger;
  /** A message that does not fit the columns; it is acknowledged and passed over. */
  readonly onRefused: (error: CodedError, topic: string) => void;
  readonly onState: (state: MqttState) => void;
}

const RECONNECT_MILLIS = 1000;
const CONNECT_MILLIS = 10_000;
const URL_FORM = /^mqtts?:\/\/[^@/]+$/;

export class MqttSource {
  readonly #options: MqttSourceOptions;
  readonly #modules: MqttSourceModules;
  readonly #name: string;
  readonly #client: MqttClient;
  readonly #stop = new AbortController();
  /** Counts connections: an answer belongs to the one that its message came by. */
  #connection = 0;
  /** Messages are taken one after the other, also when a new connection brings the one that still waits. */
  #last: Promise<void> = Promise.resolve();

  private constructor(options: MqttSourceOptions, modules: MqttSourceModules) {
    this.#options = options;
    this.#modules = modules;
    this.#name = `mqtt:${options.clientId}`;
    this.#client = mqtt.connect(options.url, {
      protocolVersion: 4, clientId: options.clientId, clean: false, resubscribe: false, manualConnect: true,
      reconnectPeriod: RECONNECT_MILLIS, connectTimeout: CONNECT_MILLIS, reconnectOnConnackError: true,
      ...(options.login ?? {}), ...(options.authority === null ? {} : { ca: options.authority }),
    });
    this.#client.handleMessage = (packet, callback) => this.#handle(packet, callback);
    this.#client.on('connect', (connack) => this.#subscribe(connack));
    this.#client.on('error', (error) => this.#fail(error));
    this.#client.on('close', () => {
      if (!this.#stop.signal.aborted) modules.onState('connecting');
    });
  }

  /** Connects, and again whenever it has to; never throws for a broker that is away. @throws BAD_URL */
  static start(options: MqttSourceOptions, modules: MqttSourceModules): MqttSource {
    if (!URL_FORM.test(options.url)) throw new CodedError('BAD_URL', 'The address of the broker is not of the form mqtt://host:port.', { help: 'Use mqtts:// for TLS, and give name and password in their own fields.' });
    const source = new MqttSource(options, modules);
    modules.onState('connecting');
    source.#client.connect();
    return source;
  }

  /** Ends without acknowledging more; what is being written is waited for. */
  async close(): Promise<void> {
    this.#stop.abort();
    this.#modules.onState('stopped');
    await this.#client.endAsync(true);
    await this.#last;
  }

  #subscribe({ sessionPresent }: IConnackPacket): void {
    this.#connection += 1;
    const { log, onState } = this.#modules;
    log.info('MQTT broker is connected', { sessionPresent });
    this.#client.subscribe(this.#options.topicFilter, { qos: 1 }, (error, granted) => {
      const isGranted = error === null && granted?.[0]?.qos === 1;
      if (!isGranted && !this.#stop.signal.aborted) log.warn('MQTT broker does not let this client subscribe', { granted: granted?.[0]?.qos });
      onState(isGranted ? 'receiving' : 'refused');
    });
  }

  /** The client's own text may hold what was sent: only the code goes to the log. */
  #fail(error: Error): void {
    const code = 'code' in error ? String(error.code) : error.name;
    this.#modules.log.warn('MQTT broker cannot be used now', { code });
    if (code !== 'ECONNREFUSED') this.#modules.onState('refused');
  }

  #handle(packet: IPublishPacket, callback: (error?: Error) => void): void {
    const connection = this.#connection;
    this.#last = this.#last.then(async () => {
      const isTaken = await this.#take(packet).catch((error: unknown) => {
        this.#modules.log.error('a message of a broker was not taken', { topic: packet.topic }, error);
        return false;
      });
      if (isTaken && connection === this.#connection) return callback();
      callback(new CodedError('NOT_ACKNOWLEDGED', 'The broker keeps this message and sends it again.'));
      // the broker sends again only to a new connection
      if (!isTaken && !this.#stop.signal.aborted) setTimeout(() => this.#client.reconnect(), RECONNECT_MILLIS);
    });
  }

  /** @returns whether it may be acknowledged */
  async #take(packet: IPublishPacket): Promise<boolean> {
    const { sink, clock, onRefused } = this.#modules;
    if (packet.retain) return true; // the broker's memory of a message that came before we subscribed
    const payload = typeof packet.payload === 'string' ? utf8(packet.payload) : packet.payload;
    const token = `${packet.messageId ?? 0}:${hexOf(sha256(concat(utf8(packet.topic), Uint8Array.of(0), payload))).slice(0, 32)}`;
    if (packet.dup && sink.recent(this.#name).includes(token)) return true;
    const rows = (() => {
      try {
        return readJsonRows(sink.schema, Buffer.from(payload).toString('utf8'));
      } catch (error) {
        if (!isCoded(error, 'BAD_ROW')) throw error;
        onRefused(error, packet.topic);
        return [];
      }
    })();
    const timeMillis = clock.now();
    while (rows.length > 0) {
      if (this.#stop.signal.aborted) return false;
      try {
        await sink.accept(this.#name, rows.map((row, index) => ({ row, token: index === rows.length - 1 ? token : '', timeMillis })));
        return true;
      } catch (error) {
        if (!isCoded(error, 'SPOOL_FULL')) throw error;
        await sink.room(this.#stop.signal);
      }
    }
    return true;
  }
}
