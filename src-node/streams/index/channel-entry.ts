/** A channel as its events tell it. */
import type { Hex } from '../../base/bytes.ts';
import { seconds, type Millis, type Seconds } from '../../base/clock.ts';
import type { PDChannelEvent } from '../../contracts/bindings/pd-channel.gen.ts';
import type { ChannelStatus } from '../stream-chain.ts';
import type { Located } from './event-table.ts';

export interface ChannelEntry {
  readonly id: Hex;
  readonly streamId: Hex;
  readonly payer: Hex;
  /** The payer's number of this channel. */
  readonly nonce: bigint;
  /** Address that signs its vouchers and tickets. */
  readonly payerKey: Hex;
  readonly planHash: Hex;
  readonly splitHash: Hex;
  readonly status: ChannelStatus;
  readonly deposit: bigint;
  /** Of the deposit, to the split and as fee. */
  readonly paid: bigint;
  /** Of what was paid. */
  readonly fee: bigint;
  /** When it was paid out of last; null before. */
  readonly redeemedAt: Millis | null;
  readonly expirySeconds: Seconds;
  /** From when on the payee has no claim to be waited for; 0 while it is open. The grace of the contract comes on top. */
  readonly closingBlock: number;
  readonly openedBlock: number;
  readonly openedAt: Millis;
}

export function foldChannel(channel: ChannelEntry | null, { event, block, at }: Located<PDChannelEvent>): ChannelEntry | null {
  if (event.name === 'ChannelOpened') {
    const { channel: id, stream: streamId, payer, nonce, payerKey, planHash, splitHash, deposit, expiry } = event;
    return { id, streamId, payer, nonce, payerKey, planHash, splitHash, deposit, status: 'open', paid: 0n, fee: 0n, redeemedAt: null, expirySeconds: seconds(expiry), closingBlock: 0, openedBlock: block, openedAt: at };
  }
  if (channel === null) return null;
  switch (event.name) {
    case 'ChannelToppedUp':
      return { ...channel, deposit: event.deposit };
    case 'ChannelRedeemed':
      return { ...channel, paid: event.paid, fee: channel.fee + event.fee, redeemedAt: at };
    case 'ChannelClosing':
      return { ...channel, status: 'closing', closingBlock: event.closingAt };
    case 'ChannelClosed':
      return { ...channel, status: 'closed', paid: event.paid };
    case 'BurnSwept':
    case 'Withdrawn':
      return channel;
  }
}
