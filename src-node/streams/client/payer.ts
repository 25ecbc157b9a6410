/**
 * What a reader pays (docs/protocol/11 §4.12): one voucher after the other, for what was read, and never more because a gateway asks. It knows
 * no socket: vouchers leave by `send`, and what gateways say of them comes in.
 */
import { equal } from '../../base/bytes.ts';
import type { Clock } from '../../base/clock.ts';
import { toCoded } from '../../base/errors.ts';
import type { Logger } from '../../base/logger.ts';
import { voucherDigest, type VoucherMessage } from '../../contracts/typed-data.ts';
import { recoverPublicKey } from '../../crypto/secp256k1.ts';
import type { ChannelAnswer, SignedVoucher } from '../gateway/wire.ts';
import type { StreamChain } from '../stream-chain.ts';
import type { KeptReader } from './kept-reader.ts';
import type { SubscriberKeys } from './keys.ts';
import { SpendGuard } from './spend.ts';
import type { StreamEvent } from './stream-event.ts';
import type { Subscription } from './subscription.ts';

export interface PayerOptions {
  /** Where a reader begins that never read this stream. */
  readonly begin: 'live' | 'earliest';
  /** Base units a day (UTC); null for no other bound than the deposit. */
  readonly dailyCap: bigint | null;
}

export interface PayerModules {
  readonly chain: Pick<StreamChain, 'chainId' | 'genesisHash' | 'contracts' | 'channel'>;
  readonly subscription: Pick<Subscription, 'record' | 'epochAt'>;
  readonly keys: Pick<SubscriberKeys, 'publicKey' | 'signVoucher'>;
  readonly kept: KeptReader;
  readonly clock: Clock;
  readonly log: Logger;
  /** To the gateway that is read from; nowhere while there is none. */
  readonly send: (voucher: SignedVoucher) => void;
  readonly tell: (event: StreamEvent) => void;
}

/** Why a voucher may be due. */
interface Occasion {
  /** Of what was read; null when a gateway asks. */
  readonly epoch: number | null;
  readonly isAsked: boolean;
}

/** What was refused for now is sent again after so long. */
const RETRY_MILLIS = 500;

export class Payer {
  readonly #options: PayerOptions;
  readonly #modules: PayerModules;
  readonly #spend: SpendGuard;
  #verifiedSincePaid = true;
  /** The gateway asked for a voucher and got none: what was asked for may not have been handed on yet. */
  #isAsked = false;
  #pausedWhy: string | null = null;
  /** `counted` when a voucher of another run turned up that pays for more: it was for frames that are read again now. */
  #behindSince: bigint | null = null;
  #refusedAt: number | null = null;
  #paying: Promise<void> = Promise.resolve();

  constructor(options: PayerOptions, modules: PayerModules) {
    const { channel, plan, stream } = modules.subscription.record;
    this.#options = options;
    this.#modules = modules;
    this.#spend = new SpendGuard({ channelId: channel.channelId, plan, epochSeconds: stream.epochSeconds, dailyCap: options.dailyCap }, modules.kept.state.spend);
  }

  /** When what is due by now was signed and sent. */
  get settled(): Promise<void> {
    return this.#paying;
  }

  /** Units that were handed on, or signed for before. */
  get counted(): bigint {
    const { counted } = this.#modules.kept.state;
    const { units } = this.#spend.state;
    return counted > units ? counted : units;
  }

  /** Rows were handed on and are counted. @param epoch of the last one */
  read(epoch: number): void {
    this.#verifiedSincePaid = true;
    this.#pay({ epoch, isAsked: this.#isAsked });
  }

  /** Rows came that cannot be read. */
  unreadable(): void {
    this.#verifiedSincePaid = false;
  }

  /** Frames that do not come again, and that a voucher of before paid for: they count as read. */
  passOver(frames: bigint): void {
    const { counted } = this.#modules.kept.state;
    const ahead = this.#spend.state.units - counted;
    if (ahead <= 0n) return;
    const passed = frames < ahead ? frames : ahead;
    if (this.#behindSince !== null) this.#behindSince += passed;
    this.#modules.kept.change({ counted: counted + passed });
  }

  /** A gateway delivers no more without a voucher. @param owed units that it delivered over the life of the channel */
  asked(owed: bigint, epochTo: number | null): void {
    this.#isAsked = true;
    this.#catchUp(owed);
    this.#pay({ epoch: epochTo, isAsked: true });
  }

  /** A gateway did not take a voucher, and may take it later. */
  refusedForNow(): void {
    this.#refusedAt = this.#modules.clock.now();
  }

  tick(): void {
    if (this.#refusedAt === null || this.#modules.clock.now() - this.#refusedAt < RETRY_MILLIS) return;
    this.#refusedAt = null;
    this.#sendBest();
  }

  /** Told once until something is paid again. */
  paused(why: 'cap' | 'deposit' | 'unverified'): void {
    if (this.#pausedWhy === why) return;
    this.#pausedWhy = why;
    this.#modules.tell({ type: 'paused', why });
  }

  /** A voucher that the gateway shows counts only when this key signed it. */
  async know({ best }: Pick<ChannelAnswer, 'best'>): Promise<void> {
    if (best === null || !this.#isOwn(best)) return;
    const { kept } = this.#modules;
    const before = this.#spend.state.units;
    this.#spend.know({ channelId: best.channelId, cumulativeUnits: best.cumulativeUnits, cumulativeAmount: best.cumulativeAmount, epochTo: best.epochTo, planHash: best.plan });
    if (this.#spend.state.units === before) return;
    const { counted, position } = kept.state;
    // who begins at an old place reads again what the other run paid for, and counts it then
    const isAgain = (position !== null || this.#options.begin === 'earliest') && counted < best.cumulativeUnits;
    if (isAgain) this.#behindSince = counted;
    kept.change({ spend: this.#spend.state, voucher: best, counted: counted > best.cumulativeUnits || isAgain ? counted : best.cumulativeUnits });
    await kept.save();
  }

  /** Frames that were paid for are not to be had again, or the gateway has delivered more than was paid for: what was read since is new. */
  #catchUp(owed: bigint): void {
    const { counted } = this.#modules.kept.state;
    const { units } = this.#spend.state;
    if (this.#behindSince === null || counted >= units || owed <= units) return;
    const read = units + counted - this.#behindSince;
    this.#behindSince = null;
    this.#modules.kept.change({ counted: read < owed ? read : owed });
  }

  #isOwn({ channelId, cumulativeUnits, cumulativeAmount, epochTo, plan, signature }: SignedVoucher): boolean {
    const { chainId, genesisHash, contracts } = this.#modules.chain;
    const digest = voucherDigest({ chainId, genesisHash, contract: contracts.channel }, { channelId, cumulativeUnits, cumulativeAmount, epochTo, planHash: plan });
    const signer = recoverPublicKey(digest, signature.subarray(0, 64), (signature[64] ?? 0) - 27);
    return signer !== null && equal(signer, this.#modules.keys.publicKey);
  }

  #pay(occasion: Occasion): void {
    this.#paying = this.#paying.then(() => this.#payOne(occasion)).catch((error: unknown) => this.#modules.log.warn('a voucher could not be signed or sent', { code: toCoded(error).code }));
  }

  async #payOne({ epoch, isAsked }: Occasion): Promise<void> {
    const { subscription, chain, clock, kept } = this.#modules;
    const spend = this.#spend;
    const now = clock.now();
    const { plan, stream, channel } = subscription.record;
    const { deposit } = (await chain.channel(channel.channelId).catch(() => null)) ?? channel;
    const { counted } = kept.state;
    if (plan.kind === 'metered' && !isAsked && 2n * (counted - spend.state.units) < BigInt(plan.window)) return;
    const epochNow = subscription.epochAt(now);
    const isWindowOver = spend.state.units > 0n && epochNow > spend.state.epochTo;
    if (plan.kind === 'period' && isAsked && spend.state.units > 0n) {
      // what is paid is not over: rows that come pay on, a gateway that only asks does not get more
      if (!isWindowOver) return this.#sendBest();
      if (!this.#verifiedSincePaid) return this.paused('unverified');
    }
    const seen = isAsked ? epochNow : Math.min(epoch ?? epochNow, epochNow);
    const decision = plan.kind === 'metered' ? spend.forMessages(counted, deposit, now) : spend.forTime({ now: epochNow, to: seen + stream.ahead }, deposit, now);
    if (decision.sign === null) {
      if (decision.why !== 'nothing') return this.paused(decision.why);
      // who asks for what was signed already did not take it: its chain was behind, or its disk was full
      return isAsked ? this.#sendBest() : undefined;
    }
    await this.#sign(decision.sign);
    // time that was paid because a row came is proved by that row
    if (plan.kind === 'period' && isAsked) this.#verifiedSincePaid = false;
  }

  /** Written down before it is sent. */
  async #sign(voucher: VoucherMessage): Promise<void> {
    const { keys, clock, kept, send, tell } = this.#modules;
    const now = clock.now();
    const { channelId, cumulativeUnits, cumulativeAmount, epochTo, planHash } = voucher;
    const signed: SignedVoucher = { channelId, cumulativeUnits, cumulativeAmount, epochTo, plan: planHash, signature: await keys.signVoucher(voucher) };
    const levels = this.#spend.signed(voucher, now);
    kept.change({ spend: this.#spend.state, voucher: signed });
    await kept.save();
    this.#pausedWhy = null;
    this.#isAsked = false;
    send(signed);
    const spentToday = this.#spend.spentOn(now);
    tell({ type: 'paid', units: cumulativeUnits, amount: cumulativeAmount, spentToday });
    for (const level of levels) tell({ type: 'budget', level, spentToday });
  }

  /** The best again: to one who has it, it changes nothing. */
  #sendBest(): void {
    const { voucher } = this.#modules.kept.state;
    if (voucher !== null) this.#modules.send(voucher);
  }
}
