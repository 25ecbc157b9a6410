/** Takes what subscribers signed to the chain when it is time (docs/protocol/11 §4.12), under the permission of the stream's own sheet. */
import { fromHex, toHex, type Bytes, type Hex } from '../../base/bytes.ts';
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
  /** What the contract holds for an account, base units. */
  readonly creditOf: (account: Bytes) => Promise<bigint>;
  readonly clock: Clock;
  readonly log: Logger;
}

export class Redeemer {
  readonly #modules: RedeemerModules;
  /** What channels of a stream had paid when nothing of it lay at the contract any more. */
  readonly #broughtHome = new Map<Hex, bigint>();

  constructor(modules: RedeemerModules) {
    this.#modules = modules;
  }

  /** While the wallet is unlocked. What was sent and is not in the index yet is not sent again. */
  async step(stream: StreamEntry, list: readonly ChannelEntry[]): Promise<void> {
    const { vouchers, clock } = this.#modules;
    await this.#bringHome(stream, list.reduce((sum, { paid }) => sum + paid, 0n));
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

  /** Redeeming credits the owner at the contract; nobody would ask for it there. */
  async #bringHome(stream: StreamEntry, taken: bigint): Promise<void> {
    const { gasPrice, creditOf } = this.#modules;
    if (taken === 0n || this.#broughtHome.get(stream.id) === taken) return;
    const credit = await creditOf(fromHex(stream.owner));
    if (credit === 0n) this.#broughtHome.set(stream.id, taken);
    else if (credit > REDEEM_GAS * (await gasPrice())) await this.#submit(stream, `stream-withdraw:${stream.id}:${taken}`, channels.encodeWithdraw(stream.owner));
  }

  async #redeem(stream: StreamEntry, channel: ChannelEntry): Promise<void> {
    const best = this.#modules.vouchers.of(channel.id);
    const plan = stream.plans.find(({ planHash }) => planHash === channel.planHash);
    if (best === null || plan === undefined) return;
    const { cumulativeUnits, cumulativeAmount, epochTo } = best.voucher;
    const payload = channels.encodeRedeem({ channelId: channel.id, cumulativeUnits, cumulativeAmount, epochTo, plan: plan.planHash }, toHex(best.signature), plan.payees, plan.shares);
    await this.#submit(stream, `stream-redeem:${channel.id}:${channel.paid}`, payload);
  }

  async #submit({ id: streamId, owner }: StreamEntry, id: string, payload: Bytes): Promise<void> {
    const { actions, contract, log } = this.#modules;
    try {
      await actions.submit({ id, kind: 'stream-redeem', account: fromHex(owner), to: contract, payload, authority: { kind: 'mandate', id: redeemMandate(streamId) }, subject: { kind: 'stream', id: streamId } });
    } catch (error) {
      if (!isCoded(error)) throw error;
      log.warn('what subscribers signed could not be taken by itself', { step: id, code: error.code });
    }
  }
}
