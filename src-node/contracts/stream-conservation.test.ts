/** Random lives of channels and gateways: the sums hold after every call, states move only along the machine, and silence ends everything. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toHex, utf8, type Hex } from '../base/bytes.ts';
import { invariant } from '../base/errors.ts';
import { keccak256 } from '../crypto/keccak.ts';
import * as channels from './bindings/pd-channel.gen.ts';
import * as gateways from './bindings/pd-gateway.gen.ts';
import * as streams from './bindings/pd-stream.gen.ts';
import type { Outcome } from './testing/harness.ts';
import { CPC, DAY, STRANGER } from './testing/market.ts';
import { OPERATOR, OWNER, PAYER, PEOPLE, PUBLISHER, TestStreams } from './testing/streams.ts';

type ChannelStatus = channels.ChannelStatus;
type GatewayStatus = gateways.GatewayStatus;

/** The drawings of docs/protocol/11 §4.28. */
const NEXT_CHANNEL: Readonly<Record<ChannelStatus, readonly ChannelStatus[]>> = { None: ['Open'], Open: ['Closing', 'Closed'], Closing: ['Closed'], Closed: [] };
const NEXT_GATEWAY: Readonly<Record<GatewayStatus, readonly GatewayStatus[]>> = { None: ['Bonded'], Bonded: ['Paused', 'Leaving', 'Left'], Paused: ['Bonded', 'Leaving', 'Left'], Leaving: ['Left'], Left: [] };

const PAYERS = [PAYER, STRANGER] as const;
const FIRE: Hex = '0x000000000000000000000000000000000000dead';
const OTHER_BATCH = toHex(keccak256(utf8('another batch')));

const move = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('open' as const), payer: fc.nat(1), deposit: fc.bigInt(1n, 20n * CPC), days: fc.constantFrom(1, 30) }) },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('redeem' as const), channel: fc.nat(5), amount: fc.bigInt(0n, 25n * CPC) }) },
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constant('channel' as const), call: fc.constantFrom('topUp', 'requestClose', 'finalizeClose', 'closeNow'), channel: fc.nat(5), by: fc.nat(6), value: fc.bigInt(0n, 2n * CPC) }),
  },
  {
    weight: 5,
    arbitrary: fc.record({ kind: fc.constant('gateway' as const), call: fc.constantFrom('register', 'pause', 'resume', 'leave', 'finalizeLeave', 'slash'), gateway: fc.nat(3), by: fc.nat(6) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('stream' as const), call: fc.constantFrom('setPlan', 'end'), by: fc.nat(6) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('money' as const), call: fc.constantFrom('withdraw', 'sweep'), contract: fc.constantFrom('channel' as const, 'gateway' as const), of: fc.nat(6) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('mine' as const), blocks: fc.constantFrom(1, 20, 120, 140, 600), days: fc.constantFrom(0, 0, 1, 31) }) },
);
type Move = typeof move extends fc.Arbitrary<infer T> ? T : never;

class RandomLife {
  readonly world = new TestStreams('practice', { chainId: 4181n, genesisHash: `0x${'9e'.repeat(32)}`, periodMillis: 1_000 });
  readonly channels = new Map<Hex, ChannelStatus>();
  readonly gateways = new Map<Hex, GatewayStatus>([[this.world.gateway, 'Bonded']]);
  readonly reached = new Set<string>();
  readonly #total = this.#everything();

  play(next: Move): void {
    this.#call(next);
    this.check();
  }

  check(): void {
    const { world } = this;
    const sum = (values: Iterable<bigint>): bigint => [...values].reduce((total, value) => total + value, 0n);
    const open = [...this.channels.keys()].map((id) => ({ id, ...world.channel(id) }));
    const locked = sum(open.filter(({ status }) => status !== 'Closed').map(({ deposit, paid }) => deposit - paid));
    same('channels', world.harness.balanceOf(world.addresses.channel), sum(PEOPLE.map((person) => world.credit(person))) + locked + world.burnt('channel'));
    const bonds = [...this.gateways.keys()].map((id) => ({ id, ...world.gatewayRecord(id) }));
    same('gateways', world.harness.balanceOf(world.addresses.gateway), sum(PEOPLE.map((person) => world.bondCredit(person))) + sum(bonds.map(({ bond }) => bond)) + world.burnt('gateway'));
    same('all', this.#everything(), this.#total);
    for (const { id, status, paid, deposit } of open) {
      invariant(paid <= deposit, 'More is paid than there is.');
      this.#moved(this.channels, NEXT_CHANNEL, id, status, 'channel');
    }
    for (const { id, status } of bonds) this.#moved(this.gateways, NEXT_GATEWAY, id, status, 'gateway');
  }

  /** Nobody acts any more but a stranger with the clock: everything must come to an end, and every unit out again. */
  runOut(): void {
    const { world } = this;
    const call = (contract: 'channel' | 'gateway', data: Uint8Array): Outcome => world.harness.call(STRANGER, world.addresses[contract], data);
    world.harness.mine(1, BigInt(401 * DAY));
    for (const id of this.channels.keys()) call('channel', channels.encodeRequestClose(id));
    this.check();
    world.harness.mine(140);
    for (const id of this.channels.keys()) call('channel', channels.encodeFinalizeClose(id));
    for (const [id, status] of this.gateways) if (status === 'Bonded' || status === 'Paused') world.gateways(OPERATOR, gateways.encodeLeave(id)); // a bond stays while its owner wants it to
    world.harness.mine(600);
    for (const id of this.gateways.keys()) call('gateway', gateways.encodeFinalizeLeave(id));
    this.check();
    for (const status of this.channels.values()) invariant(status === 'Closed', `A channel is stuck in ${status}.`);
    for (const status of this.gateways.values()) invariant(status === 'Left', `A gateway is stuck in ${status}.`);
    for (const contract of ['channel', 'gateway'] as const) {
      for (const person of PEOPLE) call(contract, channels.encodeWithdraw(person));
      call(contract, channels.encodeSweepBurn());
      same(`rest of ${contract}`, world.harness.balanceOf(world.addresses[contract]), 0n);
    }
    same('all', this.#everything(), this.#total);
  }

  #call(next: Move): void {
    const { world } = this;
    switch (next.kind) {
      case 'open': {
        const payer = PAYERS[next.payer] ?? PAYER;
        if (!streams.decodeIsOfferedResult(world.read('stream', streams.encodeIsOffered(world.stream, world.planHash(), world.newChannel(0n).splitHash)))) return;
        this.channels.set(world.open(next.deposit, payer, { expiry: Number(world.harness.timeSeconds) + next.days * DAY }), 'None');
        return;
      }
      case 'redeem': {
        const id = at([...this.channels.keys()], next.channel);
        if (id !== undefined) world.redeem(world.voucher(id, next.amount));
        return;
      }
      case 'channel': return this.#channel(next);
      case 'gateway': return this.#gateway(next);
      case 'stream':
        world.streams(person(next.by), next.call === 'end' ? streams.encodeEnd(world.stream) : streams.encodeSetPlan(world.stream, { ...world.plan, active: next.by % 2 === 0 }));
        return;
      case 'money':
        world.harness.call(STRANGER, world.addresses[next.contract], next.call === 'sweep' ? channels.encodeSweepBurn() : channels.encodeWithdraw(person(next.of)));
        return;
      case 'mine':
        world.harness.mine(next.blocks);
        world.harness.sleep(next.days * DAY);
    }
  }

  #channel({ call, channel, by, value }: Extract<Move, { kind: 'channel' }>): void {
    const id = at([...this.channels.keys()], channel);
    if (id === undefined) return;
    const data = { topUp: channels.encodeTopUp, requestClose: channels.encodeRequestClose, finalizeClose: channels.encodeFinalizeClose, closeNow: channels.encodeCloseNow }[call](id);
    this.world.channels(person(by), data, call === 'topUp' ? value : 0n);
  }

  #gateway({ call, gateway, by }: Extract<Move, { kind: 'gateway' }>): void {
    const { world } = this;
    if (call === 'register') {
      this.gateways.set(world.register(), 'None');
      return;
    }
    const id = at([...this.gateways.keys()], gateway) ?? world.gateway;
    if (call === 'slash') {
      const [a, b] = [world.receipt({ gatewayId: id }), world.receipt({ gatewayId: id, batchHash: OTHER_BATCH })];
      world.gateways(person(by), gateways.encodeProveEquivocation(a, b, world.signReceipt(a), world.signReceipt(b)));
      return;
    }
    const data = { pause: gateways.encodePause, resume: gateways.encodeResume, leave: gateways.encodeLeave, finalizeLeave: gateways.encodeFinalizeLeave }[call](id);
    world.gateways(by < 4 ? OPERATOR : person(by), data);
  }

  #moved<S extends string>(known: Map<Hex, S>, next: Readonly<Record<S, readonly S[]>>, id: Hex, status: S, what: string): void {
    const before = known.get(id);
    invariant(before !== undefined && (before === status || next[before].includes(status)), `A ${what} went from ${before ?? ''} to ${status}.`);
    known.set(id, status);
    this.reached.add(`${what} ${status}`);
  }

  /** All CPC there is: of the people, the contracts and the fire. */
  #everything(): bigint {
    return [...PEOPLE, FIRE, this.world.addresses.channel, this.world.addresses.gateway, this.world.addresses.stream].reduce((sum, holder) => sum + this.world.harness.balanceOf(holder), 0n);
  }
}

function at<T>(items: readonly T[], index: number): T | undefined {
  return items[index % Math.max(1, items.length)];
}

function person(index: number): Hex {
  return [OWNER, PAYER, STRANGER, OPERATOR, PUBLISHER][index] ?? PAYER;
}

function same(what: string, actual: bigint, expected: bigint): void {
  invariant(actual === expected, `${what}: the chain has ${actual.toString()}, the books say ${expected.toString()}.`);
}

describe('any sequence of calls', () => {
  it('keeps the sums, follows the machines, and leaves nothing stuck when everybody is silent', () => {
    const reached = new Set<string>();
    fc.assert(
      fc.property(fc.array(move, { minLength: 30, maxLength: 60, size: 'max' }), (moves) => {
        const life = new RandomLife();
        for (const next of moves) life.play(next);
        life.runOut();
        for (const status of life.reached) reached.add(status);
      }),
      { numRuns: 40 },
    );
    expect([...reached].sort()).toEqual(['channel Closed', 'channel Closing', 'channel Open', 'gateway Bonded', 'gateway Leaving', 'gateway Left', 'gateway Paused']);
  }, 120_000);
});
