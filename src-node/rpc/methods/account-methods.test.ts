import { beforeEach, describe, expect, it } from 'vitest';
import { fromHex, hexOf, type Bytes } from '../../base/bytes.ts';
import { CodedError } from '../../base/errors.ts';
import { silentLogger } from '../../base/logger.ts';
import { Rate } from '../../base/rate.ts';
import type { RpcBackend } from '../backend.ts';
import { Allowance } from '../protocol/allowance.ts';
import type { Caller } from '../protocol/caller.ts';
import { Dispatcher } from '../protocol/dispatcher.ts';
import type { WalletPort } from '../wallet-port.ts';
import { accountMethods, SENDING_RATE } from './account-methods.ts';
import { reasonDeclined } from './declined.ts';

const OWN = fromHex('a94f5374fce5edbc8e2a8697c15331677e6ebf0b');
const [from, to] = [`0x${hexOf(OWN)}`, `0x${'22'.repeat(20)}`];
const HASH = fromHex('77'.repeat(32));
const program: Caller = { access: 'private', allowance: new Allowance(), session: undefined, link: 'socket', closed: new AbortController().signal };
const stranger: Caller = { ...program, access: 'public' };
let asked: unknown[];
let held: readonly Bytes[];
let unlocked: boolean;
let declines: boolean;

const answer = (what: unknown, with_: Bytes): Promise<Bytes> => {
  asked.push(what);
  return declines ? Promise.reject(new CodedError('REQUEST_DECLINED', 'request declined in the wallet')) : Promise.resolve(with_);
};
const wallet: WalletPort = {
  addresses: () => Promise.resolve(held),
  isUnlocked: () => Promise.resolve(unlocked),
  lock: () => { unlocked = false; return Promise.resolve(); },
  askTransaction: (what) => answer(what, HASH),
  askSignature: (what) => answer(what, new Uint8Array(65)),
};
const server = (backend: Partial<RpcBackend>): Dispatcher => new Dispatcher(accountMethods(backend as RpcBackend), { logger: silentLogger }, reasonDeclined);
let dispatcher: Dispatcher;

async function ask(method: string, params: readonly unknown[] = [], caller = program, at = dispatcher): Promise<unknown> {
  const { result, error } = JSON.parse(await at.answer(JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }), caller)) as { readonly result?: unknown; readonly error?: unknown };
  return error ?? result;
}

beforeEach(() => {
  asked = [];
  held = [OWN];
  unlocked = true;
  declines = false;
  dispatcher = server({ wallet });
});

describe('accounts', () => {
  it('are told to authorised programs; others, and those of a node without any, hear of none', async () => {
    const none = { code: -32000, message: 'coinbase must be explicitly specified' };
    const all = async (caller: Caller, at = dispatcher): Promise<unknown> => Promise.all(['eth_accounts', 'eth_coinbase', 'eth_cpcbase'].map((name) => ask(name, [], caller, at)));
    expect(await all(program)).toEqual([[from], from, from]);
    expect(await all(stranger)).toEqual([[], none, none]);
    expect(await all(program, server({}))).toEqual([[], none, none]);
    held = [];
    expect(await all(program)).toEqual([[], none, none]);
  });

  it('are listed and locked', async () => {
    expect(await ask('personal_listAccounts')).toEqual([from]);
    expect(await ask('personal_listWallets')).toMatchObject([{ status: 'Unlocked', accounts: [{ address: from }] }]);
    expect([await ask('personal_lockAccount', [to]), unlocked]).toEqual([false, true]);
    expect([await ask('personal_lockAccount', [from]), unlocked]).toEqual([true, false]);
    expect(await ask('personal_listWallets')).toMatchObject([{ status: 'Locked' }]);
  });

  it('are asked for by private methods only', () => {
    const open = accountMethods({ wallet } as RpcBackend).filter(({ access }) => access === 'public').map(({ name }) => name);
    expect(open).toEqual(['eth_accounts', 'eth_coinbase', 'eth_cpcbase']);
  });
});

describe('a transaction', () => {
  it.each(['personal_sendTransaction', 'personal_signAndSendTransaction'])('is asked for by %s, whose password is not looked at', async (method) => {
    const sending = { from, to, value: '0x7', gas: '0x5208', gasPrice: '0x9', nonce: '0x3', input: '0x0102' };
    expect(await ask(method, [sending, 'any'])).toBe(`0x${hexOf(HASH)}`);
    expect(await ask(method, [{ from, to }])).toBe(`0x${hexOf(HASH)}`);
    expect(asked).toEqual([
      { account: OWN, to: fromHex(to), value: 7n, payload: Uint8Array.of(1, 2), gasLimit: 21_000n, gasPrice: 9n, nonce: 3n },
      { account: OWN, to: fromHex(to), value: 0n, payload: new Uint8Array(0), gasLimit: undefined, gasPrice: undefined, nonce: undefined },
    ]);
  });

  it.each<[what: string, sending: object, message: string]>([
    ['of nobody', { to }, 'unknown account'],
    ['of another account', { from: to, to }, 'unknown account'],
    ['with two kinds of data', { from, to, data: '0x01', input: '0x02' }, 'Both "data" and "input" are set and not equal. Please use "input" to pass transaction call data.'],
    ['to nobody without data', { from, data: '0x' }, 'contract creation without any data provided'],
    ['of another type', { from, to, type: '0x1' }, 'not supported transaction type'],
    ['that is too long', { from, to, data: `0x${'00'.repeat(32_769)}` }, 'oversized data'],
  ])('%s is refused before anybody is asked', async (_, sending, message) => {
    expect(await ask('personal_sendTransaction', [sending, ''])).toEqual({ code: -32000, message });
    expect(asked).toEqual([]);
  });

  it('that was declined says so', async () => {
    declines = true;
    expect(await ask('personal_sendTransaction', [{ from, to }, ''])).toEqual({ code: -32000, message: 'request declined in the wallet' });
  });

  it('may be asked for 40 times a second, from nothing up to 200 at once', async () => {
    expect(await ask('eth_sendTransaction', [{ from, to }])).toEqual({ code: -32000, message: 'exceed transaction process rate' });
    let now = 0;
    const rate = new Rate(SENDING_RATE, () => now);
    const taken = (): number => {
      let count = 0;
      while (rate.take() === 0) count++;
      return count;
    };
    expect(taken()).toBe(0);
    now = 1000;
    expect(taken()).toBe(40);
    now = 1_000_000;
    expect(taken()).toBe(200);
  });
});

describe('a message', () => {
  it('is asked to be signed, in the order of arguments of either method', async () => {
    expect([await ask('eth_sign', [from, '0x6869']), await ask('personal_sign', ['0x6869', from, 'any']), await ask('personal_sign', ['0x6869', from])]).toEqual(Array(3).fill(`0x${'00'.repeat(65)}`));
    expect(asked).toEqual(Array(3).fill({ account: OWN, message: Uint8Array.of(0x68, 0x69) }));
    expect(await ask('eth_sign', [to, '0x6869'])).toMatchObject({ message: 'unknown account' });
  });
});

describe('a method that is not offered', () => {
  it.each([
    ['eth_signTransaction', 'eth_sendRawTransaction'], ['personal_signTransaction', 'eth_sendRawTransaction'], ['eth_resend', 'sped up or cancelled in the wallet'], ['personal_unlockAccount', 'in its window'],
    ['personal_newAccount', 'in the wallet'], ['personal_importRawKey', 'in the wallet'], ['personal_openWallet', 'hardware'], ['personal_deriveAccount', 'hardware'],
  ])('%s says why', async (method, reason) => {
    expect(await ask(method, [{}])).toMatchObject({ code: -32601, message: expect.stringContaining(reason) as string });
  });

  it('says of a node without a wallet that it has none', async () => {
    expect(await ask('eth_sendTransaction', [{ from, to }], program, server({}))).toMatchObject({ code: -32601, message: expect.stringContaining('no wallet') as string });
  });
});
