import { afterEach, expect, it } from 'vitest';
import { fromHex, toHex } from '../../base/bytes.ts';
import { millis, systemClock } from '../../base/clock.ts';
import { isCoded } from '../../base/errors.ts';
import { ID, PRICE, PublishingWorld, range } from '../../testing/publishing-world.ts';
import { MARKET_STREAM } from '../../testing/stream-market.ts';
import { GatewayClient } from '../client/gateway-client.ts';
import { checkpointMandate } from '../checkpoints.ts';
import { redeemMandate } from '../redeeming.ts';

let world: PublishingWorld;
afterEach(() => world.close());

it('gives one revoked of 50 nothing from the promised epoch on, also after a restart; the others see nothing of it', async () => {
  world = await PublishingWorld.start({ epochSeconds: 1, ahead: 1 });
  await world.postSource();
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
  await expect.poll(() => lastKey(clients[49]), { timeout: 15_000 }).toBeGreaterThan(0);
  const { actsAt, epoch } = await world.host.revoke(ID, toHex(readers[7]?.channelId ?? new Uint8Array(0)));
  expect(actsAt).toBe(market.epochStart(epoch));
  expect(actsAt - systemClock.now()).toBeLessThanOrEqual(2000);
  expect(world.own.details.subscribers.filter(({ state }) => state === 'revoked').map(({ keysUntil }) => keysUntil)).toEqual([actsAt]);
  await world.leave();
  await world.open();
  await expect.poll(async () => Math.min(...(await Promise.all([clients[6], clients[8], clients[49]].map(lastKey)))), { timeout: 15_000 }).toBeGreaterThan(epoch);
  const last = await lastKey(clients[7]);
  expect(last === epoch - 1 || last === epoch - 2).toBe(true); // what was promised, or one epoch less when its key was on its way
});

it('keeps what subscribers signed, and takes it to the chain when it is time and the wallet is open', async () => {
  world = await PublishingWorld.start();
  const token = await world.postSource();
  const subscriber = await world.subscribe(1, 4000n);
  const rows = world.read(subscriber);
  await world.post(range(400), token);
  await expect.poll(() => rows.length, { timeout: 15_000 }).toBe(400);
  await expect.poll(() => world.host.earningsOf(ID).earned, { timeout: 15_000 }).toBeGreaterThan(0n);
  const [signed] = await world.host.vouchers.bestOf(ID);
  const best = subscriber.vouchers.at(-1);
  await expect.poll(async () => (await world.host.vouchers.bestOf(ID))[0]?.voucher.cumulativeAmount, { timeout: 15_000 }).toBe(best?.cumulativeAmount);
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

it('believes a gateway no voucher that the channel did not sign for its plan, and none that is lower', async () => {
  world = await PublishingWorld.start();
  const { keys, channelId } = await world.subscribe(1, 500n);
  const [channel] = world.channels;
  if (channel === undefined) throw new TypeError('no channel');
  const { vouchers } = world.host;
  const signed = async (units: bigint, planHash = fromHex(channel.planHash)) => {
    const voucher = { channelId, cumulativeUnits: units, cumulativeAmount: units * PRICE, epochTo: 0, planHash };
    const { planHash: plan, ...fields } = voucher;
    return { ...fields, plan, signature: await keys.signVoucher(voucher) };
  };
  const good = await signed(20n);
  expect(vouchers.see(channel, { ...good, cumulativeUnits: 40n, cumulativeAmount: 400n })).toBe(false);
  expect(vouchers.see(channel, { ...good, signature: new Uint8Array(65) })).toBe(false);
  expect(vouchers.see(channel, await signed(20n, new Uint8Array(32).fill(1)))).toBe(false);
  expect(await vouchers.bestOf(ID)).toEqual([]);
  expect([vouchers.see(channel, good), vouchers.see(channel, await signed(10n)), vouchers.see(channel, good)]).toEqual([true, false, false]);
  expect(vouchers.see(channel, await signed(90n))).toBe(true);
  expect(vouchers.earningsOf([{ ...channel, paid: 100n }])).toEqual({ earned: 500n, redeemable: 400n }); // no more than the deposit
  expect(vouchers.earningsOf([{ ...channel, paid: 100n, status: 'closed' }])).toEqual({ earned: 100n, redeemable: 0n });
});

it('gives everybody the newest epoch that has been over for the delay of its description, and no newer one', async () => {
  world = await PublishingWorld.start({ epochSeconds: 1, ahead: 1 });
  await world.leave();
  world.text = world.text === null ? null : { ...world.text, peekDelaySeconds: 2 };
  await world.open();
  await world.postSource();
  const { market } = world;
  const client = new GatewayClient({ gatewayId: new Uint8Array(32).fill(0x61), endpoint: (await market.gateway(new Uint8Array(32).fill(0x61)))?.endpoints[0] ?? '', action: 'subscribe', streams: [MARKET_STREAM], entitlement: new Uint8Array(32) }, { chain: market, clock: systemClock, signTicket: () => Promise.reject(new TypeError('not signed')) });
  await expect.poll(async () => (await client.facts(MARKET_STREAM)).peek, { timeout: 15_000 }).toBe(true);
  const { epoch, nodes, generation } = await client.peek(MARKET_STREAM);
  const hexOf = (list: typeof nodes): readonly string[] => list.map(({ depth, prefix, key }) => `${depth}/${prefix}/${toHex(key)}`);
  expect([generation, hexOf(nodes)]).toEqual([1, hexOf([...(await market.publisherKeys.nodes(1, epoch, epoch))])]);
  const over = systemClock.now() - market.epochStart(epoch + 1);
  expect(over).toBeGreaterThanOrEqual(2000);
  expect(over).toBeLessThan(4500);
});

it('writes on the chain how far the stream is, with the receipt of a gateway, while the wallet is open', async () => {
  world = await PublishingWorld.start();
  const token = await world.postSource();
  await world.post(range(10), token);
  await expect.poll(() => world.lastSeq, { timeout: 15_000 }).toBe(9);
  await world.step();
  expect(world.sent).toEqual([]); // it was registered a moment ago
  world.registeredAt = millis(systemClock.now() - 3_600_000);
  await world.step();
  expect(world.sent).toEqual([]); // nobody chose it
  world.host.chooseCheckpoints(ID, { every: 'hour', until: millis(systemClock.now() + 1e9) });
  world.isUnlocked = false;
  await world.step();
  expect(world.sent).toEqual([]);
  world.isUnlocked = true;
  await world.step();
  expect(world.sent).toMatchObject([{ kind: 'stream-checkpoint', authority: { kind: 'mandate', id: checkpointMandate(ID) }, to: world.market.contracts.stream }]);
});
