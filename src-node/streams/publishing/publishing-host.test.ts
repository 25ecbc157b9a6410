import { appendFileSync, cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { toHex } from '../../base/bytes.ts';
import { systemClock } from '../../base/clock.ts';
import { isCoded } from '../../base/errors.ts';
import { silentLogger } from '../../base/logger.ts';
import { MARKET_STREAM, type MarketSubscriber } from '../../testing/stream-market.ts';
import { connectStream } from '../client/connect.ts';
import { GatewayClient } from '../client/gateway-client.ts';
import { NEW_READER } from '../client/reader-store.ts';
import { redeemMandate } from '../redeeming.ts';
import { ID, PublishingWorld, range } from '../../testing/publishing-world.ts';

let world: PublishingWorld;
const stops: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
  await world.close();
});

/** All rows from the first on, as a reader gets them. */
function read({ channelId, keys }: MarketSubscriber): readonly number[] {
  const [rows, end]: [number[], AbortController] = [[], new AbortController()];
  const schema = { version: 1, columns: [{ name: 'n', type: 'integer', unit: '' }] } as const;
  const store = { load: () => Promise.resolve(NEW_READER), save: () => Promise.resolve() };
  const done = (async () => {
    for await (const { row } of connectStream({ streamId: MARKET_STREAM, channelId, begin: 'earliest', schema, dailyCap: null, signal: end.signal }, { chain: world.market, keys, store, clock: systemClock, log: silentLogger })) rows.push(Number(row?.['n']));
  })();
  stops.push(() => {
    end.abort();
    return done.catch(() => undefined);
  });
  return rows;
}

async function postSource(): Promise<string> {
  await world.host.setOn(ID, true);
  await world.host.addSource(ID, { kind: 'post' }, null);
  return world.own.sourceToken(world.source.id);
}

const lastSeq = (): number | null => world.own.status.lastSeq;

it('tells a device that its rows are taken when they are on disk, brings them to the gateway, and loses none in a kill', async () => {
  world = await PublishingWorld.start();
  const token = await postSource();
  expect(await world.post(range(10), token)).toEqual({ status: 200, body: { accepted: 10 } });
  await expect.poll(lastSeq).toBe(9);
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
  const rows = read(await world.subscribe(1));
  await expect.poll(() => rows.length, { timeout: 8000 }).toBe(30);
  expect(rows).toEqual(range(30));
});

it('keeps its address over a restart, and ends each token with the next one', async () => {
  world = await PublishingWorld.start();
  const first = await postSource();
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

it('publishes on while the wallet is locked, and says that it is locked after the keys process was restarted', async () => {
  world = await PublishingWorld.start();
  const token = await postSource();
  await world.post(range(3), token);
  await expect.poll(lastSeq).toBe(2);
  world.isUnlocked = false;
  await world.step();
  await world.post(range(6, 3), token);
  await expect.poll(lastSeq).toBe(5);
  expect(world.own.status.state).toBe('publishing');
  world.isHeld = false; // the process is a new one
  expect(await world.post(range(9, 6), token)).toMatchObject({ status: 200 });
  await expect.poll(() => world.own.status.state).toBe('locked');
  expect(world.own.status).toMatchObject({ lastSeq: 5, unsent: 3 });
  await world.step();
  expect(world.own.status.state).toBe('locked');
  world.isHeld = world.isUnlocked = true;
  await world.step();
  await expect.poll(lastSeq).toBe(8);
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
  const token = await postSource();
  await world.leave();
  world.isHeld = false;
  await world.open();
  expect(world.own.status.state).toBe('locked');
  expect(await world.post([0], token)).toMatchObject({ status: 200 });
  world.isHeld = true;
  await world.step();
  await expect.poll(lastSeq).toBe(0);
  await world.host.setOn(ID, false);
  expect(world.own.status.state).toBe('off');
  await world.leave();
  await world.open();
  expect(world.own.status.state).toBe('off');
});

it('refuses to publish beside another run that published a moment ago', async () => {
  world = await PublishingWorld.start();
  const token = await postSource();
  await world.post(range(3), token);
  await expect.poll(lastSeq).toBe(2);
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

it('gives one revoked of 50 nothing from the promised epoch on, also after a restart; the others see nothing of it', async () => {
  world = await PublishingWorld.start({ epochSeconds: 1, ahead: 1 });
  await postSource();
  const readers = await Promise.all(range(50).map((number) => world.subscribe(number)));
  const { market } = world;
  const endpoint = (await market.gateway(new Uint8Array(32).fill(0x61)))?.endpoints[0] ?? '';
  const clients = readers.map(({ channelId, keys }) => new GatewayClient({ gatewayId: new Uint8Array(32).fill(0x61), endpoint, action: 'subscribe', streams: [MARKET_STREAM], entitlement: channelId }, { chain: market, clock: systemClock, signTicket: (ticket) => keys.signTicket(ticket) }));
  const lastKey = async (client: GatewayClient | undefined): Promise<number> => {
    const envelopes = await client?.envelopes(MARKET_STREAM, 0, 1_000_000).catch((error: unknown) => {
      if (!isCoded(error, 'epoch_unavailable')) throw error; // none yet
      return [];
    });
    return Math.max(-1, ...(envelopes ?? []).map(({ to }) => to));
  };
  for (const client of clients) await lastKey(client);
  await expect.poll(() => lastKey(clients[49]), { timeout: 4000 }).toBeGreaterThan(0);
  const { actsAt, epoch } = await world.own.revoke(toHex(readers[7]?.channelId ?? new Uint8Array(0)));
  expect(actsAt).toBe(market.epochStart(epoch));
  expect(actsAt - systemClock.now()).toBeLessThanOrEqual(2000);
  expect(world.own.details.subscribers.filter(({ state }) => state === 'revoked').map(({ keysUntil }) => keysUntil)).toEqual([actsAt]);
  await world.leave();
  await world.open();
  await expect.poll(async () => Math.min(...(await Promise.all([clients[6], clients[8], clients[49]].map(lastKey)))), { timeout: 5000 }).toBeGreaterThan(epoch);
  expect(await lastKey(clients[7])).toBe(epoch - 1);
});

it('keeps what subscribers signed, and takes it to the chain when it is time and the wallet is open', async () => {
  world = await PublishingWorld.start();
  const token = await postSource();
  const subscriber = await world.subscribe(1, 4000n);
  const rows = read(subscriber);
  await world.post(range(400), token);
  await expect.poll(() => rows.length, { timeout: 5000 }).toBe(400);
  await expect.poll(() => world.host.earningsOf(ID).earned, { timeout: 5000 }).toBeGreaterThan(0n);
  const [signed] = await world.host.vouchers.bestOf(ID);
  const best = subscriber.vouchers.at(-1);
  await expect.poll(async () => (await world.host.vouchers.bestOf(ID))[0]?.voucher.cumulativeAmount, { timeout: 3000 }).toBe(best?.cumulativeAmount);
  expect(signed?.signature).toHaveLength(65);
  expect(world.host.earningsOf(ID)).toEqual({ earned: best?.cumulativeAmount, redeemable: best?.cumulativeAmount });
  expect(world.own.details.subscribers[0]).toMatchObject({ kind: 'metered', signed: best?.cumulativeAmount, state: 'reading', paidUntil: null });
  world.isUnlocked = false;
  world.channel = { status: 'closing' };
  await world.step();
  expect(world.sent).toEqual([]); // nothing can be signed
  world.isUnlocked = true;
  world.gasPrice = 10n ** 9n;
  await world.step();
  expect(world.sent).toEqual([]); // it would cost more than it brings
  world.gasPrice = 0n;
  await world.step();
  expect(world.sent).toMatchObject([{ authority: { kind: 'mandate', id: redeemMandate(ID) }, subject: { kind: 'stream', id: ID } }]);
  await world.leave();
  await world.open();
  expect(world.host.vouchers.earnedByDay([ID])).toEqual([{ day: new Date(systemClock.now()).toISOString().slice(0, 10), amount: best?.cumulativeAmount }]);
  const hours = world.own.details.usage;
  expect([hours.length, hours.reduce((sum, { messages }) => sum + messages, 0), hours.at(-1)?.readers]).toEqual([24, 400, 1]);
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
  await expect.poll(lastSeq).toBe(1);
  appendFileSync(path, 'x\n3\n');
  await expect.poll(() => world.source).toMatchObject({ taken: 3, refused: 1, state: 'running', problem: { code: 'BAD_ROW', meta: { row: 4 } } });
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
  const token = await postSource();
  expect(await world.post([0], token)).toMatchObject({ status: 200 });
  expect(world.own.status).toMatchObject({ state: 'silent', unsent: 1, lastSeq: null });
  world.market.record = { ...world.market.record, status: 'ended' };
  await world.step();
  expect(world.own.status.state).toBe('ended');
  await expect(world.host.setOn(ID, true)).rejects.toMatchObject({ code: 'STREAM_ENDED' });
});
