/** Takes what subscribers signed to the chain when it is time (docs/protocol/11 §4.12), under the permission of the stream's own sheet. */
import { fromHex, toHex, type Bytes } from '../../base/bytes.ts';
import type { Clock } from '../../base/clock.ts';
import { isCoded } from '../../base/errors.ts';
import type { Logger } from '../../base/logger.ts';
import * as channels from '../../contracts/bindings/pd-channel.gen.ts';
import type { ChannelEntry } from '../index/channel-entry.ts';
import type { StreamEntry } from '../index/stream-entry.ts';
import type { StandingActions } from '../ports.ts';
import { redeemReason } from '../publisher/redeem.ts';
import { REDEEM_GAS, redeemMandate } from '../redeeming.ts';
import type { VoucherBook } from './voucher-book.ts';

export interface RedeemerModules {
  readonly vouchers: VoucherBook;
  readonly actions: StandingActions;
  /** PDChannel. */
  readonly contract: Bytes;
  /** Base units per gas. */
  readonly gasPrice: () => Promise<bigint>;
  readonly clock: Clock;
  readonly log: Logger;
}

export class Redeemer {
  readonly #modules: RedeemerModules;

  constructor(modules: RedeemerModules) {
    this.#modules = modules;
  }

  /** While the wallet is unlocked. What was sent and is not in the index yet is not sent again. */
  async step(stream: StreamEntry, list: readonly ChannelEntry[]): Promise<void> {
    const { vouchers, clock } = this.#modules;
    const signed = list.filter((channel) => channel.status !== 'closed' && (vouchers.of(channel.id)?.voucher.cumulativeAmount ?? 0n) > channel.paid);
    if (signed.length === 0) return;
    const gasCost = REDEEM_GAS * (await this.#modules.gasPrice());
    for (const channel of signed) {
      const best = vouchers.of(channel.id)?.voucher.cumulativeAmount ?? 0n;
      const { deposit, paid, status, expirySeconds, redeemedAt, openedAt } = channel;
      const reason = redeemReason({ deposit, paid, signed: best, status, expirySeconds, lastMillis: redeemedAt ?? openedAt, gasCost }, clock.now());
      if (reason !== null) await this.#redeem(stream, channel);
    }
  }

  async #redeem(stream: StreamEntry, channel: ChannelEntry): Promise<void> {
    const { vouchers, actions, contract, log } = this.#modules;
    const best = vouchers.of(channel.id);
    const plan = stream.plans.find(({ planHash }) => planHash === channel.planHash);
    if (best === null || plan === undefined) return;
    const { cumulativeUnits, cumulativeAmount, epochTo } = best.voucher;
    try {
      await actions.submit({
        id: `stream-redeem:${channel.id}:${channel.paid}`, kind: 'stream-redeem', account: fromHex(stream.owner), to: contract,
        payload: channels.encodeRedeem({ channelId: channel.id, cumulativeUnits, cumulativeAmount, epochTo, plan: plan.planHash }, toHex(best.signature), plan.payees, plan.shares),
        authority: { kind: 'mandate', id: redeemMandate(stream.id) }, subject: { kind: 'stream', id: stream.id },
      });
    } catch (error) {
      if (!isCoded(error)) throw error;
      log.warn('what a subscriber signed could not be taken by itself', { channel: channel.id, code: error.code });
    }
  }
}
