import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { systemClock } from '../../base/clock.ts';
import { ID, PublishingWorld, range } from '../../testing/publishing-world.ts';
import { LyingGateway } from '../publisher/testing/lying-gateway.ts';

let world: PublishingWorld;
afterEach(() => world.close());

it('tells a device that its rows are taken when they are on disk, brings them to the gateway, and loses none in a kill', async () => {
  world = await PublishingWorld.start();
  const token = await world.postSource();
  expect(await world.post(range(10), token)).toEqual({ status: 200, body: { accepted: 10 } });
  await expect.poll(() => world.lastSeq).toBe(9);
  expect(world.own.status).toMatchObject({ state: 'publishing', problem: null, unsent: 0, ratePerSecond: 1 });
  const { port } = new URL((await world.market.gateway(new Uint8Array(32).fill(0x61)))?.endpoints[0] ?? '');
  await world.market.stopGateway(1);
  expect(await world.post(range(25, 10), token)).toMatchObject({ status: 200 });
  expect(world.own.status.unsent).toBe(15);
  const killed = join(world.folder, 'killed');
  cpSync(world.profile, killed, { recursive: true }); // as it stands on disk at this moment
  await world.leave();
  world.profile = killed;
  await world.leave();
  await world.open();
  await world.market.startGateway(1, Number(port));
  await world.step();
  expect(await world.post(range(30, 25), token)).toMatchObject({ status: 200 });
  const rows = world.read(await world.subscribe(1));
  await expect.poll(() => rows.length, { timeout: 8000 }).toBe(30);
  expect(rows).toEqual(range(30));
});

it('publishes on while the wallet is locked, and says that it is locked after the keys process was restarted', async () => {
  world = await PublishingWorld.start();
  const token = await world.postSource();
  await world.post(range(3), token);
  await expect.poll(() => world.lastSeq).toBe(2);
  world.isUnlocked = false;
  await world.step();
  await world.post(range(6, 3), token);
  await expect.poll(() => world.lastSeq).toBe(5);
  expect(world.own.status.state).toBe('publishing');
  world.isHeld = false; // the process is a new one
  expect(await world.post(range(9, 6), token)).toMatchObject({ status: 200 });
  await expect.poll(() => world.own.status.state).toBe('locked');
  expect(world.own.status).toMatchObject({ lastSeq: 5, unsent: 3 });
  await world.step();
  expect(world.own.status.state).toBe('locked');
  world.isHeld = world.isUnlocked = true;
  await world.step();
  await expect.poll(() => world.lastSeq).toBe(8);
  expect(world.own.status).toMatchObject({ state: 'publishing', unsent: 0 });
});

it('takes rows before the wallet was unlocked after a start, and switches on only with its key', async () => {
  world = await PublishingWorld.start();
  world.isHeld = false;
  await world.step();
  await expect(world.host.setOn(ID, true)).rejects.toMatchObject({ code: 'WALLET_LOCKED' });
  expect(world.own.status.state).toBe('off');
  world.isHeld = true;
  await world.step();
  const token = await world.postSource();
  await world.leave();
  world.isHeld = false;
  await world.open();
  expect(world.own.status.state).toBe('locked');
  expect(await world.post([0], token)).toMatchObject({ status: 200 });
  world.isHeld = true;
  await world.step();
  await expect.poll(() => world.lastSeq).toBe(0);
  await world.host.setOn(ID, false);
  expect(world.own.status.state).toBe('off');
  await world.leave();
  await world.open();
  expect(world.own.status.state).toBe('off');
});

it('refuses to publish beside another run that published a moment ago', async () => {
  world = await PublishingWorld.start();
  const token = await world.postSource();
  await world.post(range(3), token);
  await expect.poll(() => world.lastSeq).toBe(2);
  const { profile } = world;
  await world.leave();
  world.profile = join(world.folder, 'other');
  await world.leave();
  await world.open();
  await expect(world.host.setOn(ID, true)).rejects.toMatchObject({ code: 'PUBLISHER_ELSEWHERE', meta: { seq: 2 } });
  expect(world.own.status.state).toBe('off');
  await world.leave();
  world.profile = profile;
  await world.leave();
  await world.open();
  await world.host.setOn(ID, false);
  await world.host.setOn(ID, true); // its own messages are no reason
  expect(world.own.status.state).not.toBe('off');
});

it('is not kept from publishing by a gateway that claims messages which nobody signed', async () => {
  world = await PublishingWorld.start();
  const liar = await LyingGateway.listen((await world.market.startGateway(2)).port);
  try {
    world.market.setEndpoints(2, [liar.url]);
    await world.gatewaysKnown();
    await world.step();
    const tail = { nextSeq: '5000', batchHash: `0x${'77'.repeat(32)}`, generation: 1, epoch: 100, time: systemClock.now(), header: Buffer.alloc(241, 1).toString('base64') };
    liar.lies = { answer: (_path, body) => ('tail' in body ? { ...body, tail } : body) };
    await world.host.setOn(ID, true);
    expect(world.own.status.state).not.toBe('off');
  } finally {
    liar.close();
  }
});

it('says that the description is on its way, and that a gateway is away', async () => {
  world = await PublishingWorld.start();
  const { text } = world;
  await world.leave();
  world.text = null;
  await world.open();
  await world.host.setOn(ID, true);
  expect(world.own.status.state).toBe('registering');
  await expect(world.host.addSource(ID, { kind: 'post' }, null)).rejects.toMatchObject({ code: 'COLUMNS_MISSING' });
  world.text = text;
  await world.market.stopGateway(1);
  await world.step();
  const token = await world.postSource();
  expect(await world.post([0], token)).toMatchObject({ status: 200 });
  expect(world.own.status).toMatchObject({ state: 'silent', unsent: 1, lastSeq: null });
  world.market.record = { ...world.market.record, status: 'ended' };
  await world.step();
  expect(world.own.status.state).toBe('ended');
  await expect(world.host.setOn(ID, true)).rejects.toMatchObject({ code: 'STREAM_ENDED' });
});
