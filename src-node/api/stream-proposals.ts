/** Sheets of a publisher: a new stream, its gateways, new keys, its end, and what subscribers signed (docs/protocol/11 §4.11, §4.12). */
import { fromHex, toHex, type Hex } from '../base/bytes.ts';
import { millis } from '../base/clock.ts';
import { CodedError } from '../base/errors.ts';
import * as channels from '../contracts/bindings/pd-channel.gen.ts';
import * as binding from '../contracts/bindings/pd-stream.gen.ts';
import { streamId } from '../contracts/terms.ts';
import { licenceHash, licenceOf } from '../market/licences.ts';
import { CHECKPOINT_GAS, CHECKPOINT_INTERVAL_MILLIS, CHECKPOINT_MILLIS, checkpointMandate, checkpointUses, type CheckpointPlan } from '../streams/checkpoints.ts';
import type { StreamEntry } from '../streams/index/stream-entry.ts';
import { encodeStreamMetadata, streamMetadataHash, type StreamMetadata } from '../streams/metadata.ts';
import { REDEEM_GAS, redeemMandate, shareOf } from '../streams/redeeming.ts';
import type { StreamsRuntime } from '../streams/streams-runtime.ts';
import type { DraftCall, StandingPermission } from '../wallet/proposals.ts';
import { checksummed, parseAddress } from './address.ts';
import type { BalanceChange, Proposal } from './contract/proposal.ts';
import type { NewStream } from './contract/stream-desk.ts';
import { ownStream, servingGateways, streamsOf } from './known-streams.ts';
import { procedures } from './procedures.ts';
import { addressField, amountField, proposalView, type SheetDetails } from './proposal-view.ts';
import type { NetworkServices, Services } from './services.ts';
import { streamTitle } from './stream-views.ts';
import { WITHDRAW_GAS } from './subscription-proposals.ts';

/** What a mandate may pay for gas, as a multiple of today's price. */
const MANDATE_PRICE_FACTOR = 4n;
/** A checkpoint can wait until gas costs less again. */
const CHECKPOINT_PRICE_FACTOR = 2n;
const REDEEM_USES = 200;
const REDEEM_MILLIS = 400 * 86_400_000;
/** Vouchers of one sheet. */
const MAX_REDEEMED = 20;

export const streamProposals = {
  prepareCreate: procedures.streamDesk.prepareCreate.handler(({ context, input }) => prepareCreate(context.services, input)),
  prepare: procedures.streamDesk.prepare.handler(({ context, input }) => (input.action === 'redeem' ? prepareRedeem(context.services, input.id as Hex) : prepareChange(context.services, input.id as Hex, input.action))),
  prepareGateways: procedures.streamDesk.prepareGateways.handler(({ context, input }) => prepareGateways(context.services, input.id as Hex, input.gateways)),
};

async function prepareCreate(services: Services, wanted: NewStream): Promise<Proposal> {
  const network = services.network();
  const streams = streamsOf(network);
  const { keys, at, reads, contracts, places } = streams;
  const owner = parseAddress(wanted.owner);
  const gateways = servingGateways(streams, wanted.gateways).map(({ id }) => id);
  const licence = licenceOf(wanted.licenceId);
  if (licence === null) throw new CodedError('DRAFT_INCOMPLETE', 'Still missing: the licence.', { help: 'Go back to that step.', meta: { reason: 'licence' } });
  const nonce = await reads.streamNonce(owner);
  const id = streamId({ contract: contracts.addresses.stream, chainId: at.chainId, creator: toHex(owner), nonce });
  const publisher = await keys.publisherOf({ at, account: owner, nonce });
  const text = encodeStreamMetadata(metadataOf(wanted, id, licence));
  const metaHash = streamMetadataHash(text);
  const { kind, unitPrice, window } = wanted.plan;
  const payload = binding.encodeRegister(
    { nonce, publisher: toHex(publisher), epochSeconds: wanted.epochSeconds, ahead: wanted.ahead, metaHash, metaUri: places.uriOf(metaHash), gateways },
    { planId: 0, kind: kind === 'period' ? 'Period' : 'Metered', unitPrice, window, licenceHash: licenceHash(licence), active: true, payees: [toHex(owner)], shares: [10_000] },
  );
  const checkpoints: CheckpointPlan | null = wanted.checkpoints === null ? null : { every: wanted.checkpoints, until: millis(services.clock.now() + CHECKPOINT_MILLIS) };
  const prepared = await network.wallet.proposals.prepare({
    kind: 'stream-create', title: wanted.title, account: owner, subject: { kind: 'stream', id },
    permissions: [await redeemPermission(network, streams, services, id), ...(checkpoints === null ? [] : [await checkpointPermission(network, streams, id, checkpoints)])],
    calls: [{ to: fromHex(contracts.addresses.stream), value: 0n, payload }],
  });
  // Before anybody can sign: what follows the block is done whatever happens to the program in between.
  streams.textPublisher.keep({ proposal: prepared.id, stream: id, metaHash, text });
  streams.publishing.chooseCheckpoints(id, checkpoints);
  return proposalView(prepared, {
    fields: [
      { key: 'title', value: { kind: 'text', text: wanted.title } }, amountField(kind === 'metered' ? 'price-per-message' : 'price-per-second', unitPrice), { key: 'licence', value: { kind: 'licence', id: licence.id } },
      { key: 'gateways', value: { kind: 'count', count: gateways.length } }, { key: 'epoch', value: { kind: 'duration', millis: wanted.epochSeconds * 1000 } },
      ...(checkpoints === null ? [] : [{ key: 'checkpoints', value: { kind: 'duration' as const, millis: CHECKPOINT_INTERVAL_MILLIS[checkpoints.every] } }]), addressField('publisher-key', publisher, network.wallet), { key: 'stream-id', value: { kind: 'hash', hash: id } },
    ],
    notes: [
      { key: 'stream-public', tone: 'info', values: {} },
      { key: 'stream-key', tone: 'info', values: {} },
      { key: 'stream-revoke', tone: 'info', values: { millis: (wanted.ahead + 1) * wanted.epochSeconds * 1000 } },
      { key: 'stream-epoch-fixed', tone: 'info', values: {} },
    ],
    valueReason: 'value',
  }, network.wallet);
}

/** What subscribers signed goes to the stream's own split and nowhere else, so that taking it needs no sheet each time. */
async function redeemPermission({ reader }: NetworkServices, { contracts }: StreamsRuntime, { clock }: Services, stream: Hex): Promise<StandingPermission> {
  const none: Hex = `0x${'00'.repeat(32)}`;
  const methods = [channels.encodeRedeem({ channelId: none, cumulativeUnits: 0n, cumulativeAmount: 0n, epochTo: 0, plan: none }, '0x', [], []), channels.encodeWithdraw(`0x${'00'.repeat(20)}`)];
  return {
    id: redeemMandate(stream), contract: fromHex(contracts.addresses.channel), methods: methods.map((call) => call.subarray(0, 4)),
    subject: null, maxValue: 0n, maxGas: REDEEM_GAS, maxGasPrice: (await reader.gasPrice()) * MANDATE_PRICE_FACTOR, uses: REDEEM_USES, expiresAt: millis(clock.now() + REDEEM_MILLIS),
  };
}

/** How far the stream is, as often as was chosen; the fee of all of them is in what the sheet says that this may cost. */
async function checkpointPermission({ reader }: NetworkServices, { contracts }: StreamsRuntime, stream: Hex, { every, until }: CheckpointPlan): Promise<StandingPermission> {
  const none: Hex = `0x${'00'.repeat(32)}`;
  const method = binding.encodeCheckpoint(stream, { generation: 0, epoch: 0, lastSeq: 0n, lastBatchHash: none }, { gatewayId: none, streamId: none, logId: 0n, offset: 0n, firstSeq: 0n, batchHash: none, ts: 0n }, '0x').subarray(0, 4);
  return {
    id: checkpointMandate(stream), contract: fromHex(contracts.addresses.stream), methods: [method], subject: fromHex(stream), maxValue: 0n,
    maxGas: CHECKPOINT_GAS, maxGasPrice: (await reader.gasPrice()) * CHECKPOINT_PRICE_FACTOR, uses: checkpointUses(every), expiresAt: until,
  };
}

function metadataOf(wanted: NewStream, stream: Hex, licence: StreamMetadata['licence']): StreamMetadata {
  return {
    pd: 1, stream, title: { en: wanted.title, ...(wanted.titleZh === undefined || wanted.titleZh === '' ? {} : { zh: wanted.titleZh }) },
    summary: wanted.summary, description_md: wanted.description, category: wanted.category, tags: [...wanted.tags], schema: wanted.columns.map(({ name, type, unit }) => ({ name, type, unit })),
    licence: { id: licence.id, title: licence.title, text: licence.text }, peekDelaySeconds: wanted.peekDelaySeconds, retentionSeconds: null,
  };
}

/** @throws STREAM_UNKNOWN, NOT_YOUR_STREAM, STREAM_ENDED */
async function liveStream(services: Services, streams: StreamsRuntime, id: Hex): Promise<StreamEntry> {
  const stream = await ownStream(services, streams, id);
  if (stream.status === 'ended') throw new CodedError('STREAM_ENDED', 'This stream has ended and cannot be changed any more.', { help: 'What subscribers signed can still be taken.', meta: { reason: 'own' } });
  return stream;
}

async function prepareChange(services: Services, id: Hex, action: 'end' | 'new-generation'): Promise<Proposal> {
  const streams = streamsOf(services.network());
  const stream = await liveStream(services, streams, id);
  return action === 'end'
    ? propose(services, stream, 'stream-end', [{ value: 0n, payload: binding.encodeEnd(id) }], { notes: [{ key: 'stream-ends', tone: 'warn', values: {} }] })
    : propose(services, stream, 'stream-generation', [{ value: 0n, payload: binding.encodeNewGeneration(id) }], { notes: [{ key: 'stream-generation', tone: 'info', values: {} }] });
}

async function prepareGateways(services: Services, id: Hex, wanted: readonly string[]): Promise<Proposal> {
  const streams = streamsOf(services.network());
  const stream = await liveStream(services, streams, id);
  const gateways = servingGateways(streams, wanted).map((gateway) => gateway.id);
  return propose(services, stream, 'stream-gateways', [{ value: 0n, payload: binding.encodeSetGateways(id, gateways) }], {
    fields: [{ key: 'gateways', value: { kind: 'count', count: gateways.length } }], notes: [{ key: 'stream-gateways', tone: 'info', values: {} }],
  });
}

/** The best voucher of each channel that is worth more than was paid, and what lies at the contract already. @throws NOTHING_TO_REDEEM */
async function prepareRedeem(services: Services, id: Hex): Promise<Proposal> {
  const { wallet, ...network } = services.network();
  const streams = streamsOf({ wallet, ...network });
  const { contracts, reads, index } = streams;
  const stream = await ownStream(services, streams, id);
  const to = fromHex(contracts.addresses.channel);
  const owner = fromHex(stream.owner);
  const redeemed = (await streams.vouchers.bestOf(id)).flatMap(({ voucher, signature }) => {
    const channel = index.channel(toHex(voucher.channelId));
    const plan = stream.plans.find(({ planHash }) => planHash === toHex(voucher.planHash));
    if (channel === null || plan === undefined || channel.status === 'closed') return [];
    const due = voucher.cumulativeAmount < channel.deposit ? voucher.cumulativeAmount : channel.deposit;
    if (due <= channel.paid) return [];
    const { payees, shares } = plan;
    const { cumulativeUnits, cumulativeAmount, epochTo } = voucher;
    const payload = channels.encodeRedeem({ channelId: channel.id, cumulativeUnits, cumulativeAmount, epochTo, plan: plan.planHash }, toHex(signature), payees, shares);
    return [{ call: { to, value: 0n, payload }, share: shareOf(stream.owner, { before: channel.paid, due, payees, shares, feeBps: contracts.parameters.channel.feeBps }) }];
  }).slice(0, MAX_REDEEMED);
  const amount = redeemed.reduce((sum, { share }) => sum + share, await reads.channelCredit(owner));
  if (redeemed.length === 0 && amount === 0n) throw new CodedError('NOTHING_TO_REDEEM', 'Nothing is signed that was not taken yet.', { help: 'Nothing has to be done.', meta: { reason: 'no-voucher' } });
  const withdraw = { to, value: 0n, payload: channels.encodeWithdraw(stream.owner), ...(redeemed.length === 0 ? {} : { gasLimit: WITHDRAW_GAS }) };
  const title = streamTitle(id, streams);
  const prepared = await wallet.proposals.prepare({ kind: 'stream-redeem', title, account: owner, permissions: [], subject: { kind: 'stream', id }, calls: [...redeemed.map(({ call }) => call), ...(amount === 0n ? [] : [withdraw])] });
  const changes: readonly BalanceChange[] = amount === 0n ? [] : [{ account: checksummed(owner), accountName: wallet.labels.nameOf(owner), amount, reason: 'earnings' }];
  return proposalView(prepared, {
    fields: [{ key: 'stream', value: { kind: 'text', text: title } }, amountField('amount', amount), { key: 'subscribers', value: { kind: 'count', count: redeemed.length } }],
    notes: [{ key: 'stream-redeem', tone: 'info', values: {} }], changes, valueReason: 'value',
  }, wallet);
}

async function propose(services: Services, stream: StreamEntry, kind: string, calls: readonly Omit<DraftCall, 'to'>[], details: Pick<SheetDetails, 'notes'> & Partial<SheetDetails>): Promise<Proposal> {
  const { wallet, ...network } = services.network();
  const streams = streamsOf({ wallet, ...network });
  const title = streamTitle(stream.id, streams);
  const to = fromHex(streams.contracts.addresses.stream);
  const prepared = await wallet.proposals.prepare({ kind, title, account: fromHex(stream.owner), permissions: [], subject: { kind: 'stream', id: stream.id }, calls: calls.map((call) => ({ to, ...call })) });
  return proposalView(prepared, { valueReason: 'value', ...details, fields: [{ key: 'stream', value: { kind: 'text', text: title } }, ...(details.fields ?? []), { key: 'stream-id', value: { kind: 'hash', hash: stream.id } }] }, wallet);
}
