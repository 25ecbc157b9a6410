/** Tries the settings of a broker once: connects, subscribes, and looks whether a message comes. Leaves no session behind. */
import mqtt, { type MqttClient } from 'mqtt';
import { hexOf } from '../../base/bytes.ts';
import { CodedError } from '../../base/errors.ts';
import { randomBytes } from '../../crypto/hash.ts';
import { mqttRefused } from './stream-source.ts';
import type { MqttSettings } from './views.ts';

export interface TestCheck {
  readonly name: 'reach' | 'topic' | 'message';
  readonly ok: boolean;
  readonly detail: string;
}

export interface TestReport {
  readonly ok: boolean;
  readonly checks: readonly TestCheck[];
}

const CONNECT_MILLIS = 5_000;
const MESSAGE_MILLIS = 3_000;
const NOT_TRIED = 'Not tried';
/** Answers of a broker that does not let a client in (MQTT 3.1.1 §3.2.2.3). */
const REFUSALS: Readonly<Record<number, string>> = { 1: 'It speaks another version of MQTT', 2: 'It refuses this client', 3: 'It takes nobody now', 4: 'The name or the password is wrong', 5: 'This user is not let in' };

/** Never throws for what the broker says. */
export async function testMqtt(settings: MqttSettings & { readonly password: string | null }): Promise<TestReport> {
  const client = connect(settings);
  try {
    const began = Date.now();
    const refused = await connected(client);
    if (refused !== null) return report([{ name: 'reach', ok: false, detail: refused }, { name: 'topic', ok: false, detail: NOT_TRIED }, { name: 'message', ok: false, detail: NOT_TRIED }]);
    const reach: TestCheck = { name: 'reach', ok: true, detail: `Answered in ${Date.now() - began} ms` };
    const first = firstMessage(client);
    const denied = await subscribed(client, settings.topicFilter);
    if (denied !== null) return report([reach, { name: 'topic', ok: false, detail: denied }, { name: 'message', ok: false, detail: NOT_TRIED }]);
    const topic: TestCheck = { name: 'topic', ok: true, detail: settings.topicFilter };
    const message = await first;
    return report([reach, topic, { name: 'message', ok: true, detail: message ?? `None came within ${MESSAGE_MILLIS / 1000} s; the topics may be quiet` }]);
  } finally {
    client.end(true);
  }
}

/** @throws MQTT_REFUSED when the broker answers and does not let this program in; a broker that is away may come later */
export async function checkMqtt(settings: MqttSettings & { readonly password: string | null }): Promise<void> {
  const client = connect(settings);
  try {
    const refused = await connected(client);
    if (refused !== null && !Object.values(REFUSALS).includes(refused)) return;
    const denied = refused ?? (await subscribed(client, settings.topicFilter));
    if (denied !== null) throw new CodedError('MQTT_REFUSED', mqttRefused().message, { help: mqttRefused().help ?? '', meta: { reason: denied } });
  } finally {
    client.end(true);
  }
}

function connect({ url, username, password }: MqttSettings & { readonly password: string | null }): MqttClient {
  const client = mqtt.connect(url, {
    protocolVersion: 4, clean: true, clientId: `pd${hexOf(randomBytes(8))}`, reconnectPeriod: 0, connectTimeout: CONNECT_MILLIS,
    ...(username === null ? {} : { username, password: password ?? '' }),
  });
  client.on('error', () => undefined); // told by whoever waits
  return client;
}

/** @returns why not, or null */
function connected(client: MqttClient): Promise<string | null> {
  return new Promise((resolve) => {
    client.once('connect', () => resolve(null));
    client.once('error', (error: Error & { readonly code?: string | number }) => resolve(typeof error.code === 'number' ? (REFUSALS[error.code] ?? `It refused with ${error.code}`) : `It cannot be reached (${error.code ?? error.name})`));
    client.once('close', () => resolve('It ended the connection'));
  });
}

/** @returns why not, or null */
function subscribed(client: MqttClient, topicFilter: string): Promise<string | null> {
  return new Promise((resolve) => {
    client.once('close', () => resolve('It ended the connection'));
    client.subscribe(topicFilter, { qos: 1 }, (error, granted) => resolve(error === null && granted?.[0]?.qos === 1 ? null : 'This user may not read these topics'));
  });
}

function firstMessage(client: MqttClient): Promise<string | null> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(null), MESSAGE_MILLIS);
    client.once('message', (topic, payload) => {
      clearTimeout(timer);
      resolve(`${payload.length} bytes from ${topic.slice(0, 200)}`);
    });
    client.once('close', () => {
      clearTimeout(timer);
      resolve(null);
    });
  });
}

function report(checks: readonly TestCheck[]): TestReport {
  return { ok: checks.every(({ ok }) => ok), checks };
}
