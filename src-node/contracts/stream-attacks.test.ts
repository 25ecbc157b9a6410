/** The attacks of docs/protocol/11 §4.27 that aim at channels and gateways, each with its outcome in base units. */
import { beforeEach, describe, expect, it } from 'vitest';
import { fromBigInt, fromHex, toHex, utf8, type Bytes, type Hex } from '../base/bytes.ts';
import { keccak256 } from '../crypto/keccak.ts';
import { CURVE_N } from '../crypto/secp256k1.ts';
import * as channels from './bindings/pd-channel.gen.ts';
import * as gateways from './bindings/pd-gateway.gen.ts';
import * as streams from './bindings/pd-stream.gen.ts';
import type { Outcome } from './testing/harness.ts';
import { account, CPC, DAY, must, PARTNER, START_BALANCE, STRANGER } from './testing/market.ts';
import { reentering, REFUSING } from './testing/receivers.ts';
import { keyOf, OPERATOR, OWNER, PAYER, PUBLISHER, TestStreams, UNIT_PRICE } from './testing/streams.ts';

const codeOf = (outcome: Outcome): string | undefined => outcome.reason?.code;
const DEPOSIT = 10n * CPC;
const ZERO: Hex = `0x${'0'.repeat(40)}`;

/** Base units of the fee of 0.5 % and of the two payees' parts for a sum that was paid. */
function parts(paid: bigint): { readonly owner: bigint; readonly partner: bigint; readonly fee: bigint } {
  const fee = (paid * 50n) / 10_000n;
  const partner = ((paid - fee) * 3_000n) / 10_000n;
  return { owner: paid - fee - partner, partner, fee };
}

describe('attack on a channel', () => {
  let world: TestStreams;
  const money = (): { readonly owner: bigint; readonly partner: bigint; readonly payer: bigint; readonly fee: bigint } => ({ owner: world.credit(OWNER), partner: world.credit(PARTNER), payer: world.credit(PAYER), fee: world.burnt('channel') });
  const requestClose = (id: Hex, from: Hex = PAYER): Outcome => world.channels(from, channels.encodeRequestClose(id));
  const finalizeClose = (id: Hex): Outcome => world.channels(STRANGER, channels.encodeFinalizeClose(id));
  const closeNow = (id: Hex, from: Hex): Outcome => world.channels(from, channels.encodeCloseNow(id));

  beforeEach(() => {
    world = new TestStreams();
  });

  it('A15: who joins with ten new addresses pays ten windows', () => {
    const window = 7n * 600n * UNIT_PRICE; // the present epoch and six ahead, paid before their keys
    for (let i = 0; i < 10; i++) {
      const payer = account(`joiner ${i}`);
      world.harness.fund(payer, DEPOSIT);
      const id = world.open(DEPOSIT, payer, { payerKey: account(`reading key ${i}`) });
      const voucher = world.voucher(id, window, { epochTo: 6 });
      must(world.redeem(voucher, world.signVoucher(voucher, keyOf(`reading key ${i}`))));
      must(requestClose(id, payer));
      expect([world.channel(id).paid, world.credit(payer)]).toEqual([window, 0n]);
    }
    const one = parts(window);
    expect(money()).toEqual({ owner: 10n * one.owner, partner: 10n * one.partner, payer: 0n, fee: 10n * one.fee });
  });

  it('A17: a payer who closes cannot outrun the best voucher', () => {
    const id = world.open(DEPOSIT);
    must(world.redeem(world.voucher(id, CPC)));
    must(requestClose(id));
    expect(codeOf(world.channels(PAYER, channels.encodeTopUp(id), CPC))).toBe('WRONG_CHANNEL_STATUS');
    world.harness.mine(world.blocks(DAY) + 19);
    expect(codeOf(finalizeClose(id))).toBe('TOO_EARLY');
    must(world.redeem(world.voucher(id, 4n * CPC)));
    world.harness.mine(1);
    must(finalizeClose(id));
    expect(money()).toEqual({ ...parts(4n * CPC), payer: 6n * CPC });
    expect(codeOf(world.redeem(world.voucher(id, 5n * CPC)))).toBe('WRONG_CHANNEL_STATUS');
  });

  it('A17: an expiry does not cut off a redemption, also when somebody closes in front of it', () => {
    const id = world.open(DEPOSIT);
    expect(codeOf(requestClose(id, STRANGER))).toBe('NOT_EXPIRED');
    world.harness.sleep(30 * DAY);
    must(requestClose(id, STRANGER));
    must(world.redeem(world.voucher(id, 3n * CPC)));
    world.harness.sleep(3 * DAY); // an outage: no blocks, no end
    expect(codeOf(finalizeClose(id))).toBe('TOO_EARLY');
    must(world.redeem(world.voucher(id, 20n * CPC)));
    world.harness.mine(world.blocks(DAY) + 20);
    must(finalizeClose(id));
    expect(money()).toEqual({ ...parts(DEPOSIT), payer: 0n }); // never more than the deposit
  });

  it('A17: neither gateway, publisher nor payer closes at once on an old voucher', () => {
    const id = world.open(DEPOSIT);
    must(world.redeem(world.voucher(id, CPC)));
    for (const who of [account('gateway'), OPERATOR, PUBLISHER, PAYER, STRANGER]) expect([who, codeOf(closeNow(id, who))]).toEqual([who, 'NOT_STREAM_OWNER']);
    must(world.redeem(world.voucher(id, 2n * CPC)));
    must(closeNow(id, OWNER));
    expect(money()).toEqual({ ...parts(2n * CPC), payer: 8n * CPC });
  });

  it('A18: a voucher of nobody, of another form, or of another chain pays nothing', () => {
    const refused = (data: Partial<channels.NewChannel>): unknown => codeOf(world.channels(PAYER, channels.encodeOpen(world.newChannel(0n, data)), DEPOSIT));
    expect(refused({ payerKey: ZERO })).toBe('NO_SIGNER');
    const id = world.open(DEPOSIT);
    const voucher = world.voucher(id, CPC);
    const signed = fromHex(world.signVoucher(voucher));
    const s = BigInt(toHex(signed.subarray(32, 64)));
    const altered = (change: (bytes: Bytes) => void): Hex => {
      const bytes = Uint8Array.from(signed);
      change(bytes);
      return toHex(bytes);
    };
    const forms: readonly Hex[] = [
      altered((bytes) => bytes.set([29], 64)),
      altered((bytes) => bytes.set([bytes[64] === 27 ? 0 : 1], 64)),
      altered((bytes) => { // the other signature of the same text, which a chain of loose rules would take
        bytes.set(fromBigInt(CURVE_N - s, 32), 32);
        bytes.set([bytes[64] === 27 ? 28 : 27], 64);
      }),
      altered((bytes) => bytes.fill(0, 0, 64)), // recovers to nobody
      toHex(signed.subarray(0, 64)),
      toHex(Uint8Array.of(...signed, 0)),
    ];
    for (const form of forms) expect(codeOf(world.redeem(voucher, form))).toBe('SIGNATURE_MALFORMED');
    const elsewhere = [{ genesisHash: keccak256(utf8('another genesis')) }, { chainId: 338n }, { contract: fromHex(world.addresses.gateway) }, { contract: fromHex(account('another channel contract')) }];
    for (const domain of elsewhere) expect(codeOf(world.redeem(voucher, world.signVoucher(voucher, keyOf('reading key'), domain)))).toBe('WRONG_SIGNER');
    expect(codeOf(world.redeem(voucher, world.signVoucher(voucher, keyOf('payer'))))).toBe('WRONG_SIGNER');
    expect(money()).toEqual({ owner: 0n, partner: 0n, payer: 0n, fee: 0n });
    must(world.redeem(voucher, toHex(signed)));
    expect(money()).toEqual({ ...parts(CPC), payer: 0n });
  });

  it('a voucher of one channel is nothing in another, however alike they are', () => {
    const first = world.open(DEPOSIT);
    const second = world.open(DEPOSIT);
    const voucher = world.voucher(first, CPC);
    expect(codeOf(world.redeem({ ...voucher, channelId: second }, world.signVoucher(voucher)))).toBe('WRONG_SIGNER');
    expect(codeOf(world.redeem(world.voucher(first, CPC, { plan: world.planHash({ ...world.plan, planId: 2 }) })))).toBe('WRONG_PLAN');
    must(world.redeem(voucher));
    expect([world.channel(first).paid, world.channel(second).paid]).toEqual([CPC, 0n]);
  });

  it('a voucher that is replayed, or lower, pays nothing again', () => {
    const id = world.open(DEPOSIT);
    must(world.redeem(world.voucher(id, 2n * CPC)));
    const before = money();
    for (const amount of [2n * CPC, CPC, 0n]) {
      const again = world.redeem(world.voucher(id, amount));
      expect([codeOf(again), again.reason?.meta]).toEqual(['NOTHING_TO_REDEEM', { paid: (2n * CPC).toString() }]);
    }
    expect(money()).toEqual(before);
  });

  it('amounts are compared, not units: a voucher with fewer units and a higher amount is the better one', () => {
    const id = world.open(DEPOSIT);
    must(world.redeem(world.voucher(id, CPC, { cumulativeUnits: 1_000n })));
    must(world.redeem(world.voucher(id, 2n * CPC, { cumulativeUnits: 1n })));
    expect(world.channel(id).paid).toBe(2n * CPC);
  });

  it('neither fee nor shares can be saved by redeeming in pieces', () => {
    const once = world.open(DEPOSIT);
    must(world.redeem(world.voucher(once, 19_999n)));
    const whole = money();
    const often = world.open(DEPOSIT);
    for (const amount of [1n, 199n, 200n, 399n, 7_777n, 19_998n, 19_999n]) must(world.redeem(world.voucher(often, amount)));
    const both = money();
    expect({ owner: both.owner - whole.owner, partner: both.partner - whole.partner, payer: 0n, fee: both.fee - whole.fee }).toEqual(whole);
    expect(whole).toEqual({ ...parts(19_999n), payer: 0n });
  });

  it('a split of the redeemer is refused', () => {
    const id = world.open(DEPOSIT);
    const voucher = world.voucher(id, CPC);
    expect(codeOf(world.channels(STRANGER, channels.encodeRedeem(voucher, world.signVoucher(voucher), [STRANGER], [10_000])))).toBe('BAD_SPLIT');
  });

  it('an owner who changes the plan changes no open channel, and an old plan opens none', () => {
    const id = world.open(DEPOSIT);
    const greedy = { ...world.plan, unitPrice: 1_000n * UNIT_PRICE, payees: [OWNER], shares: [10_000] };
    must(world.streams(OWNER, streams.encodeSetPlan(world.stream, greedy)));
    must(world.redeem(world.voucher(id, CPC)));
    expect(money()).toEqual({ ...parts(CPC), payer: 0n });
    expect(codeOf(world.channels(PAYER, channels.encodeOpen(world.newChannel(1n)), DEPOSIT))).toBe('NO_PLAN');
    expect(codeOf(world.channels(PAYER, channels.encodeOpen(world.newChannel(1n, { planHash: world.planHash(greedy) })), DEPOSIT))).toBe('NO_PLAN'); // with the split of before
  });

  it('a channel of a stream that ended is paid on, and none is opened', () => {
    const id = world.open(DEPOSIT);
    must(world.streams(OWNER, streams.encodeEnd(world.stream)));
    expect(codeOf(world.channels(PAYER, channels.encodeOpen(world.newChannel(1n)), DEPOSIT))).toBe('NO_PLAN');
    must(world.redeem(world.voucher(id, CPC)));
    must(closeNow(id, OWNER));
    expect(money()).toEqual({ ...parts(CPC), payer: 9n * CPC });
  });

  it('a time in milliseconds, in the past or too far ahead, a used number or no deposit opens nothing', () => {
    const now = Number(world.harness.timeSeconds);
    const refused = (changes: Partial<channels.NewChannel>, value = DEPOSIT): unknown => codeOf(world.channels(PAYER, channels.encodeOpen(world.newChannel(0n, changes)), value));
    expect([now, now + 400 * DAY + 1, now * 1_000].map((expiry) => refused({ expiry }))).toEqual(['BAD_TIME', 'BAD_TIME', 'BAD_TIME']);
    expect([refused({ nonce: 1n }), refused({}, 0n)]).toEqual(['WRONG_NONCE', 'NO_DEPOSIT']);
    expect(world.harness.balanceOf(PAYER)).toBe(START_BALANCE);
    world.open(DEPOSIT, PAYER, { expiry: now + 400 * DAY });
    expect(refused({})).toBe('WRONG_NONCE');
    expect(world.harness.call(PAYER, world.addresses.channel, new Uint8Array(0), { value: 1n }).error).toBe('REVERT'); // unknown CPC
  });

  it('a receiver that refuses or calls back keeps nobody else from his money, and gets his own once', () => {
    const paid = (name: string, code: Bytes): Hex => {
      const address = account(name);
      world.harness.fund(address, DEPOSIT);
      const id = world.open(DEPOSIT, address);
      must(world.redeem(world.voucher(id, CPC)));
      must(closeNow(id, OWNER)); // 9 CPC to take out
      world.harness.state.setCode(fromHex(address), code);
      return address;
    };
    const withdraw = (of: Hex): Outcome => world.channels(STRANGER, channels.encodeWithdraw(of));
    const refuser = paid('refuser', REFUSING);
    expect(codeOf(withdraw(refuser))).toBe('PAYMENT_FAILED');
    expect(world.credit(refuser)).toBe(9n * CPC);
    const callers: readonly (readonly [string, Bytes, bigint])[] = [
      ['reader', channels.encodeNonces(PAYER), 2n], // a call that is allowed does succeed
      ['greedy', channels.encodeWithdraw(account('greedy')), 1n],
      ['sweeper', channels.encodeSweepBurn(), 1n], // something to sweep is there
    ];
    for (const [name, data, kept] of callers) {
      const address = paid(name, reentering(world.addresses.channel, data));
      must(withdraw(address));
      expect([name, world.harness.state.storageAt(fromHex(address), 0n), world.harness.balanceOf(address)]).toEqual([name, kept, 9n * CPC]);
      expect(codeOf(withdraw(address))).toBe('NOTHING_TO_WITHDRAW');
    }
    must(withdraw(OWNER));
    expect([world.credit(OWNER), world.burnt('channel')]).toEqual([0n, 4n * parts(CPC).fee]);
  });

  it('only the payer adds to a channel, which then pays more', () => {
    const id = world.open(CPC);
    expect(codeOf(world.channels(STRANGER, channels.encodeTopUp(id), CPC))).toBe('NOT_PAYER');
    expect(codeOf(world.channels(PAYER, channels.encodeTopUp(id)))).toBe('NO_DEPOSIT');
    must(world.redeem(world.voucher(id, 2n * CPC)));
    must(world.channels(PAYER, channels.encodeTopUp(id), CPC / 2n));
    must(world.redeem(world.voucher(id, 2n * CPC)));
    expect(money()).toEqual({ ...parts((3n * CPC) / 2n), payer: 0n });
  });
});

describe('attack on a gateway', () => {
  let world: TestStreams;
  let bond: bigint;
  const other = toHex(keccak256(utf8('another batch')));
  const prove = (a: gateways.Receipt, b: gateways.Receipt, signed = [world.signReceipt(a), world.signReceipt(b)], from: Hex = STRANGER): Outcome => world.gateways(from, gateways.encodeProveEquivocation(a, b, signed[0] ?? '0x', signed[1] ?? '0x'));

  beforeEach(() => {
    world = new TestStreams();
    bond = world.parameters.gateway.minBond;
  });

  it('A22: two batches of a publisher for one number frame no gateway; a restored log is another log', () => {
    const first = world.receipt();
    // One batch at each of two instances: two places of the log.
    expect(codeOf(prove(first, world.receipt({ offset: 8n, batchHash: other })))).toBe('NO_EQUIVOCATION');
    // Restored from a backup: the owner raises the log before it serves again.
    must(world.gateways(OPERATOR, gateways.encodeRaiseLog(world.gateway)));
    expect(codeOf(prove(first, world.receipt({ logId: world.gatewayRecord().logId, batchHash: other })))).toBe('NO_EQUIVOCATION');
    expect(codeOf(prove(first, world.receipt({ streamId: other, batchHash: other })))).toBe('NO_EQUIVOCATION');
    expect(codeOf(prove(first, world.receipt({ ts: 1n })))).toBe('NO_EQUIVOCATION'); // the same batch twice
    expect(world.gatewayRecord()).toMatchObject({ status: 'Bonded', bond, logId: 2n });
    expect([world.bondCredit(STRANGER), world.burnt('gateway')]).toEqual([0n, 0n]);
  });

  it('A22: one place with two batches costs the bond: a tenth to who proves it, the rest to the fire', () => {
    must(prove(world.receipt(), world.receipt({ batchHash: other, firstSeq: 5n, ts: 2n })));
    expect(world.gatewayRecord()).toMatchObject({ status: 'Left', bond: 0n });
    expect([world.bondCredit(STRANGER), world.burnt('gateway'), world.bondCredit(OPERATOR)]).toEqual([bond / 10n, bond - bond / 10n, 0n]);
    expect(codeOf(prove(world.receipt(), world.receipt({ batchHash: other })))).toBe('WRONG_GATEWAY_STATUS');
    expect(codeOf(world.gateways(OPERATOR, gateways.encodeLeave(world.gateway)))).toBe('WRONG_GATEWAY_STATUS');
  });

  it('a receipt of somebody else, or of another chain or gateway, proves nothing', () => {
    const [a, b] = [world.receipt(), world.receipt({ batchHash: other })];
    expect(codeOf(prove(a, b, [world.signReceipt(a), world.signReceipt(b, keyOf('publisher'))]))).toBe('WRONG_SIGNER');
    expect(codeOf(prove(a, b, [world.signReceipt(a, keyOf('publisher')), world.signReceipt(b)]))).toBe('WRONG_SIGNER');
    for (const domain of [{ chainId: 338n }, { genesisHash: keccak256(utf8('another genesis')) }, { contract: fromHex(world.addresses.channel) }]) {
      expect(codeOf(prove(a, b, [world.signReceipt(a), world.signReceipt(b, keyOf('gateway'), domain)]))).toBe('WRONG_SIGNER');
    }
    const second = world.register();
    expect(codeOf(prove(a, world.receipt({ gatewayId: second, batchHash: other })))).toBe('NO_EQUIVOCATION');
    expect(codeOf(prove(world.receipt({ gatewayId: other }), world.receipt({ gatewayId: other, batchHash: other })))).toBe('WRONG_GATEWAY_STATUS');
  });

  it('a gateway that leaves answers until its bond has left, also for what it signed long ago', () => {
    expect(codeOf(world.gateways(STRANGER, gateways.encodeLeave(world.gateway)))).toBe('NOT_GATEWAY_OWNER');
    must(world.gateways(OPERATOR, gateways.encodeLeave(world.gateway)));
    world.harness.mine(world.blocks(7 * DAY) - 1, 0n);
    expect(codeOf(world.gateways(STRANGER, gateways.encodeFinalizeLeave(world.gateway)))).toBe('TOO_EARLY');
    world.harness.mine(10);
    must(prove(world.receipt(), world.receipt({ batchHash: other })));
    expect(codeOf(world.gateways(STRANGER, gateways.encodeFinalizeLeave(world.gateway)))).toBe('WRONG_GATEWAY_STATUS');
    expect(world.bondCredit(OPERATOR)).toBe(0n);
  });

  it('proving against oneself before another does costs nine tenths', () => {
    must(prove(world.receipt(), world.receipt({ batchHash: other }), undefined, OPERATOR));
    must(world.gateways(STRANGER, gateways.encodeWithdraw(OPERATOR)));
    expect(world.harness.balanceOf(OPERATOR)).toBe(START_BALANCE - bond + bond / 10n);
  });

  it('an honest gateway has its whole bond back', () => {
    must(world.gateways(OPERATOR, gateways.encodePause(world.gateway)));
    expect(codeOf(world.gateways(OPERATOR, gateways.encodePause(world.gateway)))).toBe('WRONG_GATEWAY_STATUS');
    must(world.gateways(OPERATOR, gateways.encodeResume(world.gateway)));
    must(world.gateways(OPERATOR, gateways.encodeLeave(world.gateway)));
    expect(codeOf(world.gateways(OPERATOR, gateways.encodeSetEndpoints(world.gateway, ['https://other.example'])))).toBe('WRONG_GATEWAY_STATUS');
    world.harness.mine(world.blocks(7 * DAY), 0n);
    must(world.gateways(STRANGER, gateways.encodeFinalizeLeave(world.gateway)));
    must(world.gateways(STRANGER, gateways.encodeWithdraw(OPERATOR)));
    expect(world.harness.balanceOf(OPERATOR)).toBe(START_BALANCE);
    expect(codeOf(prove(world.receipt(), world.receipt({ batchHash: other })))).toBe('WRONG_GATEWAY_STATUS');
  });

  it('is registered with its bond, a signer and places where it is found; its log is raised by owner and signer alone', () => {
    const register = (nonce: bigint, signer: Hex, endpoints: readonly string[], value = bond): unknown => codeOf(world.gateways(OPERATOR, gateways.encodeRegister(nonce, signer, endpoints), value));
    expect(register(0n, STRANGER, ['https://a'])).toBe('WRONG_NONCE');
    expect(register(1n, ZERO, ['https://a'])).toBe('NO_SIGNER');
    expect(register(1n, STRANGER, ['https://a'], bond - 1n)).toBe('BOND_TOO_SMALL');
    expect([register(1n, STRANGER, []), register(1n, STRANGER, Array.from({ length: 5 }, () => 'https://a'))]).toEqual(['OUT_OF_RANGE', 'OUT_OF_RANGE']);
    expect(register(1n, STRANGER, ['x'.repeat(257)])).toBe('URI_TOO_LONG');
    must(world.gateways(OPERATOR, gateways.encodeSetEndpoints(world.gateway, ['https://a', 'wss://b'])));
    expect(codeOf(world.gateways(STRANGER, gateways.encodeRaiseLog(world.gateway)))).toBe('NOT_GATEWAY_OWNER_OR_SIGNER');
    must(world.gateways(account('gateway'), gateways.encodeRaiseLog(world.gateway)));
    expect(world.gatewayRecord()).toMatchObject({ endpoints: ['https://a', 'wss://b'], logId: 2n, signer: account('gateway'), owner: OPERATOR });
  });
});
