/** The seller's delivery account: its money, and which listings name it (docs/protocol/11 §4.8). */
import { fromHex, type Hex } from '../base/bytes.ts';
import { CodedError } from '../base/errors.ts';
import type { ChainReader } from '../chain/reader.ts';
import * as listings from '../contracts/bindings/pd-listing.gen.ts';
import type { ListingRecord } from '../market/index/listing.ts';
import type { Market } from '../market/market.ts';
import { answersLeft, deliveryCapOf, deliveryTopUp } from '../market/orders/delivery-limits.ts';
import type { DraftCall } from '../wallet/proposals.ts';
import { checksummed } from './address.ts';
import type { DeliveryAccount } from './contract/orders.ts';
import type { Proposal } from './contract/proposal.ts';
import { marketOf, ownAccounts } from './market-procedures.ts';
import { addressField, amountField, proposalView } from './proposal-view.ts';
import type { NetworkServices, Services } from './services.ts';

const NOTHING = new Uint8Array(0);
const TRANSFER_GAS = 21_000n;

/** What a new or emptied delivery account is to be given, base units; 0 where it has enough. */
export async function missingDeliveryMoney(reader: ChainReader, account: Hex): Promise<bigint> {
  const [balance, gasPrice] = await Promise.all([reader.balanceOf(fromHex(account)), reader.gasPrice()]);
  return deliveryTopUp(balance, gasPrice);
}

export function deliveryTransfer(account: Hex, money: bigint): readonly DraftCall[] {
  return money === 0n ? [] : [{ to: fromHex(account), value: money, payload: NOTHING }];
}

/** Delivery accounts of the own sellers that still matter: those that listings name, and replaced ones with money on them. */
export async function deliveryAccounts(services: Services): Promise<readonly DeliveryAccount[]> {
  const { reader } = services.network();
  const market = marketOf(services.network());
  const gasPrice = await reader.gasPrice();
  const found: DeliveryAccount[] = [];
  for (const seller of await ownAccounts(services)) {
    const own = liveListings(market, seller);
    for (const address of market.deliveries.usedOf(seller)) {
      const balance = await reader.balanceOf(fromHex(address));
      const named = own.filter(({ deliveryKey }) => deliveryKey === address);
      if (named.length === 0 && balance === 0n) continue;
      found.push({
        seller: checksummed(fromHex(seller)), address: checksummed(fromHex(address)), balance, answersLeft: answersLeft(balance, gasPrice),
        listings: named.length, state: named.length === 0 ? 'unused' : named.every((listing) => market.deliveries.extends(listing)) ? 'on' : 'locked',
      });
    }
  }
  return found;
}

/** Listings that take or may again take orders. */
function liveListings(market: Market, seller: Hex): readonly ListingRecord[] {
  return market.index.listingsOf(seller).filter(({ status }) => status !== 'Retired');
}

/** Whether a listing that takes orders names no delivery account of this wallet. */
export function lacksDelivery(market: Market, seller: Hex): boolean {
  const accounts = market.deliveries.accountsOf(seller);
  return liveListings(market, seller).some(({ deliveryKey }) => !accounts.includes(deliveryKey));
}

export async function prepareDelivery(services: Services, seller: Hex, action: 'top-up' | 'take-back' | 'set' | 'replace', address: Hex | null): Promise<Proposal> {
  const network = services.network();
  const market = marketOf(network);
  if (!(await ownAccounts(services)).includes(seller)) throw new CodedError('UNKNOWN_ACCOUNT', 'This account is not in the wallet.');
  switch (action) {
    case 'top-up': return topUp(network, seller, await market.deliveries.currentOf(seller));
    case 'take-back': return takeBack(network, market, seller, address);
    case 'set': return setAccount(network, market, seller, await market.deliveries.currentOf(seller));
    case 'replace': return setAccount(network, market, seller, await market.deliveries.nextOf(seller));
  }
}

async function topUp(network: NetworkServices, seller: Hex, account: Hex): Promise<Proposal> {
  const money = await missingDeliveryMoney(network.reader, account);
  if (money === 0n) throw new CodedError('DELIVERY_HAS_GAS', 'The delivery account still has enough for its next answers.', { help: 'Top it up when the desk says so.' });
  const prepared = await network.wallet.proposals.prepare({ kind: 'delivery-top-up', title: '', account: fromHex(seller), calls: deliveryTransfer(account, money), subject: null, permissions: [] });
  return proposalView(prepared, { fields: [addressField('delivery-account', fromHex(account), network.wallet), amountField('amount', money)], notes: [{ key: 'delivery-money', tone: 'info', values: {} }], valueReason: 'delivery' }, network.wallet);
}

async function takeBack(network: NetworkServices, market: Market, seller: Hex, account: Hex | null): Promise<Proposal> {
  if (account === null || !market.deliveries.usedOf(seller).includes(account)) throw new CodedError('UNKNOWN_ACCOUNT', 'This is no delivery account of this seller.', { meta: { reason: 'delivery' } });
  const { reader, wallet } = network;
  const [balance, gasPrice] = await Promise.all([reader.balanceOf(fromHex(account)), reader.gasPrice()]);
  const amount = balance - TRANSFER_GAS * gasPrice;
  if (amount <= 0n) throw new CodedError('NOTHING_TO_WITHDRAW', 'There is not more on this account than the fee of taking it back.', { meta: { reason: 'fee' } });
  const prepared = await wallet.proposals.prepare({ kind: 'delivery-take-back', title: '', account: fromHex(account), calls: [{ to: fromHex(seller), value: amount, payload: NOTHING, gasLimit: TRANSFER_GAS }], subject: null, permissions: [] });
  const back = { account: checksummed(fromHex(seller)), accountName: wallet.labels.nameOf(fromHex(seller)), amount, reason: 'refund' as const };
  const isUsed = liveListings(market, seller).some(({ deliveryKey }) => deliveryKey === account);
  return proposalView(prepared, { fields: [addressField('to', fromHex(seller), wallet), amountField('amount', amount)], notes: isUsed ? [{ key: 'delivery-stops', tone: 'warn', values: {} }] : [], changes: [back], valueReason: 'delivery' }, wallet);
}

/** Names `account` in every listing of the seller that does not name it. */
async function setAccount(network: NetworkServices, market: Market, seller: Hex, account: Hex): Promise<Proposal> {
  const { reader, wallet } = network;
  const changed = liveListings(market, seller).filter(({ deliveryKey }) => deliveryKey !== account);
  if (changed.length === 0) throw new CodedError('DELIVERY_SET', 'Every open listing of this account names its delivery account already.');
  const money = await missingDeliveryMoney(reader, account);
  const calls = changed.map(({ id, bondFree, bondReserved }) => ({ to: fromHex(market.contracts.addresses.listings), value: 0n, payload: listings.encodeSetDeliveryKey(id, account, deliveryCapOf(bondFree + bondReserved, market.contracts.parameters)) }));
  const prepared = await wallet.proposals.prepare({ kind: 'delivery-set', title: '', account: fromHex(seller), calls: [...calls, ...deliveryTransfer(account, money)], subject: null, permissions: [] });
  return proposalView(prepared, { fields: [addressField('delivery-account', fromHex(account), wallet), { key: 'listings', value: { kind: 'count', count: changed.length } }], notes: [{ key: 'delivery-set', tone: 'info', values: {} }], valueReason: 'delivery' }, wallet);
}
