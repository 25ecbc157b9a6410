/**
 * eth and personal, as far as they ask the wallet (docs/protocol/05 §3.1, §3.3, §5, §11). Requests wait until a person has answered them in the
 * window. Passwords that other nodes are given here are taken and not looked at: the wallet is unlocked in the window alone.
 */
import { toHex, equal, type Bytes } from '../../base/bytes.ts';
import { Rate, type RateOptions } from '../../base/rate.ts';
import type { RpcBackend } from '../backend.ts';
import { ADDRESS, DATA, OPTIONAL_VALUE, TRANSACTION } from '../parameters/index.ts';
import { payloadOf, type TransactionArguments } from '../parameters/transaction-arguments.ts';
import type { Caller } from '../protocol/caller.ts';
import { rpcError } from '../protocol/errors.ts';
import { method, privateMethod, type RpcMethod } from '../protocol/method.ts';
import type { WalletPort } from '../wallet-port.ts';

/** More than any transaction holds (docs/protocol/03 §10.1). */
const MAX_PAYLOAD_BYTES = 32_768;
/** How often transactions may be asked for, by all programs together (docs/protocol/05 §3.3). */
export const SENDING_RATE: RateOptions = { capacity: 200, perSecond: 40, initial: 0 };

export function accountMethods({ wallet }: RpcBackend): RpcMethod[] {
  return wallet === undefined ? nobodysMethods() : [...ownMethods(wallet), ...signingMethods(wallet, new Rate(SENDING_RATE))];
}

/** What a node without a wallet answers. */
function nobodysMethods(): RpcMethod[] {
  return [method('eth_accounts', [], () => []), ...['eth_coinbase', 'eth_cpcbase'].map((name) => method(name, [], noCoinbase))];
}

/** Which accounts there are is told to authorised programs alone; others hear what a node without a wallet says. */
function ownMethods(wallet: WalletPort): RpcMethod[] {
  const addresses = async ({ access }: Pick<Caller, 'access'>): Promise<readonly string[]> => (access === 'private' ? (await wallet.addresses()).map(toHex) : []);
  return [
    method('eth_accounts', [], (_, caller) => addresses(caller)),
    ...['eth_coinbase', 'eth_cpcbase'].map((name) => method(name, [], async (_, caller) => (await addresses(caller))[0] ?? noCoinbase())),
    privateMethod('personal_listAccounts', [], () => addresses({ access: 'private' })),
    privateMethod('personal_listWallets', [], async () => [walletView(await addresses({ access: 'private' }), await wallet.isUnlocked())]),
    // One password opens all accounts, so all are locked together.
    privateMethod('personal_lockAccount', [ADDRESS], async ([account]) => {
      if (!(await holds(wallet, account))) return false;
      await wallet.lock();
      return true;
    }),
  ];
}

function signingMethods(wallet: WalletPort, rate: Rate): RpcMethod[] {
  const send = async (asked: TransactionArguments, caller: Caller): Promise<string> => toHex(await wallet.askTransaction(await transactionOf(wallet, asked), caller));
  const sign = async (account: Bytes, message: Bytes, caller: Caller): Promise<string> => {
    await assertHeld(wallet, account);
    return toHex(await wallet.askSignature({ account, message }, caller));
  };
  return [
    privateMethod('eth_sendTransaction', [TRANSACTION], ([asked], caller) => {
      if (rate.take() > 0) throw rpcError('CALL_FAILED', 'exceed transaction process rate');
      return send(asked, caller);
    }),
    ...['personal_sendTransaction', 'personal_signAndSendTransaction'].map((name) => privateMethod(name, [TRANSACTION, OPTIONAL_VALUE], ([asked], caller) => send(asked, caller))),
    privateMethod('eth_sign', [ADDRESS, DATA], ([account, message], caller) => sign(account, message, caller)),
    privateMethod('personal_sign', [DATA, ADDRESS, OPTIONAL_VALUE], ([message, account], caller) => sign(account, message, caller)),
  ];
}

async function transactionOf(wallet: WalletPort, asked: TransactionArguments): Promise<Parameters<WalletPort['askTransaction']>[0]> {
  const { from, to, value, gas, gasPrice, nonce, type } = asked;
  const account = await assertHeld(wallet, from);
  const payload = payloadOf(asked);
  if (type !== 0n) throw rpcError('CALL_FAILED', 'not supported transaction type');
  if (payload.length > MAX_PAYLOAD_BYTES) throw rpcError('CALL_FAILED', 'oversized data');
  return { account, to, value, payload, gasLimit: gas, gasPrice, nonce };
}

async function holds(wallet: WalletPort, account: Bytes): Promise<boolean> {
  return (await wallet.addresses()).some((address) => equal(address, account));
}

/** @throws CALL_FAILED */
async function assertHeld(wallet: WalletPort, account: Bytes | undefined): Promise<Bytes> {
  if (account === undefined || !(await holds(wallet, account))) throw rpcError('CALL_FAILED', 'unknown account');
  return account;
}

function noCoinbase(): never {
  throw rpcError('CALL_FAILED', 'coinbase must be explicitly specified');
}

/** Where its files lie is not said. */
function walletView(addresses: readonly string[], isUnlocked: boolean): object {
  const url = 'keystore://wallet';
  return { url, status: isUnlocked ? 'Unlocked' : 'Locked', accounts: addresses.map((address) => ({ address, url })) };
}
