import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { equal, hexOf, toHex, utf8, type Bytes } from '../../base/bytes.ts';
import { receiptDigest } from '../../contracts/typed-data.ts';
import { addressOf } from '../../crypto/secp256k1.ts';
import { millis, seconds } from '../../base/clock.ts';
import { BATCH_HEADER_BYTES, decodeBatch } from '../format/batch.ts';
import { MemoryCluster } from './testing/memory-engine.ts';
import { streamPath, TestGateway, type TestGatewayOptions } from './testing/test-gateway.ts';
import { EPOCH_SECONDS, fill, GATEWAY_KEY, proofOf, STREAM_ID, SUBSCRIBER_KEY, ticketRequest, voucher } from './testing/test-stream.ts';
import { typedSigner } from './typed-signer.ts';
import { batchesAnswerSchema, channelAnswerSchema, helloSchema, keysRequestSchema, peekAnswerSchema, peekKeyRequestSchema, receiptSchema, streamFactsSchema, subscribersAnswerSchema, ticketRequestSchema, voucherSchema, type SignedReceipt, type SignedVoucher } from './wire.ts';

const open: TestGateway[] = [];

async function setUp(options: TestGatewayOptions = {}): Promise<TestGateway> {
  const gateway = await TestGateway.open(options);
  open.push(gateway);
  return gateway;
}

afterEach(async () => {
  for (const { gateway } of open.splice(0)) await gateway.close();
});

const codeOf = ({ status, json }: { readonly status: number; readonly json: Record<string, unknown> }): string => (status === 200 ? 'ok' : String(json['code']));
const headerText = (batch: Bytes): string => Buffer.from(batch.subarray(0, BATCH_HEADER_BYTES)).toString('base64');
const receiptOf = ({ json }: { readonly json: Record<string, unknown> }): SignedReceipt => receiptSchema.parse(json);

function seqsOf(json: Record<string, unknown>): readonly string[] {
  return batchesAnswerSchema.parse(json).items.map((item) => {
    if ('gap' in item) return `gap ${item.gap.from ?? '?'}-${item.gap.to} ${item.gap.reason}`;
    const { fields } = decodeBatch(item.batch);
    return `${fields.firstSeq}+${fields.count}`;
  });
}

const sendVoucher = (gateway: TestGateway, ticket: string, signed: SignedVoucher): ReturnType<TestGateway['ask']> =>
  gateway.ask('POST', `/v1/channels/${toHex(signed.channelId)}/voucher`, { ticket, body: utf8(JSON.stringify(voucherSchema.encode(signed))) });

describe('a ticket', () => {
  it('is given for what the publisher or the key of an open channel signed, and opens that stream only', async () => {
    const gateway = await setUp();
    const channelId = gateway.chain.openChannel();
    expect(await gateway.ticket()).toMatch(/^[\w-]{43}$/);
    const reading = await gateway.ticket({ channelId });
    expect(codeOf(await gateway.read(reading))).toBe('ok');
    expect(codeOf(await gateway.publish(reading, gateway.publisher.next()))).toBe('publisher_only');
    expect(codeOf(await gateway.ask('GET', `/v1/streams/${'ab'.repeat(32)}/batches`, { ticket: reading }))).toBe('not_subscribed');
  });

  it('is refused when it is forged, for another chain or gateway, or for a right that is not there', async () => {
    const gateway = await setUp();
    const channelId = gateway.chain.openChannel();
    const stranger = fill(32, 0x77);
    expect(await gateway.ticket({ key: stranger })).toBe('ticket_forged');
    expect(await gateway.ticket({ channelId, key: stranger })).toBe('ticket_forged');
    expect(await gateway.ticket({ channelId, signedChainId: 41n })).toBe('ticket_forged');
    expect(await gateway.ticket({ channelId, change: { chainId: 41n } })).toBe('wrong_chain');
    expect(await gateway.ticket({ channelId, change: { genesisHash: fill(32, 9) } })).toBe('wrong_chain');
    expect(await gateway.ticket({ channelId, change: { gateway: fill(32, 9) } })).toBe('wrong_gateway');
    expect(await gateway.ticket({ channelId: fill(32, 9) })).toBe('channel_unknown');
    expect(await gateway.ticket({ channelId, change: { streams: [fill(32, 9)] } })).toBe('stream_unknown');
    expect(await gateway.ticket({ channelId, change: { expSeconds: 1 } })).toBe('ticket_expired');
    expect(await gateway.ticket({ channelId, change: { expSeconds: gateway.clock.now() / 1000 + 2 * 86_400 } })).toBe('bad_request');
    gateway.chain.changeChannel(channelId, { status: 'closing' });
    gateway.chain.block();
    expect(await gateway.ticket({ channelId })).toBe('channel_closed');
    gateway.chain.streamRecord = { ...gateway.chain.streamRecord, gateways: [] };
    gateway.chain.block();
    expect(await gateway.ticket()).toBe('stream_elsewhere');
  });

  it('takes a nonce of its own: none twice, none that is old, none that the gateway did not draw', async () => {
    const gateway = await setUp();
    const { nonce } = helloSchema.parse((await gateway.ask('GET', '/v1/hello')).json);
    const ask = async (used: Bytes): Promise<string> => codeOf(await gateway.ask('POST', '/v1/ticket', { body: utf8(JSON.stringify(ticketRequestSchema.encode(ticketRequest(gateway.chain, gateway.clock, used, { action: 'publish' })))) }));
    expect([await ask(nonce), await ask(nonce), await ask(fill(32, 1))]).toEqual(['ok', 'nonce_unknown', 'nonce_unknown']);
    const old = await gateway.nonce();
    gateway.advance(300_001);
    expect(await ask(old)).toBe('nonce_unknown');
  });

  it('ends at its time', async () => {
    const gateway = await setUp();
    const ticket = await gateway.ticket();
    gateway.advance(3_600_000);
    expect(codeOf(await gateway.ask('GET', '/v1/usage', { ticket }))).toBe('ticket_expired');
  });
});

describe('the proof of a request', () => {
  it('counts once, for its own text, near its time, and by the key of the ticket', async () => {
    const gateway = await setUp();
    const ticket = await gateway.ticket();
    const now = gateway.clock.now();
    const none = new Uint8Array(0);
    const ask = async (headers: Record<string, string>, target = '/v1/usage'): Promise<string> => codeOf(await gateway.ask('GET', target, { headers }));
    const good = proofOf(ticket, 'GET', '/v1/usage', none, now);
    expect([await ask(good), await ask(good)]).toEqual(['ok', 'proof_replayed']);
    expect(await ask({})).toBe('ticket_required');
    expect(await ask(proofOf(ticket, 'GET', '/v1/usage', none, now + 60_001))).toBe('clock_skew');
    expect(await ask(proofOf(ticket, 'GET', '/v1/usage', none, now - 60_001))).toBe('clock_skew');
    expect(await ask(proofOf(ticket, 'GET', '/v1/usage', none, now - 60_000))).toBe('ok');
    expect(await ask(proofOf(ticket, 'POST', '/v1/usage', none, now))).toBe('proof_forged');
    expect(await ask(proofOf(ticket, 'GET', '/v1/usage', none, now), '/v1/usage?x=1')).toBe('proof_forged');
    expect(await ask(proofOf(ticket, 'GET', '/v1/usage', utf8('{}'), now))).toBe('proof_forged');
    expect(await ask(proofOf(ticket, 'GET', '/v1/usage', none, now, { key: fill(32, 0x66) }))).toBe('proof_forged');
    expect(await ask(proofOf('A'.repeat(43), 'GET', '/v1/usage', none, now))).toBe('ticket_unknown');
  });
});

describe('publishing', () => {
  it('gives a receipt that the gateway signed, and the same again for the same batch', async () => {
    const gateway = await setUp();
    const ticket = await gateway.ticket();
    const batch = gateway.publisher.next(3);
    const receipt = receiptOf(await gateway.publish(ticket, batch));
    expect(receipt).toMatchObject({ logId: 1n, offset: 0n, firstSeq: 0n, batchHash: decodeBatch(batch).hash, ts: gateway.clock.now() });
    const { chainId, genesisHash, contracts } = gateway.chain;
    const signer = typedSigner(receiptDigest({ chainId, genesisHash, contract: contracts.gateway }, { ...receipt, timeMillis: millis(receipt.ts) }), receipt.signature);
    expect(signer?.address).toEqual(addressOf(GATEWAY_KEY));
    gateway.advance(5000);
    expect(receiptOf(await gateway.publish(ticket, batch))).toEqual(receipt);
    expect(gateway.cluster.of(STREAM_ID).records).toHaveLength(1);
    const json = utf8(JSON.stringify({ batch: Buffer.from(gateway.publisher.next()).toString('base64') }));
    expect(receiptOf(await gateway.ask('POST', streamPath('/batches'), { ticket, body: json }))).toMatchObject({ offset: 1n, firstSeq: 3n });
  });

  it('refuses what is too large, broken, forged, of another chain, of a later epoch or out of order', async () => {
    const gateway = await setUp();
    const ticket = await gateway.ticket();
    const { publisher } = gateway;
    const send = async (batch: Bytes, query = ''): Promise<string> => codeOf(await gateway.publish(ticket, batch, query));
    const large = new Uint8Array(1024 * 1024 + 1);
    large.set(publisher.signed().batch);
    expect(await send(large)).toBe('batch_too_large');
    expect(await send(publisher.signed().batch.subarray(0, 300))).toBe('batch_invalid');
    const torn = Uint8Array.from(publisher.signed(2).batch);
    torn[torn.length - 1]! ^= 1;
    expect(await send(torn)).toBe('batch_invalid');
    expect(await send(publisher.signed(1, {}, { key: fill(32, 0x66) }).batch)).toBe('batch_forged');
    expect(await send(publisher.signed(1, {}, { chainId: 41n }).batch)).toBe('batch_forged');
    expect(await send(publisher.signed(1, { epoch: gateway.chain.epoch + 2 }).batch)).toBe('batch_invalid');
    expect(await send(publisher.signed(1, { prevBatchHash: fill(32, 1), firstSeq: 4n }).batch)).toBe('ok'); // a gateway may begin anywhere
    const early = await gateway.publish(ticket, publisher.signed(1, { prevBatchHash: fill(32, 1), firstSeq: 9n }).batch);
    expect([codeOf(early), early.json['meta']]).toEqual(['batch_out_of_order', { expected: '5', firstSeq: '9' }]);
    expect(await send(publisher.signed(1, { prevBatchHash: fill(32, 1), firstSeq: 5n }).batch)).toBe('batch_invalid');
    expect(await send(publisher.signed(1, { prevBatchHash: fill(32, 1), firstSeq: 9n }).batch, '?gap=allow')).toBe('ok');
    gateway.chain.streamRecord = { ...gateway.chain.streamRecord, status: 'ended' };
    gateway.chain.block();
    expect(await send(publisher.signed(1, { prevBatchHash: fill(32, 1), firstSeq: 10n }).batch)).toBe('stream_retired');
  });

  it('keeps the order of batches that come all at once, whatever the log takes', async () => {
    const cluster = new MemoryCluster();
    cluster.appendDelay = () => new Promise((resolve) => setTimeout(resolve, 2));
    const gateway = await setUp({ cluster });
    const ticket = await gateway.ticket();
    const batches = Array.from({ length: 200 }, () => gateway.publisher.next(2));
    const receipts = await Promise.all(batches.map(async (batch) => receiptOf(await gateway.publish(ticket, batch))));
    expect(receipts.map(({ offset }) => offset)).toEqual(batches.map((_, i) => BigInt(i)));
  });

  it('takes large batches that come all at once, which the log would not take in one call', async () => {
    const cluster = new MemoryCluster();
    cluster.appendDelay = () => new Promise((resolve) => setTimeout(resolve, 2));
    const gateway = await setUp({ cluster, limits: { publishBytesPerSecond: 1e9 } });
    const ticket = await gateway.ticket();
    const batches = Array.from({ length: 20 }, () => gateway.publisher.next(15, {}, { bytes: 60_000 }));
    const receipts = await Promise.all(batches.map(async (batch) => receiptOf(await gateway.publish(ticket, batch))));
    expect(receipts.map(({ offset }) => offset)).toEqual(batches.map((_, i) => BigInt(i)));
  });

  it('answers another batch for known numbers with batch_conflict, keeps both as evidence and delivers the first', async () => {
    const gateway = await setUp();
    const channelId = gateway.chain.openChannel();
    const ticket = await gateway.ticket();
    const { batch: other } = gateway.publisher.signed(2);
    const first = gateway.publisher.next(2);
    await gateway.publish(ticket, first);
    const refused = await gateway.publish(ticket, other);
    expect([codeOf(refused), refused.status]).toEqual(['batch_conflict', 409]);
    expect(refused.json['meta']).toMatchObject({ firstSeq: '0', known: toHex(decodeBatch(first).hash), header: headerText(first) });
    const folder = join(gateway.folder, 'evidence', hexOf(STREAM_ID));
    await expect.poll(() => readdir(folder).then((names) => names.sort(), () => [])).toEqual([first, other].map((bytes) => `0-${hexOf(decodeBatch(bytes).hash)}.pdb`).sort());
    const answer = await gateway.read(await gateway.ticket({ channelId }));
    expect(batchesAnswerSchema.parse(answer.json).items.map((item) => ('batch' in item ? equal(item.batch, first) : false))).toEqual([true]);
  });

  it('tells that the log does not answer, and goes on when it does', async () => {
    const gateway = await setUp();
    const ticket = await gateway.ticket();
    await gateway.publish(ticket, gateway.publisher.next());
    gateway.cluster.isDown = true;
    const batch = gateway.publisher.next();
    expect(codeOf(await gateway.publish(ticket, batch))).toBe('log_unavailable');
    gateway.cluster.isDown = false;
    expect(receiptOf(await gateway.publish(ticket, batch)).offset).toBe(1n);
  });
});

describe('two instances over one log', () => {
  it('give the same receipt, keep one order, and nobody is given a fork that each of them took (A22)', async () => {
    const cluster = new MemoryCluster();
    const one = await setUp({ cluster, instance: 'a1' });
    const two = await setUp({ cluster, chain: one.chain, clock: one.clock, instance: 'b2' });
    const channelId = one.chain.openChannel();
    const [first, second] = [await one.ticket(), await two.ticket()];
    const batch = one.publisher.next(2);
    const receipt = receiptOf(await one.publish(first, batch));
    expect(receiptOf(await two.publish(second, batch))).toEqual(receipt);
    cluster.tells = false; // neither hears of the other in time
    const [left, right] = [one.publisher.signed(1).batch, one.publisher.signed(1).batch];
    const receipts = [receiptOf(await one.publish(first, left))];
    const late = await two.publish(second, right);
    expect([codeOf(late), late.json['meta']]).toMatchObject(['batch_conflict', { header: headerText(left) }]);
    receipts.push(receipt);
    const places = receipts.map(({ logId, offset }) => `${logId}/${offset}`);
    expect(new Set(places).size).toBe(places.length);
    cluster.tells = true;
    const next = one.publisher.signed(1, { firstSeq: 3n, prevBatchHash: decodeBatch(left).hash }).batch;
    one.advance(2000);
    expect(codeOf(await two.publish(second, next))).toBe('ok');
    for (const instance of [one, two]) {
      const ticket = await instance.ticket({ channelId });
      await expect.poll(async () => seqsOf((await instance.read(ticket)).json)).toEqual(['0+2', '2+1', '3+1']);
    }
    const { next: cursor } = batchesAnswerSchema.parse((await one.read(await one.ticket({ channelId }), '?max=2')).json);
    expect(seqsOf((await two.read(await two.ticket({ channelId }), `?cursor=${cursor}`)).json)).toEqual(['3+1']);
  });

  it('do not serve again from a log that lost what was receipted, until the chain gives it another number (A22)', async () => {
    const cluster = new MemoryCluster();
    const storePath = join((await TestGateway.open()).folder, 'store.db');
    const before = await TestGateway.open({ cluster, storePath });
    const ticket = await before.ticket();
    for (let i = 0; i < 3; i++) await before.publish(ticket, before.publisher.next());
    const third = before.publisher.place;
    await before.gateway.close();
    cluster.cut(STREAM_ID, 2n);
    const after = await setUp({ cluster, storePath, chain: before.chain, clock: before.clock });
    const batch = after.publisher.signed(1, { firstSeq: 2n, prevBatchHash: third.prevBatchHash }).batch;
    const again = await after.ticket();
    expect(codeOf(await after.publish(again, batch, '?gap=allow'))).toBe('log_restored');
    after.chain.gatewayRecord = { ...after.chain.gatewayRecord, logId: 2n };
    after.chain.block();
    const lastKept = decodeBatch(cluster.of(STREAM_ID).records[1]!.value).hash;
    expect(receiptOf(await after.publish(again, after.publisher.signed(1, { firstSeq: 2n, prevBatchHash: lastKept }).batch))).toMatchObject({ logId: 2n, offset: 2n });
  });
});

describe('reading', () => {
  it('goes on from a cursor that says where, and takes no other', async () => {
    const gateway = await setUp();
    const channelId = gateway.chain.openChannel();
    const ticket = await gateway.ticket();
    for (let i = 0; i < 5; i++) await gateway.publish(ticket, gateway.publisher.next(2));
    const reading = await gateway.ticket({ channelId });
    const first = batchesAnswerSchema.parse((await gateway.read(reading, '?max=2')).json);
    expect(first.items).toHaveLength(2);
    const second = await gateway.read(reading, `?cursor=${first.next}`);
    expect([seqsOf(second.json), second.headers['x-pd-owed']]).toEqual([['4+2', '6+2', '8+2'], '10']);
    expect(seqsOf((await gateway.read(reading, '?cursor=live')).json)).toEqual([]);
    const forged = Buffer.from(first.next, 'base64url');
    forged[16]! ^= 1;
    expect(codeOf(await gateway.read(reading, `?cursor=${forged.toString('base64url')}`))).toBe('cursor_invalid');
    const { cursor } = (await gateway.ask('GET', streamPath('/at?ts=0'), { ticket: reading })).json as { cursor: string };
    expect(seqsOf((await gateway.read(reading, `?cursor=${cursor}&max=1`)).json)).toEqual(['0+2']);
  });

  it('names every hole: what is no longer kept, and what never came', async () => {
    const gateway = await setUp({ ringBytes: 1 });
    const channelId = gateway.chain.openChannel();
    const ticket = await gateway.ticket();
    for (let i = 0; i < 4; i++) await gateway.publish(ticket, gateway.publisher.next(2));
    const reading = await gateway.ticket({ channelId });
    const { next } = batchesAnswerSchema.parse((await gateway.read(reading, '?max=1')).json);
    gateway.cluster.drop(STREAM_ID, 2n);
    const old = await gateway.read(reading, `?cursor=${next}`);
    expect(codeOf(old)).toBe('cursor_too_old');
    const { oldest } = old.json['meta'] as { oldest: string };
    expect(seqsOf((await gateway.read(reading, `?cursor=${oldest}`)).json)).toEqual(['4+2', '6+2']);
    await gateway.publish(ticket, gateway.publisher.signed(2, { firstSeq: 20n }).batch, '?gap=allow');
    const { next: behind } = batchesAnswerSchema.parse((await gateway.read(reading, `?cursor=${oldest}&max=2`)).json);
    expect(seqsOf((await gateway.read(reading, `?cursor=${behind}`)).json)).toEqual(['gap 8-19 missing', '20+2']);
  });

  it('waits for more without keeping anyone else from being served', async () => {
    const gateway = await setUp();
    const channelId = gateway.chain.openChannel();
    const ticket = await gateway.ticket();
    await gateway.publish(ticket, gateway.publisher.next());
    const reading = await gateway.ticket({ channelId });
    let done = 0;
    const polls = Array.from({ length: 20 }, () => gateway.read(reading, '?cursor=live&waitMs=20000').finally(() => done++));
    expect(codeOf(await gateway.read(reading))).toBe('ok');
    expect(done).toBe(0);
    await gateway.publish(ticket, gateway.publisher.next(3));
    for (const { json } of await Promise.all(polls)) expect(seqsOf(json)).toEqual(['1+3']);
    expect((await gateway.read(reading, '?cursor=live')).headers['x-pd-owed']).toBe('4'); // each frame once
  });

  it('needs a right: the id of a stream alone opens nothing, and a right that ends in a block has ended', async () => {
    const gateway = await setUp();
    const channelId = gateway.chain.openChannel();
    const published = gateway.publisher.next();
    await gateway.publish(await gateway.ticket(), published);
    for (const path of [streamPath('/batches'), streamPath('/keys?from=0&to=9'), streamPath('/subscribers'), streamPath('/at?ts=1'), '/v1/usage', `/v1/channels/${toHex(channelId)}/voucher`]) expect(codeOf(await gateway.ask('GET', path))).toBe('ticket_required');
    expect(codeOf(await gateway.ask('GET', streamPath('/peek')))).toBe('epoch_unavailable');
    const facts = streamFactsSchema.parse((await gateway.ask('GET', streamPath())).json);
    expect(facts).toMatchObject({ first: 0n, next: 1n, tail: { nextSeq: 1n, header: published.subarray(0, BATCH_HEADER_BYTES) }, peek: false });
    const ticket = await gateway.ticket({ channelId });
    expect(codeOf(await gateway.read(ticket))).toBe('ok');
    const poll = gateway.read(ticket, '?cursor=live&waitMs=20000');
    gateway.chain.changeChannel(channelId, { status: 'closing' });
    gateway.chain.block();
    expect(codeOf(await gateway.read(ticket))).toBe('channel_closed');
    const other = gateway.chain.openChannel(fill(32, 0x55), { expirySeconds: seconds(gateway.clock.now() / 1000 + 60) });
    const short = await gateway.ticket({ channelId: other, key: fill(32, 0x55) });
    gateway.advance(60_000);
    expect(codeOf(await gateway.read(short))).toBe('channel_closed');
    await gateway.publish(await gateway.ticket(), gateway.publisher.next());
    expect(codeOf(await poll)).toBe('channel_closed');
  });
});

describe('paying by message', () => {
  it('stands when as much is owed as the plan allows, and goes on with a voucher', async () => {
    const gateway = await setUp({ plan: { window: 10 } });
    const channelId = gateway.chain.openChannel();
    const ticket = await gateway.ticket();
    for (let i = 0; i < 10; i++) await gateway.publish(ticket, gateway.publisher.next(4));
    const reading = await gateway.ticket({ channelId });
    const first = await gateway.read(reading);
    expect(seqsOf(first.json)).toEqual(['0+4', '4+4']);
    const { next } = batchesAnswerSchema.parse(first.json);
    const refused = await gateway.read(reading, `?cursor=${next}`);
    expect([codeOf(refused), refused.status, refused.json['meta']]).toEqual(['pay_required', 402, { owed: '8', signed: '0', window: 10, epochTo: null }]);
    expect(seqsOf((await gateway.read(reading)).json)).toEqual(['0+4', '4+4']); // what was given is not owed twice
    expect(codeOf(await sendVoucher(gateway, reading, voucher(gateway.chain, channelId, 8n)))).toBe('ok');
    expect(seqsOf((await gateway.read(reading, `?cursor=${next}`)).json)).toEqual(['8+4', '12+4']);
  });

  it('gives a batch that is larger than the window when nothing is owed, as often as it is read', async () => {
    const gateway = await setUp({ plan: { window: 10 } });
    const channelId = gateway.chain.openChannel();
    const ticket = await gateway.ticket();
    for (let i = 0; i < 2; i++) await gateway.publish(ticket, gateway.publisher.next(20));
    const reading = await gateway.ticket({ channelId });
    expect(seqsOf((await gateway.read(reading)).json)).toEqual(['0+20']);
    expect(seqsOf((await gateway.read(reading)).json)).toEqual(['0+20']);
    await sendVoucher(gateway, reading, voucher(gateway.chain, channelId, 20n));
    expect(seqsOf((await gateway.read(reading)).json)).toEqual(['0+20', '20+20']);
  });

  it('takes a voucher of the channel only, and answers one that is not higher with the best', async () => {
    const gateway = await setUp();
    const { chain } = gateway;
    const channelId = chain.openChannel(SUBSCRIBER_KEY, { deposit: 1000n });
    const ticket = await gateway.ticket({ channelId });
    const send = async (signed: SignedVoucher): Promise<string> => codeOf(await sendVoucher(gateway, ticket, signed));
    const best = voucher(chain, channelId, 30n);
    expect(await send(best)).toBe('ok');
    for (const lower of [best, voucher(chain, channelId, 20n), voucher(chain, channelId, 0n)]) {
      const { json } = await sendVoucher(gateway, ticket, lower);
      expect(channelAnswerSchema.parse(json)).toMatchObject({ best, signed: 30n });
    }
    expect(await send(voucher(chain, channelId, 40n, {}, { key: fill(32, 0x66) }))).toBe('voucher_forged');
    expect(await send(voucher(chain, channelId, 40n, {}, { chainId: 41n }))).toBe('voucher_forged');
    expect(await send({ ...voucher(chain, channelId, 40n), cumulativeUnits: 41n })).toBe('voucher_forged');
    expect(await send(voucher(chain, channelId, 40n, { plan: fill(32, 1) }))).toBe('voucher_invalid');
    expect(await send(voucher(chain, channelId, 40n, { cumulativeAmount: 399n }))).toBe('voucher_invalid');
    expect(await send(voucher(chain, channelId, 29n, { cumulativeAmount: 500n }))).toBe('voucher_invalid');
    expect(await send(voucher(chain, channelId, 101n))).toBe('voucher_over_deposit');
    expect(codeOf(await sendVoucher(gateway, ticket, voucher(chain, chain.openChannel(fill(32, 0x55)), 5n)))).toBe('not_subscribed');
    expect((await gateway.ask('GET', `/v1/channels/${toHex(channelId)}/voucher`, { ticket })).json).toMatchObject({ signed: '30', deposit: '1000' });
  });

  it('stops at the deposit', async () => {
    const gateway = await setUp();
    const channelId = gateway.chain.openChannel(SUBSCRIBER_KEY, { deposit: 50n });
    const ticket = await gateway.ticket();
    for (let i = 0; i < 3; i++) await gateway.publish(ticket, gateway.publisher.next(4));
    const reading = await gateway.ticket({ channelId });
    const first = await gateway.read(reading);
    expect(seqsOf(first.json)).toEqual(['0+4']);
    const { next } = batchesAnswerSchema.parse(first.json);
    await sendVoucher(gateway, reading, voucher(gateway.chain, channelId, 4n));
    expect(codeOf(await gateway.read(reading, `?cursor=${next}`))).toBe('deposit_used');
    gateway.chain.changeChannel(channelId, { deposit: 500n });
    gateway.chain.block();
    expect(seqsOf((await gateway.read(reading, `?cursor=${next}`)).json)).toEqual(['4+4', '8+4']);
  });
});

describe('paying by time', () => {
  it('gives the epochs that are paid for, waits before those that are not, and names those that were left out', async () => {
    const gateway = await setUp({ plan: { kind: 'period', unitPrice: 1n } });
    const { chain, publisher } = gateway;
    const channelId = chain.openChannel();
    const ticket = await gateway.ticket();
    const began = chain.epoch;
    for (let i = 0; i < 4; i++) {
      expect(codeOf(await gateway.publish(ticket, publisher.next(2)))).toBe('ok');
      gateway.advance(EPOCH_SECONDS * 1000);
    }
    const reading = await gateway.ticket({ channelId });
    const refused = await gateway.read(reading);
    expect([codeOf(refused), refused.json['meta']]).toMatchObject(['pay_required', { epochTo: began }]);
    const pay = async (units: number, epochTo: number): Promise<string> => codeOf(await sendVoucher(gateway, reading, voucher(chain, channelId, BigInt(units), { epochTo })));
    expect(await pay(EPOCH_SECONDS, began)).toBe('ok');
    expect(seqsOf((await gateway.read(reading)).json)).toEqual(['0+2']);
    expect(await pay(2 * EPOCH_SECONDS, began + 2)).toBe('ok'); // one more epoch: the last
    const answer = await gateway.read(reading);
    expect(seqsOf(answer.json)).toEqual(['0+2', 'gap 2-3 unpaid', '4+2']);
    expect((await gateway.ask('GET', `/v1/channels/${toHex(channelId)}/voucher`, { ticket: reading })).json).toMatchObject({ paid: [{ from: began, to: began }, { from: began + 2, to: began + 2 }] });
  });
});

describe('a publisher', () => {
  it('sees whom to seal keys for, and brings them; only their subscriber gets them', async () => {
    const gateway = await setUp();
    const channelId = gateway.chain.openChannel();
    const other = gateway.chain.openChannel(fill(32, 0x55));
    const ticket = await gateway.ticket();
    const [mine, theirs] = [await gateway.ticket({ channelId }), await gateway.ticket({ channelId: other, key: fill(32, 0x55) })];
    const { subscribers } = subscribersAnswerSchema.parse((await gateway.ask('GET', streamPath('/subscribers'), { ticket })).json);
    expect(subscribers.map(({ channelId: id }) => toHex(id)).sort()).toEqual([toHex(channelId), toHex(other)].sort());
    const keys = keysRequestSchema.encode({ channelId, generation: 1, from: 10, to: 16, envelope: utf8('sealed') });
    expect(codeOf(await gateway.ask('POST', streamPath('/keys'), { ticket, body: utf8(JSON.stringify(keys)) }))).toBe('ok');
    expect(codeOf(await gateway.ask('POST', streamPath('/keys'), { ticket: mine, body: utf8(JSON.stringify(keys)) }))).toBe('publisher_only');
    const read = async (reader: string, span: string): Promise<string> => {
      const answer = await gateway.ask('GET', streamPath(`/keys?${span}`), { ticket: reader });
      return answer.status === 200 ? JSON.stringify(answer.json) : codeOf(answer);
    };
    expect(await read(mine, 'from=16&to=20')).toContain(Buffer.from('sealed').toString('base64'));
    expect(await read(mine, 'from=17&to=20')).toBe('epoch_unavailable');
    expect(await read(theirs, 'from=0&to=99')).toBe('epoch_unavailable');
    gateway.chain.changeChannel(other, { status: 'closed' });
    gateway.chain.block();
    expect((await gateway.ask('GET', streamPath('/subscribers'), { ticket })).json['subscribers']).toHaveLength(1);
  });

  it('makes an epoch public, which anyone may look at a few times a day', async () => {
    const gateway = await setUp({ limits: { peeksPerDay: 2 } });
    const ticket = await gateway.ticket();
    const { epoch } = gateway.chain;
    await gateway.publish(ticket, gateway.publisher.next(2));
    gateway.advance(EPOCH_SECONDS * 1000);
    await gateway.publish(ticket, gateway.publisher.next(2));
    const key = peekKeyRequestSchema.encode({ generation: 1, epoch, nodes: [{ depth: 20, prefix: epoch, key: fill(32, 7) }] });
    expect(codeOf(await gateway.ask('POST', streamPath('/peek-key'), { ticket, body: utf8(JSON.stringify(key)) }))).toBe('ok');
    const peek = peekAnswerSchema.parse((await gateway.ask('GET', streamPath('/peek'))).json);
    expect(peek.batches.map((batch) => decodeBatch(batch).fields.firstSeq)).toEqual([0n]);
    await gateway.ask('GET', streamPath('/peek'));
    expect(codeOf(await gateway.ask('GET', streamPath('/peek')))).toBe('quota_peek');
    expect(codeOf(await gateway.ask('GET', streamPath('/peek'), { network: '10.0.0.1' }))).toBe('ok');
  });
});

describe('quotas', () => {
  it('hold a ticket to its rates, and say when to come back', async () => {
    const gateway = await setUp({ limits: { publishRecordsPerSecond: 10, publishBytesPerSecond: 20_000, readBytesPerSecond: 1000 } });
    const channelId = gateway.chain.openChannel();
    const ticket = await gateway.ticket();
    expect(codeOf(await gateway.publish(ticket, gateway.publisher.next(20)))).toBe('ok');
    const refused = await gateway.publish(ticket, gateway.publisher.next(5));
    expect(codeOf(refused)).toBe('quota_rate');
    expect(Number(refused.json['retryAfterMillis'])).toBeGreaterThan(100);
    expect(refused.headers['retry-after']).toBe('1');
    const large = await setUp({ limits: { publishBytesPerSecond: 20_000 } });
    const one = await large.ticket();
    expect(codeOf(await large.publish(one, large.publisher.next(1, {}, { bytes: 39_000 })))).toBe('ok');
    expect(codeOf(await large.publish(one, large.publisher.next(1, {}, { bytes: 39_000 })))).toBe('quota_bytes');
    const reading = await gateway.ticket({ channelId });
    expect(codeOf(await gateway.read(reading))).toBe('ok');
    expect(codeOf(await gateway.read(reading))).toBe('quota_bytes');
  });

  it('hold an address that asks for more than its share', async () => {
    const gateway = await setUp({ limits: { requestsPerSecond: 1 } });
    const codes = new Set<string>();
    for (let i = 0; i < 30; i++) codes.add(codeOf(await gateway.ask('GET', '/v1/hello')));
    expect(codes).toEqual(new Set(['ok', 'quota_rate']));
    expect(codeOf(await gateway.ask('GET', '/v1/hello', { network: '10.0.0.1' }))).toBe('ok');
  });
});

describe('a restart', () => {
  it('keeps tickets, vouchers, what is owed, cursors and receipts', async () => {
    const cluster = new MemoryCluster();
    const before = await TestGateway.open({ cluster });
    const storePath = join(before.folder, 'store.db');
    await before.gateway.close();
    const first = await TestGateway.open({ cluster, storePath });
    const channelId = first.chain.openChannel();
    const ticket = await first.ticket();
    const batches = Array.from({ length: 3 }, () => first.publisher.next(4));
    const receipts = [];
    for (const batch of batches) receipts.push(receiptOf(await first.publish(ticket, batch)));
    const reading = await first.ticket({ channelId });
    const { next } = batchesAnswerSchema.parse((await first.read(reading, '?max=2')).json);
    const best = voucher(first.chain, channelId, 5n);
    await sendVoucher(first, reading, best);
    const used = proofOf(reading, 'GET', '/v1/usage', new Uint8Array(0), first.clock.now());
    await first.ask('GET', '/v1/usage', { headers: used });
    await first.gateway.close();

    const second = await setUp({ cluster, storePath, chain: first.chain, clock: first.clock });
    expect(codeOf(await second.ask('GET', '/v1/usage', { headers: used }))).toBe('proof_replayed');
    const channel = await second.ask('GET', `/v1/channels/${toHex(channelId)}/voucher`, { ticket: reading });
    expect(channelAnswerSchema.parse(channel.json)).toMatchObject({ best, owed: 8n, signed: 5n });
    expect(seqsOf((await second.read(reading, `?cursor=${next}`)).json)).toEqual(['8+4']);
    for (const [i, batch] of batches.entries()) expect(receiptOf(await second.publish(ticket, batch))).toEqual(receipts[i]);
  });

  it('of one instance leaves the other to know what was signed and owed', async () => {
    const cluster = new MemoryCluster();
    const one = await TestGateway.open({ cluster, instance: 'a1', plan: { window: 6 } });
    const channelId = one.chain.openChannel();
    const ticket = await one.ticket();
    for (let i = 0; i < 4; i++) await one.publish(ticket, one.publisher.next(4));
    const reading = await one.ticket({ channelId });
    await one.read(reading);
    await sendVoucher(one, reading, voucher(one.chain, channelId, 2n));
    await one.gateway.close();
    const two = await setUp({ cluster, chain: one.chain, clock: one.clock, instance: 'b2' });
    const again = await two.ticket({ channelId });
    expect((await two.ask('GET', `/v1/channels/${toHex(channelId)}/voucher`, { ticket: again })).json).toMatchObject({ owed: '4', signed: '2' });
    expect(seqsOf((await two.read(again)).json)).toEqual(['0+4', '4+4']);
  });
});

describe('what is told of the gateway', () => {
  it('describes its calls, its health and its counters', async () => {
    const gateway = await setUp();
    await gateway.publish(await gateway.ticket(), gateway.publisher.next(3));
    const { json } = await gateway.ask('GET', '/v1/openapi.json');
    const paths = json['paths'] as Record<string, Record<string, { responses: Record<string, unknown> }>>;
    expect(Object.keys(paths)).toHaveLength(13);
    expect(Object.keys(paths['/v1/streams/{id}/batches']!)).toEqual(['post', 'get']);
    expect(Object.keys(paths['/v1/streams/{id}/batches']!['get']!.responses)).toEqual(expect.arrayContaining(['200', '402', '410', '429']));
    expect(JSON.stringify(json)).not.toContain('"id":"#');
    expect((await gateway.ask('GET', '/v1/health')).json).toMatchObject({ ok: true, streams: 1, head: '1' });
    const metrics = (await gateway.ask('GET', '/metrics')).body;
    expect(metrics).toContain('pdash_gateway_published_frames_total 3\n');
    expect(metrics).toMatch(/^# TYPE pdash_gateway_publish_seconds histogram$/m);
    for (const [target, code] of [['/v1/nothing', 'not_found'], ['/v1/streams/zz/peek', 'bad_request'], ['/', 'not_found']] as const) expect(codeOf(await gateway.ask('GET', target))).toBe(code);
    expect(codeOf(await gateway.ask('DELETE', '/v1/hello'))).toBe('method_not_allowed');
  });
});
