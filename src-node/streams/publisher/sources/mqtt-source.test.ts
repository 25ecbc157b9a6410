import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mqtt from 'mqtt';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../base/clock.ts';
import { systemFiles } from '../../../base/files.ts';
import { silentLogger, type LogContext, type Logger } from '../../../base/logger.ts';
import { Mosquitto, mosquittoPath } from '../../../testing/mosquitto.ts';
import type { RowSink } from '../source.ts';
import { Spool } from '../spool.ts';
import { MqttSource, type MqttSourceOptions, type MqttState } from './mqtt-source.ts';

const schema = { version: 1, columns: [{ name: 'n', type: 'integer', unit: '' }] } as const;
const CHILD = join(import.meta.dirname, '../../../testing/mqtt-child.ts');
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mqtt-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const openSpool = (maxBytes = 1e8): Promise<Spool> => Spool.open({ folder: join(folder, 'spool'), schema, maxBytes, fileBytes: 2000 }, { files: systemFiles, log: silentLogger });
const pause = (time: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, time));
const rowsOf = async (spool: Spool): Promise<number[]> => (await spool.read(0, 1e9)).map(({ body }) => (JSON.parse(Buffer.from(body).toString()) as { n: number }).n);
const range = (to: number): number[] => Array.from({ length: to }, (_, n) => n);

describe.skipIf(mosquittoPath === undefined)('rows of an MQTT broker (Mosquitto)', () => {
  let broker: Mosquitto;
  afterEach(() => broker.stop('SIGKILL'));

  function start(spool: RowSink, options: Partial<MqttSourceOptions> = {}, logged: string[] = []) {
    const [states, refused]: [MqttState[], string[]] = [[], []];
    const write = (message: string, context?: LogContext): void => void logged.push(JSON.stringify([message, context]));
    const log: Logger = { ...silentLogger, info: write, warn: write, error: write };
    const source = MqttSource.start({ url: `mqtt://127.0.0.1:${broker.port}`, clientId: 'bridge', topicFilter: 'plant/+/rows', login: null, authority: null, ...options }, { sink: spool, clock: systemClock, log, onRefused: ({ message }, topic) => refused.push(`${topic}: ${message}`), onState: (state) => states.push(state) });
    return { source, states, refused };
  }
  const device = (): mqtt.MqttClient => mqtt.connect(`mqtt://127.0.0.1:${broker.port}`, { reconnectPeriod: 30 });
  const send = (client: mqtt.MqttClient, payload: string, topic = 'plant/7/rows', retain = false) => client.publishAsync(topic, payload, { qos: 1, retain });

  it('are each kept once and in order while broker and publisher are killed and come again', async () => {
    broker = await Mosquitto.start(join(folder, 'broker'));
    const startChild = (): ChildProcess => spawn(process.execPath, ['--disable-warning=ExperimentalWarning', CHILD, join(folder, 'spool'), `mqtt://127.0.0.1:${broker.port}`], { stdio: 'ignore' });
    const killed = (child: ChildProcess): Promise<unknown> => {
      const exit = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      return exit;
    };
    const spooled = (): string => (existsSync(join(folder, 'spool')) ? readdirSync(join(folder, 'spool')).map((name) => `${name} ${statSync(join(folder, 'spool', name)).size}`).join() : '');
    let child = startChild();
    await expect.poll(() => existsSync(join(folder, 'spool.receiving')), { timeout: 10_000 }).toBe(true);
    const client = device();
    const total = 200;
    const sending = { done: false };
    const killing = (async () => {
      for (let kills = 0; !sending.done; kills++) {
        const before = spooled();
        await expect.poll(() => sending.done || spooled() !== before, { timeout: 20_000, interval: 10 }).toBe(true);
        await pause((kills * 37) % 90); // it is killed a moment after it has begun to take rows
        await killed(child);
        child = startChild();
      }
    })();
    for (let n = 0; n < total; n++) {
      await send(client, `{"n":${n}}`);
      await pause(5);
      if (n % 50 === 49) {
        await pause(50); // Mosquitto writes down what it acknowledged a moment later
        await broker.stop(n % 100 === 49 ? 'SIGKILL' : 'SIGTERM');
        await broker.start();
      }
    }
    sending.done = true;
    await killing;
    await client.endAsync(true);
    await expect.poll(() => readFileSync(join(folder, 'broker/mosquitto.db')).includes('{"n":'), { timeout: 10_000, interval: 100 }).toBe(false);
    await killed(child);
    const spool = await openSpool();
    expect(await rowsOf(spool)).toEqual(range(total));
    await spool.close();
  });

  it('that come again because the broker did not hear that they are kept are kept once', async () => {
    broker = await Mosquitto.start(join(folder, 'broker'));
    const spool = await openSpool();
    let isFirst = true;
    const deaf: RowSink = {
      schema, recent: (name) => spool.recent(name), room: (signal) => spool.room(signal),
      accept: async (name, rows) => {
        await spool.accept(name, rows);
        if (!isFirst) return;
        isFirst = false;
        await broker.stop('SIGTERM');
        await broker.start();
      },
    };
    const { source, states } = start(deaf);
    await expect.poll(() => states.at(-1)).toBe('receiving');
    const client = device();
    await send(client, '{"n":1}');
    await expect.poll(() => isFirst).toBe(false);
    await send(client, '{"n":2}');
    await expect.poll(() => rowsOf(spool), { timeout: 15_000 }).toContain(2);
    expect(await rowsOf(spool)).toEqual([1, 2]);
    await client.endAsync(true);
    await source.close();
    await spool.close();
  });

  it('wait at the broker while the spool is full', async () => {
    broker = await Mosquitto.start(join(folder, 'broker'));
    const spool = await openSpool(4000);
    const { source, states } = start(spool);
    await expect.poll(() => states.at(-1)).toBe('receiving');
    const client = device();
    for (const n of range(200)) await send(client, `{"n":${n}}`);
    await pause(100);
    const held = spool.next;
    expect(held).toBeLessThan(100);
    const seen: number[] = [];
    for (let from = 0; seen.length < 200; ) {
      const rows = await spool.read(from, 1e6);
      seen.push(...rows.map(({ body }) => (JSON.parse(Buffer.from(body).toString()) as { n: number }).n));
      from = (rows.at(-1)?.number ?? from - 1) + 1;
      await spool.dropBefore(from);
      await pause(5);
    }
    expect(seen).toEqual(range(200));
    await client.endAsync(true);
    await source.close();
    await spool.close();
  });

  it('come by their filter only, wrong ones are named and passed over, and what the broker remembered is not news', async () => {
    broker = await Mosquitto.start(join(folder, 'broker'));
    const client = device();
    await send(client, '{"n":100}', 'plant/1/rows', true);
    const spool = await openSpool();
    const { source, states, refused } = start(spool);
    await expect.poll(() => states.at(-1)).toBe('receiving');
    await send(client, '{"n":"x"}');
    await send(client, '{"n":5}', 'plant/7/other');
    await send(client, '[{"n":1},{"n":2}]');
    await expect.poll(() => rowsOf(spool)).toEqual([1, 2]);
    expect(refused).toEqual(['plant/7/rows: Field "n" of row 1 cannot be taken: it is not a whole number.']);
    await client.endAsync(true);
    await source.close();
    await spool.close();
  });

  it('come over TLS with a name and a password, of which the log says nothing', async () => {
    const [key, authority] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    spawnSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', key, '-out', authority, '-days', '1', '-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1'], { stdio: 'ignore' });
    spawnSync('mosquitto_passwd', ['-c', '-b', join(folder, 'passwords'), 'plant', 'a-secret-word'], { stdio: 'ignore' });
    broker = await Mosquitto.start(join(folder, 'broker'), ['allow_anonymous false', `password_file ${join(folder, 'passwords')}`, `certfile ${authority}`, `keyfile ${key}`]);
    const pem = readFileSync(authority, 'utf8');
    const logged: string[] = [];
    const spool = await openSpool();
    const url = `mqtts://127.0.0.1:${broker.port}`;
    const login = { username: 'plant', password: 'a-secret-word' };
    const wrong = start(spool, { url, login: { ...login, password: 'another-secret-word' }, authority: pem }, logged);
    await expect.poll(() => wrong.states).toContain('refused');
    await wrong.source.close();
    const unknown = start(spool, { url, login }, logged);
    await expect.poll(() => unknown.states).toContain('refused');
    await unknown.source.close();
    const { source, states } = start(spool, { url, login, authority: pem }, logged);
    await expect.poll(() => states.at(-1)).toBe('receiving');
    const client = mqtt.connect(url, { ...login, ca: pem });
    await send(client, '{"n":1}');
    await expect.poll(() => rowsOf(spool)).toEqual([1]);
    expect(logged.join('\n')).not.toMatch(/secret-word/);
    expect(logged.length).toBeGreaterThan(1);
    await client.endAsync(true);
    await source.close();
    await spool.close();
  });
});

it('an address with a password in it is refused', () => {
  const modules = { sink: null as never, clock: systemClock, log: silentLogger, onRefused() {}, onState() {} };
  expect(() => MqttSource.start({ url: 'mqtt://user:word@host:1883', clientId: 'x', topicFilter: '#', login: null, authority: null }, modules)).toThrow(expect.objectContaining({ code: 'BAD_URL' }));
});
