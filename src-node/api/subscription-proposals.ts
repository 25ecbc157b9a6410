/** Sheets of a reader: one opens a channel, the others add to its deposit or bring the rest of it back (docs/protocol/11 §4.12). */
import { equal, fromHex, toHex, type Bytes, type Hex } from '../base/bytes.ts';
import { millis, toMillis, toSeconds } from '../base/clock.ts';
import { CodedError } from '../base/errors.ts';
import * as channels from '../contracts/bindings/pd-channel.gen.ts';
import { channelId, splitHash } from '../contracts/terms.ts';
import type { ChannelEntry } from '../streams/index/channel-entry.ts';
import { planWindow } from '../streams/plan-window.ts';
import type { StreamsRuntime } from '../streams/streams-runtime.ts';
import type { DraftCall } from '../wallet/proposals.ts';
import { checksummed } from './address.ts';
import type { ActionKind, BalanceChange, Proposal, SheetField } from './contract/proposal.ts';
import { knownStream, ownChannel, streamsOf } from './known-streams.ts';
import { addressField, amountField, proposalView, type SheetDetails } from './proposal-view.ts';
import type { NetworkServices, Services } from './services.ts';
import { streamTitle } from './stream-views.ts';

const DAY_MILLIS = 86_400_000;
/** A withdrawal pays an account with a key; it cannot be simulated before the call that credits it is mined. */
export const WITHDRAW_GAS = 80_000n;

export interface NewSubscription {
  readonly stream: Hex;
  readonly planId: number;
  readonly payer: Bytes;
  readonly deposit: bigint;
  readonly days: number;
  readonly capPerDay: bigint | null;
}

/** @throws STREAM_UNKNOWN, STREAM_ENDED, PLAN_INACTIVE, OWN_STREAM, WALLET_LOCKED, INSUFFICIENT_FUNDS */
export async function prepareSubscribe(services: Services, { stream: id, planId, payer, deposit, days, capPerDay }: NewSubscription): Promise<Proposal> {
  const network = services.network();
  const streams = streamsOf(network);
  const { keys, at, reads, contracts } = streams;
  const stream = knownStream(streams, id);
  if (stream.status === 'ended') throw new CodedError('STREAM_ENDED', 'This stream has ended; nothing more is published in it.', { help: 'Choose another stream.' });
  if (equal(fromHex(stream.owner), payer)) throw new CodedError('OWN_STREAM', 'This is your own stream.', { help: 'Choose another account to subscribe with, if you want to try how that feels.' });
  const plan = stream.plans.find((candidate) => candidate.planId === planId && candidate.active);
  if (plan === undefined) throw new CodedError('PLAN_INACTIVE', 'This plan is not offered any more.', { help: 'Open the stream again and choose another plan.' });
  const nonce = await reads.channelNonce(payer);
  const channel = channelId({ contract: contracts.addresses.channel, chainId: at.chainId, creator: toHex(payer), nonce, stream: id });
  const payerKey = await keys.payerKeyOf({ at, account: payer, nonce, streamId: fromHex(id) });
  // By the chain's clock, which the contract measures with.
  const now = network.reader.head()?.timeMillis ?? services.clock.now();
  const payload = channels.encodeOpen({ streamId: id, planHash: plan.planHash, splitHash: splitHash(plan), nonce, expiry: toSeconds(millis(now + days * DAY_MILLIS)), payerKey: toHex(payerKey) });
  const title = streamTitle(id, streams);
  const prepared = await network.wallet.proposals.prepare({
    kind: 'subscribe', title, account: payer, permissions: [], subject: { kind: 'channel', id: channel },
    calls: [{ to: fromHex(contracts.addresses.channel), value: deposit, payload }],
  });
  streams.caps.set(channel, capPerDay);
  const window = planWindow(stream, plan).amount;
  const risk = window < deposit ? window : deposit;
  const waitMillis = closeMillis(streams);
  return proposalView(prepared, {
    fields: [
      { key: 'stream', value: { kind: 'text', text: title } }, addressField('publisher', fromHex(stream.owner), network.wallet),
      amountField(plan.kind === 'metered' ? 'price-per-message' : 'price-per-second', plan.unitPrice), amountField('deposit', deposit), ...(capPerDay === null ? [] : [amountField('cap-per-day', capPerDay)]),
      amountField('at-risk', risk), { key: 'open-for', value: { kind: 'duration', millis: days * DAY_MILLIS } }, { key: 'channel', value: { kind: 'hash', hash: channel } },
    ],
    notes: [
      capPerDay === null ? { key: 'subscribe-pays', tone: 'info', values: { deposit } } : { key: 'subscribe-pays-capped', tone: 'info', values: { deposit, cap: capPerDay } },
      { key: 'subscribe-window', tone: 'info', values: { amount: risk } },
      ...(deposit < window ? [{ key: 'subscribe-short', tone: 'warn' as const, values: { window } }] : []),
      { key: 'subscribe-rest', tone: 'info', values: { millis: waitMillis } },
      { key: 'subscribe-over', tone: 'info', values: { until: toMillis(toSeconds(millis(now + days * DAY_MILLIS))) } },
      { key: 'subscribe-public', tone: 'info', values: {} },
    ],
    valueReason: 'deposit',
  }, network.wallet);
}

export type ChannelAction = 'top-up' | 'close' | 'take-back';

interface ChannelSheet {
  readonly kind: ActionKind;
  readonly calls: readonly DraftCall[];
  readonly fields: readonly SheetField[];
  readonly notes: SheetDetails['notes'];
  /** Comes to the payer. */
  readonly back: bigint;
}

/** @throws CHANNEL_UNKNOWN, CHANNEL_STATE, INSUFFICIENT_FUNDS */
export async function prepareChannel(services: Services, id: Hex, action: ChannelAction, amount: bigint): Promise<Proposal> {
  const network = services.network();
  const streams = streamsOf(network);
  const channel = await ownChannel(services, streams, id);
  const sheet = await channelSheet(network, streams, channel, action, amount);
  const title = streamTitle(channel.streamId, streams);
  const payer = fromHex(channel.payer);
  const prepared = await network.wallet.proposals.prepare({ kind: sheet.kind, title, account: payer, permissions: [], subject: { kind: 'channel', id }, calls: sheet.calls });
  const changes: readonly BalanceChange[] = sheet.back === 0n ? [] : [{ account: checksummed(payer), accountName: network.wallet.labels.nameOf(payer), amount: sheet.back, reason: 'refund' }];
  return proposalView(prepared, { fields: [{ key: 'stream', value: { kind: 'text', text: title } }, { key: 'channel', value: { kind: 'hash', hash: id } }, ...sheet.fields], notes: sheet.notes, changes, valueReason: 'deposit' }, network.wallet);
}

async function channelSheet({ reader }: NetworkServices, streams: StreamsRuntime, channel: ChannelEntry, action: ChannelAction, amount: bigint): Promise<ChannelSheet> {
  const { contracts, reads } = streams;
  const to = fromHex(contracts.addresses.channel);
  const rest = channel.deposit - channel.paid;
  const allow = (possible: boolean): void => {
    if (!possible) throw new CodedError('CHANNEL_STATE', 'This is not possible for the subscription now.', { help: 'Look at the subscription again: it has moved on.', meta: { state: channel.status, action } });
  };
  switch (action) {
    case 'top-up':
      allow(channel.status === 'open');
      return { kind: 'channel-top-up', calls: [{ to, value: amount, payload: channels.encodeTopUp(channel.id) }], fields: [amountField('amount', amount), amountField('deposit', channel.deposit + amount)], notes: [{ key: 'channel-top-up', tone: 'info', values: {} }], back: 0n };
    case 'close':
      allow(channel.status === 'open');
      return { kind: 'channel-close', calls: [{ to, value: 0n, payload: channels.encodeRequestClose(channel.id) }], fields: [amountField('rest-at-most', rest)], notes: [{ key: 'channel-close', tone: 'info', values: { millis: closeMillis(streams) } }], back: 0n };
    case 'take-back': {
      const credit = await reads.channelCredit(fromHex(channel.payer));
      const isDue = channel.status === 'closing' && Number(reader.head()?.number ?? 0n) + 1 >= channel.closingBlock + contracts.parameters.channel.grace;
      allow(isDue || (channel.status === 'closed' && credit > 0n));
      const back = isDue ? rest + credit : credit;
      const withdraw = { to, value: 0n, payload: channels.encodeWithdraw(channel.payer) };
      const calls = isDue ? [{ to, value: 0n, payload: channels.encodeFinalizeClose(channel.id) }, { ...withdraw, gasLimit: WITHDRAW_GAS }] : [withdraw];
      return { kind: 'channel-take-back', calls, fields: [amountField('amount', back)], notes: [{ key: 'channel-take-back', tone: 'info', values: {} }], back };
    }
  }
}

/** From asking for the rest of a deposit until it can be taken. */
function closeMillis({ contracts: { parameters, periodMillis } }: StreamsRuntime): number {
  return parameters.channel.closeTime * 1000 + parameters.channel.grace * periodMillis;
}
