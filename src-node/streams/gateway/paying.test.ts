import { describe, expect, it } from 'vitest';
import { toHex } from '../../base/bytes.ts';
import { codeOf, openGateway, sendVoucher, seqsOf } from './testing/open-gateway.ts';
import { EPOCH_SECONDS, fill, SUBSCRIBER_KEY, voucher } from './testing/test-stream.ts';
import { batchesAnswerSchema, channelAnswerSchema, type SignedVoucher } from './wire.ts';

describe('paying by message', () => {
  it('stands when as much is owed as the plan allows, and goes on with a voucher', async () => {
    const gateway = await openGateway({ plan: { window: 10 } });
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
    const gateway = await openGateway({ plan: { window: 10 } });
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
    const gateway = await openGateway();
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
    const gateway = await openGateway();
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
    const gateway = await openGateway({ plan: { kind: 'period', unitPrice: 1n } });
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
