/** The keys process in the forms that wallet, market and streams ask for. */
import { fromHex, toHex } from './base/bytes.ts';
import type { Clock } from './base/clock.ts';
import { CodedError } from './base/errors.ts';
import { revertError } from './contracts/revert-errors.ts';
import type { KeysPort, KeysStatus } from './keys/calls.ts';
import type { HeldDeliveries, MarketKeys, MarketSender, StandingStep, StepState } from './market/ports.ts';
import { openEnvelope } from './streams/format/envelope.ts';
import { rangeNodes } from './streams/format/ggm.ts';
import type { GatewayKeys, Passwords, PublishingKeys, ReadingKeys, StandingActions, StreamKeys } from './streams/ports.ts';
import type { ActionRecord } from './wallet/action.ts';
import { isCancelled } from './wallet/attempts.ts';
import type { Outbox } from './wallet/outbox.ts';
import type { MessageSigner, RevertExplainer, TransactionSigner } from './wallet/ports.ts';
import type { PreparedProposal, StandingPermission } from './wallet/proposals.ts';
import type { ChainReader } from './chain/reader.ts';

export function transactionSigner(keys: KeysPort): TransactionSigner {
  return { signTransaction: (request, authority) => keys.call('signTransaction', { request, authority }) };
}

export function messageSigner(keys: KeysPort): MessageSigner {
  return { signMessage: (account, message, request) => keys.call('signMessage', { account, message, request }) };
}

export function marketKeys(keys: KeysPort): MarketKeys {
  return {
    accounts: async () => (await keys.call('status', {})).accounts.map(({ address }) => fromHex(address)),
    isUnlocked: async () => (await keys.call('status', {})).unlocked,
    packKey: (account, chainId, versionSalt) => keys.call('packKey', { packing: { account, chainId, versionSalt } }),
    orderPoint: (order) => keys.call('orderPoint', { order }),
    openDelivery: (order, orderId, delivery) => keys.call('openDelivery', { order, orderId, delivery }),
    revealForProof: (order, orderId, delivery) => keys.call('revealForProof', { order, orderId, delivery }),
    deliveryAccounts: (at, count) => keys.call('deliveryAccounts', { at, count }),
    heldDeliveries: async () => {
      const { unlocked, held } = await keys.call('status', {});
      return heldDeliveries(unlocked, held);
    },
    holdDeliveries: async (sellers) => heldDeliveries(true, await keys.call('holdDeliveries', { sellers: [...sellers] })),
    sealDelivery: ({ account, chainId, versionSalt, keyCommit, orderId, buyerPoint }) => keys.call('sealDelivery', { packing: { account, chainId, versionSalt }, keyCommit, orderId, buyerPoint }),
  };
}

export function streamKeys(keys: KeysPort): StreamKeys {
  return {
    accounts: async () => (await keys.call('status', {})).accounts.map(({ address }) => fromHex(address)),
    publisherOf: (stream) => keys.call('streamPublisher', { stream }),
    payerKeyOf: async (channel) => (await keys.call('subscriptionKey', { channel })).address,
    signerOf: (gateway) => keys.call('gatewaySigner', { gateway }),
    held: async () => {
      const { unlocked, streams } = await keys.call('status', {});
      return { unlocked, ids: new Set(streams.map((id) => toHex(fromHex(id)))) };
    },
    hold: async ({ published, subscriptions, gateways }) => {
      await keys.call('holdStreams', { published: [...published], subscriptions: [...subscriptions], gateways: [...gateways] });
    },
  };
}

export function publishingKeys(keys: KeysPort): PublishingKeys {
  return {
    publisher: (streamId, address) => ({
      address,
      nodes: async (generation, from, to) => rangeNodes(await keys.call('streamRoot', { streamId, generation }), from, to),
      signBatch: (batch) => keys.call('signBatch', { batch }),
      signTicket: ({ gatewayId, nonce, clientKey, expirySeconds }) => keys.call('signPublishTicket', { streamId, ticket: { gatewayId, nonce, clientKey, expirySeconds } }),
    }),
  };
}

export function readingKeys(keys: KeysPort): ReadingKeys {
  return {
    publicKeyOf: async (channel) => (await keys.call('subscriptionKey', { channel })).publicKey,
    subscriber: (channelId, publicKey) => ({
      publicKey,
      signTicket: ({ gatewayId, nonce, clientKey, expirySeconds }) => keys.call('signReadTicket', { channelId, ticket: { gatewayId, nonce, clientKey, expirySeconds } }),
      signVoucher: (voucher) => keys.call('signVoucher', { voucher }),
      openEnvelope: (sealed) => openEnvelope(sealed, (envelope) => keys.call('openEnvelope', { channelId, envelope })),
    }),
  };
}

export function passwords(keys: KeysPort): Passwords {
  return {
    keep: async (name, password) => {
      await keys.call('keepSecret', { name, secret: password });
    },
    open: async (name) => (await keys.call('openSecret', { name })).secret,
  };
}

export function gatewayKeys(keys: KeysPort): GatewayKeys {
  const streams = streamKeys(keys);
  const secrets = passwords(keys);
  return {
    accounts: () => streams.accounts(),
    held: () => streams.held(),
    signReceipt: (receipt) => keys.call('signReceipt', { receipt }),
    keepSecret: (name, secret) => secrets.keep(name, secret),
    openSecret: (name) => secrets.open(name),
  };
}

function heldDeliveries(unlocked: boolean, { accounts, commits }: KeysStatus['held']): HeldDeliveries {
  const hex = (list: readonly string[]): HeldDeliveries['accounts'] => new Set(list.map((text) => toHex(fromHex(text))));
  return { unlocked, accounts: hex(accounts), commits: hex(commits) };
}

export async function grantMandate(keys: KeysPort, chainId: bigint, proposal: PreparedProposal, permission: StandingPermission): Promise<void> {
  const { id, contract, methods, subject, maxValue, maxGas, maxGasPrice, uses, expiresAt } = permission;
  await keys.call('grantMandate', { proposal: proposal.id, mandate: { id, account: proposal.account, chainId, contract, methods: [...methods], subject, maxValue, maxGas, maxGasPrice, uses, expiresAtMillis: expiresAt } });
}

export const explainRevert: RevertExplainer = (revert) => {
  if (revert.length < 4) return null;
  return revertError(revert).toJSON();
};

/** A quarter more than the estimate: state may move until the block. */
const withMargin = (gas: bigint): bigint => gas + gas / 4n;

/** A step that failed is taken again after a minute, then each time after twice as long; it is simulated first, so that it burns no gas. */
const RETRY_MILLIS = 60_000;
const MAX_ATTEMPTS = 8;

/** Steps of the market and of streams that no sheet is shown for each time. */
export function marketSender(outbox: Outbox, reader: ChainReader, clock: Clock): MarketSender & StandingActions {
  const attemptsOf = (id: string): readonly ActionRecord[] => {
    const records: ActionRecord[] = [];
    for (let record = outbox.find(id); record !== null; record = outbox.find(`${id}#${records.length + 1}`)) records.push(record);
    return records;
  };
  const isDue = (attempts: readonly ActionRecord[]): boolean => {
    const last = attempts.at(-1);
    if (last === undefined) return true;
    return stepState(last) === 'failed' && !isCancelled(last) && attempts.length < MAX_ATTEMPTS && clock.now() >= last.createdAt + RETRY_MILLIS * 2 ** (attempts.length - 1);
  };
  return {
    submit: async ({ id, kind, account, to, payload, authority, subject, lastBlock }: Omit<StandingStep, 'subject'> & Pick<ActionRecord, 'subject'>) => {
      const attempts = attemptsOf(id);
      if (!isDue(attempts)) return;
      const [gas, gasPrice, balance] = await Promise.all([reader.estimateGas({ from: account, to, data: payload, value: 0n }), reader.gasPrice(), reader.balanceOf(account)]);
      const gasLimit = withMargin(gas);
      if (balance < gasLimit * gasPrice) throw new CodedError('INSUFFICIENT_FUNDS', 'The account does not hold enough for the fee of this step; nothing was sent.', { help: 'Bring some CPC to this account; the step is then taken by itself.', meta: { reason: 'step', account: toHex(account) } });
      const attempt = attempts.length === 0 ? id : `${id}#${attempts.length + 1}`;
      await outbox.submit({ id: attempt, kind, title: '', account, calls: [{ to, value: 0n, payload, gasLimit, gasPrice }], authority, subject, ...(lastBlock === undefined ? {} : { lastBlock }) });
    },
    stateOf: (id) => stepState(attemptsOf(id).at(-1) ?? null),
  };
}

/** Done when the transactions' blocks have children. What the user cancelled has failed, and is not tried again. */
function stepState(record: ActionRecord | null): StepState {
  if (record === null) return 'none';
  if (record.error !== null || isCancelled(record) || record.entries.some(({ ok }) => ok === false)) return 'failed';
  return record.entries.every(({ state }) => state === 'final') ? 'done' : 'under-way';
}
