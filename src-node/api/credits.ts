/** What contracts owe an account until it is paid out: the escrow of the market, and the channels and gateways of streams. */
import { fromHex, toHex, type Bytes } from '../base/bytes.ts';
import * as channels from '../contracts/bindings/pd-channel.gen.ts';
import * as escrow from '../contracts/bindings/pd-escrow.gen.ts';
import * as gateways from '../contracts/bindings/pd-gateway.gen.ts';
import type { DraftCall } from '../wallet/proposals.ts';
import type { NetworkServices } from './services.ts';

export interface Credit {
  readonly amount: bigint;
  /** Pays it out. */
  readonly call: DraftCall;
}

/** Those that are not zero. */
export async function creditsOf({ market, streams }: Pick<NetworkServices, 'market' | 'streams'>, account: Bytes): Promise<readonly Credit[]> {
  const [sales, flows] = [market.current(), streams.current()];
  const owner = toHex(account);
  const credit = async (owed: Promise<bigint>, contract: string, payload: Bytes): Promise<Credit> => ({ amount: await owed, call: { to: fromHex(contract), value: 0n, payload } });
  const all = await Promise.all([
    ...(sales === null ? [] : [credit(sales.reads.balance(account), sales.contracts.addresses.escrow, escrow.encodeWithdraw(owner))]),
    ...(flows === null ? [] : [
      credit(flows.reads.channelCredit(account), flows.contracts.addresses.channel, channels.encodeWithdraw(owner)),
      credit(flows.reads.gatewayCredit(account), flows.contracts.addresses.gateway, gateways.encodeWithdraw(owner)),
    ]),
  ]);
  return all.filter(({ amount }) => amount > 0n);
}

export async function withdrawableOf(network: Pick<NetworkServices, 'market' | 'streams'>, account: Bytes): Promise<bigint> {
  return (await creditsOf(network, account)).reduce((sum, { amount }) => sum + amount, 0n);
}
