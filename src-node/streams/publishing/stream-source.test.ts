import { spawnSync } from 'node:child_process';
import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import mqtt from 'mqtt';
import { afterEach, describe, expect, it } from 'vitest';
import { Mosquitto, mosquittoPath } from '../../testing/mosquitto.ts';
import { ID, PublishingWorld } from '../../testing/publishing-world.ts';
import { testMqtt } from './mqtt-test.ts';

let world: PublishingWorld;
afterEach(() => world.close());

it('keeps its address over a restart, and ends each token with the next one', async () => {
  world = await PublishingWorld.start();
  const first = await world.postSource();
  const { address } = world.source;
  expect((await world.post([0], 'x'.repeat(40))).status).toBe(401);
  const second = await world.own.sourceToken(world.source.id);
  expect([(await world.post([0], first)).status, (await world.post([0], second)).status]).toEqual([401, 200]);
  expect(await world.post([1, 2.5], second)).toMatchObject({ status: 400 });
  expect(world.source).toMatchObject({ taken: 1, refused: 1, problem: { code: 'BAD_ROW' }, state: 'running', needsToken: true });
  await world.leave();
  await world.open();
  expect(world.source).toMatchObject({ address, taken: 1, refused: 1, state: 'running' });
  expect((await world.post([1], second)).status).toBe(200);
  await world.own.setSource(world.source.id, false);
  expect(world.source.state).toBe('stopped');
  await expect(fetch(address)).rejects.toThrow();
  await world.own.setSource(world.source.id, true);
  expect((await world.post([2], second)).status).toBe(200);
  await world.own.removeSource(world.source.id);
  expect(world.own.details.sources).toEqual([]);
});

it('follows a file, plays a recording that fits, and says what cannot work before it is kept', async () => {
  world = await PublishingWorld.start();
  await world.host.setOn(ID, true);
  const path = join(world.folder, 'rows.csv');
  await expect(world.host.addSource(ID, { kind: 'file', path, format: 'csv' }, null)).rejects.toMatchObject({ code: 'FILE_MISSING' });
  writeFileSync(path, 'm\n1\n');
  await expect(world.host.addSource(ID, { kind: 'file', path, format: 'csv' }, null)).rejects.toMatchObject({ code: 'BAD_COLUMNS' });
  await expect(world.host.addSource(ID, { kind: 'replay', data: 'weather', speed: 1000 }, null)).rejects.toMatchObject({ code: 'BAD_COLUMNS' });
  expect(world.own.details.sources).toEqual([]);
  writeFileSync(path, 'n\n1\n2\n');
  await world.host.addSource(ID, { kind: 'file', path, format: 'csv' }, null);
  await expect.poll(() => world.lastSeq).toBe(1);
  appendFileSync(path, 'x\n3\n');
  await expect.poll(() => world.source).toMatchObject({ taken: 3, refused: 1, state: 'running', problem: { code: 'BAD_ROW', meta: { row: 4 } } });
});

describe.skipIf(mosquittoPath === undefined)('a broker of devices (Mosquitto)', () => {
  it('is tried honestly, and signed in at with the password that is kept encrypted, once the wallet is open', async () => {
    world = await PublishingWorld.start();
    const users = join(world.folder, 'users');
    spawnSync('mosquitto_passwd', ['-c', '-b', users, 'bus', 'a-secret-word'], { stdio: 'ignore' });
    const broker = await Mosquitto.start(join(world.folder, 'broker'), ['allow_anonymous false', `password_file ${users}`]);
    try {
      const settings = { url: `mqtt://127.0.0.1:${broker.port}`, topicFilter: 'bus/+/rows', username: 'bus' };
      expect((await testMqtt({ ...settings, password: 'wrong' })).checks).toMatchObject([{ name: 'reach', ok: false, detail: 'This user is not let in' }, { ok: false, detail: 'Not tried' }, { ok: false, detail: 'Not tried' }]);
      await world.host.setOn(ID, true);
      await expect(world.host.addSource(ID, { kind: 'mqtt', settings }, 'wrong')).rejects.toMatchObject({ code: 'MQTT_REFUSED' });
      expect([world.own.details.sources, world.passwords.size]).toEqual([[], 0]);
      const device = await mqtt.connectAsync(settings.url, { username: 'bus', password: 'a-secret-word' });
      const testing = testMqtt({ ...settings, password: 'a-secret-word' });
      const sending = setInterval(() => device.publish('bus/7/rows', '{"n":0}', { qos: 1 }), 50);
      expect(await testing).toMatchObject({ ok: true, checks: [{ name: 'reach', ok: true }, { name: 'topic', ok: true, detail: 'bus/+/rows' }, { name: 'message', ok: true, detail: '7 bytes from bus/7/rows' }] });
      clearInterval(sending);
      await world.host.addSource(ID, { kind: 'mqtt', settings }, 'a-secret-word');
      await expect.poll(() => world.source.state).toBe('running');
      await device.publishAsync('bus/7/rows', '{"n":1}', { qos: 1 });
      await expect.poll(() => world.source.taken).toBe(1);
      expect(world.source.address).toBe(`${settings.url} bus/+/rows`);
      await world.leave();
      world.isUnlocked = false;
      await world.open();
      expect(world.source).toMatchObject({ state: 'waiting', problem: { code: 'WALLET_LOCKED' } });
      await device.publishAsync('bus/7/rows', '{"n":2}', { qos: 1 });
      world.isUnlocked = true;
      await expect.poll(() => world.source.taken, { timeout: 15_000 }).toBe(2); // the broker had kept it
      await device.endAsync(true);
      await world.own.removeSource(world.source.id);
      expect(world.passwords.size).toBe(0);
    } finally {
      await broker.stop('SIGKILL');
    }
  });
});
