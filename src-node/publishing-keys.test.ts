import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { fromHex, toHex, type Hex } from './base/bytes.ts';
import { passwords, publishingKeys, streamKeys } from './keys-adapters.ts';
import { KeysService } from './keys/service.ts';
import { ID, OWNER, PublishingWorld, range } from './testing/publishing-world.ts';
import { MARKET_STREAM } from './testing/stream-market.ts';

const WORDS = `${'abandon '.repeat(23)}art`;
const PASSWORD = 'correct horse';
const folder = mkdtempSync(join(tmpdir(), 'publishing-keys-'));
const openKeys = (): Promise<KeysService> => KeysService.open({ folder, cost: { n: 2, r: 8, p: 1 } });

let keys: KeysService;
let world: PublishingWorld;
afterEach(async () => {
  await world.close();
  keys.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A head came, and the keys process says what it holds. */
async function step(): Promise<{ readonly unlocked: boolean; readonly ids: ReadonlySet<Hex> }> {
  const held = await streamKeys(keys).held();
  await world.host.step([fromHex(OWNER)], held);
  return held;
}

it('publishes with the keys of the wallet: on while it is locked, not after the keys process was restarted, and again after an unlock', async () => {
  keys = await openKeys();
  const [address = ''] = (await keys.call('importSeed', { words: WORDS, password: PASSWORD })).accounts.map((one) => one.address);
  world = await PublishingWorld.start();
  await world.leave();
  const { market } = world;
  const own = { at: { chainId: market.chainId, genesisHash: market.genesisHash, ...market.contracts }, account: fromHex(address), nonce: 0n };
  const hold = (): Promise<unknown> => keys.call('holdStreams', { published: [{ ...own, streamId: MARKET_STREAM }], subscriptions: [], gateways: [] });
  market.record = { ...market.record, publisher: await streamKeys(keys).publisherOf(own) };
  await hold();
  const port: Pick<KeysService, 'call'> = { call: (name, args) => keys.call(name, args) };
  await world.open({ keys: publishingKeys(port), passwords: passwords(port) });
  await step();
  const token = await world.postSource();
  await world.post(range(5), token);
  await expect.poll(() => world.lastSeq).toBe(4);
  await keys.call('lock', {});
  expect(await step()).toMatchObject({ unlocked: false, ids: new Set([ID]) });
  await world.post(range(10, 5), token);
  await expect.poll(() => world.lastSeq).toBe(9);
  expect(world.own.status.state).toBe('publishing');
  keys.close();
  keys = await openKeys();
  expect(await world.post(range(15, 10), token)).toMatchObject({ status: 200 });
  await step();
  await expect.poll(() => world.own.status).toMatchObject({ state: 'locked', lastSeq: 9, unsent: 5 });
  const mqtt = { kind: 'mqtt', settings: { url: 'mqtt://127.0.0.1:1', topicFilter: '#', username: 'bus' } } as const;
  await expect(world.host.addSource(ID, mqtt, 'hush')).rejects.toMatchObject({ code: 'WALLET_LOCKED' });
  expect(world.own.details.sources).toHaveLength(1);
  await keys.call('unlock', { password: PASSWORD });
  await hold();
  await step();
  await expect.poll(() => world.lastSeq).toBe(14);
  await world.host.addSource(ID, mqtt, 'hush of the broker');
  expect(world.own.details.sources.map(({ kind, state }) => [kind, state])).toEqual([['post', 'running'], ['mqtt', 'waiting']]);
  const kept = [folder, world.profile].flatMap((place) => readdirSync(place, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1')));
  expect(kept.filter((text) => text.includes('hush'))).toEqual([]);
  const rows = world.read(await subscribed());
  await expect.poll(() => rows.length).toBe(15);
  expect(rows).toEqual(range(15));
});

/** As the world subscribes, with what this keys process holds. */
async function subscribed(): ReturnType<PublishingWorld['subscribe']> {
  const subscriber = await world.subscribe(1);
  await step();
  expect(toHex(subscriber.channelId)).toBe(world.channels[0]?.id);
  return subscriber;
}
