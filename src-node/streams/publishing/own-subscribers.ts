/** Whom an own stream is sold to, as its desk shows them: what the chain says of a channel, what gateways tell, and what was signed. */
import { fromHex, toHex, type Hex } from '../../base/bytes.ts';
import type { Clock, Millis } from '../../base/clock.ts';
import type { ChannelEntry } from '../index/channel-entry.ts';
import type { StreamEntry } from '../index/stream-entry.ts';
import type { Reading } from '../publisher/key-desk.ts';
import type { Publisher } from '../publisher/publisher.ts';
import { epochOf, epochStart } from './epoch-times.ts';
import type { SubscriberStatus } from './views.ts';
import type { VoucherBook } from './voucher-book.ts';

export type OwnChannel = Pick<ChannelEntry, 'id' | 'streamId' | 'payer' | 'payerKey' | 'planHash' | 'status' | 'deposit' | 'openedAt'>;

export interface OwnSubscribersModules {
  readonly vouchers: VoucherBook;
  readonly clock: Clock;
}

interface Told {
  /** What gateways say of it; null when none does. */
  readonly told: Reading | null;
  readonly kind: SubscriberStatus['kind'];
  readonly unsigned: bigint;
  readonly window: number;
  readonly epochTo: number;
}

/** A subscriber whose counters stood still for so long is away. */
const AWAY_MILLIS = 5 * 60_000;

export class OwnSubscribers {
  readonly #modules: OwnSubscribersModules;
  /** When what gateways say of each subscriber changed last. */
  readonly #moved = new Map<Hex, { readonly text: string; readonly at: Millis }>();

  constructor(modules: OwnSubscribersModules) {
    this.#modules = modules;
  }

  /** Vouchers that gateways show are written down. */
  see(told: readonly Reading[], channels: readonly OwnChannel[]): void {
    const now = this.#modules.clock.now();
    for (const { channelId, owed, vouchers } of told) {
      const id = toHex(channelId);
      const channel = channels.find((one) => one.id === id);
      if (channel === undefined) continue; // gateways can make up as many as they want
      const text = `${owed}/${vouchers.map(({ cumulativeUnits }) => cumulativeUnits).join('/')}`;
      if (this.#moved.get(id)?.text !== text) this.#moved.set(id, { text, at: now });
      for (const voucher of vouchers) this.#modules.vouchers.see(channel, voucher);
    }
  }

  statusOf(channel: OwnChannel, stream: Pick<StreamEntry, 'generation' | 'startSeconds' | 'epochSeconds' | 'plans'>, told: Reading | null, publisher: Publisher | null): SubscriberStatus {
    const { vouchers, clock } = this.#modules;
    const plan = stream.plans.find(({ planHash }) => planHash === channel.planHash);
    const kind = plan?.kind ?? told?.kind ?? 'metered';
    const best = vouchers.of(channel.id)?.voucher ?? null;
    const unsigned = told === null || kind === 'period' ? 0n : told.owed - (best?.cumulativeUnits ?? 0n);
    const given = publisher?.keysGivenTo(fromHex(channel.id), stream.generation) ?? null;
    const isRevoked = publisher?.revoked.some((revoked) => toHex(revoked) === channel.id) === true;
    return {
      channel: channel.id, payer: channel.payer, kind,
      paidUntil: kind === 'period' && best !== null ? epochStart(stream, best.epochTo + 1) : null,
      signed: best?.cumulativeAmount ?? 0n,
      owed: (unsigned > 0n ? unsigned : 0n) * (plan?.unitPrice ?? 0n),
      keysUntil: given === null ? clock.now() : epochStart(stream, given + 1),
      state: isRevoked ? 'revoked' : this.#stateOf(channel, { told, kind, unsigned, window: plan?.window ?? 0, epochTo: best?.epochTo ?? -1 }, epochOf(stream, clock.now())),
      since: channel.openedAt,
    };
  }

  #stateOf(channel: OwnChannel, { told, kind, unsigned, window, epochTo }: Told, epoch: number): SubscriberStatus['state'] {
    if (channel.status === 'closing') return 'closing';
    if (told === null || this.#modules.clock.now() - (this.#moved.get(channel.id)?.at ?? 0) >= AWAY_MILLIS) return 'away';
    const isPaid = kind === 'period' ? epochTo >= epoch : unsigned < BigInt(window);
    return isPaid ? 'reading' : 'unpaid';
  }
}
