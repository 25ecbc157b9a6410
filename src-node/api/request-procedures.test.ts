import { createRouterClient } from '@orpc/server';
import { beforeEach, describe, expect, it } from 'vitest';
import { fromHex, utf8 } from '../base/bytes.ts';
import { millis } from '../base/clock.ts';
import { silentLogger } from '../base/logger.ts';
import type { AskedTransaction, ProgramRequest } from '../wallet/program-request.ts';
import type { PreparedProposal } from '../wallet/proposals.ts';
import { checksummed } from './address.ts';
import type { ApiClient, Proposal } from './contract/index.ts';
import type { ApiContext } from './procedures.ts';
import { requestProcedures } from './request-procedures.ts';
import type { Services } from './services.ts';

const [ACCOUNT, SHOP] = [fromHex('11'.repeat(20)), fromHex('22'.repeat(20))];
const asked: AskedTransaction = { kind: 'transaction', account: ACCOUNT, to: SHOP, value: 7n, payload: new Uint8Array(0), gasLimit: undefined, gasPrice: undefined, nonce: undefined };
let request: ProgramRequest;
let code: Uint8Array;
let done: string[];

beforeEach(() => {
  request = { id: 'r', asked, link: 'socket', isRepeated: false, askedAt: millis(1), expiresAt: millis(300_001) };
  code = new Uint8Array(0);
  done = [];
});

function context(): ApiContext {
  const prepared = (): PreparedProposal => {
    const { to, value, payload } = request.asked as AskedTransaction;
    return { id: 'p', kind: 'program', title: '', account: ACCOUNT, calls: [{ to, value, payload, gasEstimate: 21_000n, gasLimit: 26_250n, gasPrice: 2n }], subject: null, permissions: [], nonce: 4n, value, feeAtMost: 52_500n, balance: 10n ** 18n, simulatedOnBlock: 9n, expiresAt: millis(600_000) };
  };
  const requests = { list: () => [request], get: () => request, prepare: () => Promise.resolve(prepared()), signMessage: (id: string) => Promise.resolve(void done.push(`sign ${id}`)), decline: (id: string) => void done.push(`decline ${id}`) };
  const wallet = { requests, labels: { nameOf: () => null }, names: { contractOf: () => null, methodOf: () => null, argumentsOf: () => null } };
  const reader = { codeOf: () => Promise.resolve(code), estimateGas: () => Promise.resolve(50_000n) };
  const keys = { call: (name: string) => Promise.resolve(void done.push(name)) };
  const services = { hasNetwork: () => true, network: () => ({ wallet, reader }), keys, changed: () => undefined };
  return { services: services as unknown as Services, log: silentLogger };
}
const client = (): ApiClient['requests'] => createRouterClient(requestProcedures, { context: context() });
const sheetOf = (what: Partial<AskedTransaction> = {}): Promise<Proposal> => {
  request = { ...request, asked: { ...asked, ...what } };
  return client().prepare({ id: 'r' });
};
const notesOf = async (what: Partial<AskedTransaction> = {}): Promise<readonly string[]> => (await sheetOf(what)).notes.map(({ key }) => key);

describe('the sheet of an asked transaction', () => {
  it('says account, recipient, amount, number and highest fee', async () => {
    const { kind, fields, feeAtMost } = await sheetOf();
    expect([kind, feeAtMost]).toEqual(['program', 52_500n]);
    expect(fields).toEqual([
      { key: 'account', value: { kind: 'address', address: checksummed(ACCOUNT), name: null } }, { key: 'to', value: { kind: 'address', address: checksummed(SHOP), name: null } },
      { key: 'amount', value: { kind: 'amount', amount: 7n } }, { key: 'number', value: { kind: 'count', count: 4 } },
    ]);
    expect((await sheetOf({ to: null, payload: Uint8Array.of(1) })).fields.map(({ key }) => key)).toEqual(['account', 'amount', 'number']);
  });

  it('says how it came, that it repeats another, that a contract gets the money, and that its gas is too little', async () => {
    expect(await notesOf()).toEqual(['program-socket']);
    request = { ...request, link: 'http', isRepeated: true };
    code = Uint8Array.of(1);
    expect(await notesOf({ gasLimit: 49_999n })).toEqual(['program-http', 'program-repeated', 'to-contract', 'program-gas-short']);
    expect(await notesOf({ gasLimit: 50_000n, payload: Uint8Array.of(1) })).toEqual(['program-http', 'program-repeated']);
  });
});

describe('requests', () => {
  it('are listed with what they ask: a text where it is one, its bytes otherwise', async () => {
    expect(await client().list()).toMatchObject([{ id: 'r', account: checksummed(ACCOUNT), link: 'socket', what: { kind: 'transaction', to: checksummed(SHOP), amount: 7n, dataBytes: 0 }, expiresAt: 300_001 }]);
    request = { ...request, asked: { kind: 'message', account: ACCOUNT, message: utf8('hi') } };
    expect(await client().list()).toMatchObject([{ what: { kind: 'message', text: 'hi', hex: '0x6869', bytes: 2 } }]);
    request = { ...request, asked: { kind: 'message', account: ACCOUNT, message: Uint8Array.of(0xff) } };
    expect(await client().list()).toMatchObject([{ what: { text: null, hex: '0xff', bytes: 1 } }]);
  });

  it('are signed after the wallet was unlocked, and declined without it', async () => {
    await client().signMessage({ id: 'r', password: 'secret' });
    await client().signMessage({ id: 'r' });
    await client().decline({ id: 'r' });
    expect(done).toEqual(['unlock', 'sign r', 'sign r', 'decline r']);
  });
});
