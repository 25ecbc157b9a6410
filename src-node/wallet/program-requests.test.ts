import { beforeEach, describe, expect, it, vi } from 'vitest';
import { concat, fromBigInt, fromHex, toHex, utf8, type Bytes } from '../base/bytes.ts';
import { ManualClock, millis } from '../base/clock.ts';
import { CodedError } from '../base/errors.ts';
import { silentLogger } from '../base/logger.ts';
import type { ChainReader } from '../chain/reader.ts';
import { keccak256 } from '../crypto/keccak.ts';
import { Outbox } from './outbox.ts';
import { OutboxStore } from './outbox-store.ts';
import type { AskedTransaction } from './program-request.ts';
import { ProgramRequests } from './program-requests.ts';
import { Proposals } from './proposals.ts';
import { openWalletStore } from './store.ts';

const ACCOUNT = fromHex('11'.repeat(20));
const SHOP = fromHex('22'.repeat(20));
const FIVE_MINUTES = millis(5 * 60_000);
const plain: Omit<AskedTransaction, 'kind'> = { account: ACCOUNT, to: SHOP, value: 7n, payload: new Uint8Array(0), gasLimit: undefined, gasPrice: undefined, nonce: undefined };
const hashOf = (nonce: bigint, value: bigint): Bytes => keccak256(rawOf(nonce, value));
const rawOf = (nonce: bigint, value: bigint): Bytes => concat(fromBigInt(nonce, 8), fromBigInt(value, 8));

let clock: ManualClock;
let sent: string[];
let refusal: CodedError | null;
let locked: boolean;
let outbox: Outbox;
let proposals: Proposals;
let requests: ProgramRequests;
let socket: AbortController;

beforeEach(() => {
  clock = new ManualClock(millis(0));
  sent = [];
  refusal = null;
  locked = false;
  socket = new AbortController();
  const known: Partial<ChainReader> = {
    chainId: 4181n, head: () => null, nonceOf: () => Promise.resolve(0n), receipt: () => Promise.resolve(null), estimateGas: () => Promise.resolve(21_000n), gasPrice: () => Promise.resolve(1n), balanceOf: () => Promise.resolve(10n ** 18n),
    send: (raw) => {
      if (refusal !== null) return Promise.reject(refusal);
      sent.push(toHex(raw));
      return Promise.resolve(keccak256(raw));
    },
  };
  const reader = known as ChainReader;
  const lockedError = (): Promise<never> => Promise.reject(new CodedError('WALLET_LOCKED', 'Locked.'));
  const signTransaction = ({ nonce, value }: { readonly nonce: bigint; readonly value: bigint }): Promise<Bytes> => (locked ? lockedError() : Promise.resolve(rawOf(nonce, value)));
  outbox = new Outbox({ store: new OutboxStore(openWalletStore(':memory:')), reader, signer: { signTransaction }, clock, log: silentLogger, onChange: () => requests.settle() });
  proposals = new Proposals({ reader, outbox, clock, explain: () => null, grant: () => Promise.resolve() });
  const signMessage = (_: Bytes, message: Bytes): Promise<Bytes> => (locked ? lockedError() : Promise.resolve(concat(utf8('signed '), message)));
  requests = new ProgramRequests({ proposals, outbox, reader, signer: { signMessage }, clock, onChange: () => undefined });
});

/** Asks, and waits until the request is shown. */
async function ask(asked: Partial<AskedTransaction> = {}, closed = socket.signal): Promise<{ readonly id: string; readonly answer: Promise<unknown> }> {
  const before = requests.list().length;
  const answer = requests.askTransaction({ ...plain, ...asked }, { link: 'socket', closed }).then(toHex, (error: unknown) => error as CodedError);
  for (let turns = 0; turns < 50 && requests.list().length === before; turns++) await Promise.resolve();
  return { id: requests.list().at(-1)?.id ?? expect.fail('it is not shown'), answer };
}
const refused = (asked: Partial<AskedTransaction>): Promise<unknown> => requests.askTransaction({ ...plain, ...asked }, { link: 'socket', closed: new AbortController().signal });

describe('a transaction that a program asks for', () => {
  it('is signed as its sheet showed it, and answered with its hash, once', async () => {
    const { id, answer } = await ask();
    const sheet = await requests.prepare(id);
    expect([sheet.value, sheet.feeAtMost, sheet.nonce]).toEqual([7n, 26_250n, 0n]);
    const [one, two] = await Promise.all([requests.confirm(sheet.id), requests.confirm(sheet.id)]);
    expect(await answer).toBe(toHex(hashOf(0n, 7n)));
    expect([one.id, two.id, (await requests.confirm(sheet.id)).id]).toEqual([sheet.id, sheet.id, sheet.id]);
    expect([sent, requests.list()]).toEqual([[toHex(rawOf(0n, 7n))], []]);
  });

  it('signs nothing by another of its sheets, before or after the answer', async () => {
    const { id } = await ask();
    const [first, second] = [await requests.prepare(id), await requests.prepare(id)];
    await requests.confirm(first.id);
    await expect(requests.confirm(second.id)).rejects.toMatchObject({ code: 'REQUEST_WITHDRAWN' });
    expect(sent).toHaveLength(1);
  });

  it('is answered that it was declined, and its sheet signs nothing then', async () => {
    const { id, answer } = await ask();
    const sheet = await requests.prepare(id);
    requests.decline(id);
    expect(await answer).toMatchObject({ code: 'REQUEST_DECLINED', message: 'request declined in the wallet' });
    await expect(requests.confirm(sheet.id)).rejects.toMatchObject({ code: 'REQUEST_WITHDRAWN' });
    expect(() => requests.decline(id)).toThrow(expect.objectContaining({ code: 'REQUEST_WITHDRAWN' }));
    expect(sent).toEqual([]);
  });

  it.each<[what: string, end: () => void, code: string]>([
    ['its time is over', () => clock.advance(FIVE_MINUTES), 'REQUEST_EXPIRED'],
    ['its connection ends', () => socket.abort(), 'REQUEST_WITHDRAWN'],
  ])('is withdrawn when %s', async (_, end, code) => {
    const { id, answer } = await ask();
    const sheet = await requests.prepare(id);
    end();
    expect(await answer).toMatchObject({ code });
    await expect(requests.confirm(sheet.id)).rejects.toMatchObject({ code: 'REQUEST_WITHDRAWN' });
    expect([requests.list(), sent]).toEqual([[], []]);
  });

  it('waits on after a signature that could not be made, and not for a program that has gone meanwhile', async () => {
    const { id, answer } = await ask();
    const sheet = await requests.prepare(id);
    const taken = await requests.prepare(id);
    await outbox.submit({ id: 'own', kind: 'send', title: '', account: ACCOUNT, calls: [{ to: SHOP, value: 1n, payload: new Uint8Array(0), gasLimit: 21_000n, gasPrice: 1n }], authority: { kind: 'sheet', proposal: 'own' }, subject: null });
    await expect(requests.confirm(sheet.id)).rejects.toMatchObject({ code: 'SIMULATION_CHANGED', meta: { reason: 'nonce' } });
    expect(requests.list()).toHaveLength(1);
    const failing = requests.confirm(taken.id);
    socket.abort();
    await expect(failing).rejects.toMatchObject({ code: 'SIMULATION_CHANGED' });
    expect([await answer, requests.list()]).toMatchObject([{ code: 'REQUEST_WITHDRAWN' }, []]);
  });

  it('is answered with what the node says of it', async () => {
    const { id, answer } = await ask();
    refusal = new CodedError('TRANSACTION_REFUSED', 'The node did not take it.', { meta: { reason: 'UNDERPRICED' } });
    await requests.confirm((await requests.prepare(id)).id);
    expect(await answer).toMatchObject({ code: 'TRANSACTION_REFUSED', message: 'The node did not take it.' });
  });

  it('is answered when it is sent, though the wallet locked itself before it was signed', async () => {
    const { id, answer } = await ask();
    const sheet = await requests.prepare(id);
    locked = true;
    await requests.confirm(sheet.id);
    expect(() => requests.decline(id)).toThrow(expect.objectContaining({ code: 'REQUEST_WITHDRAWN' }));
    locked = false;
    socket.abort();
    await outbox.step();
    expect(await answer).toBe(toHex(hashOf(0n, 7n)));
  });

  it('keeps the number that its program gave, or is refused', async () => {
    await expect(refused({ nonce: 1n })).rejects.toMatchObject({ code: 'NONCE_NOT_NEXT', meta: { given: '1', next: '0' } });
    const [one, other] = [await ask({ nonce: 0n }), await ask({ nonce: 0n })];
    const [first, second] = [await requests.prepare(one.id), await requests.prepare(other.id)];
    await requests.confirm(first.id);
    await expect(requests.confirm(second.id)).rejects.toMatchObject({ code: 'SIMULATION_CHANGED' });
    await expect(requests.prepare(other.id)).rejects.toMatchObject({ code: 'NONCE_NOT_NEXT' });
    expect(sent).toEqual([toHex(rawOf(0n, 7n))]);
  });

  it('is refused at once where there is no money for it, and never shown', async () => {
    for (let i = 0; i < 9; i++) await expect(refused({ value: 10n ** 18n })).rejects.toMatchObject({ code: 'INSUFFICIENT_FUNDS' });
    expect(requests.list()).toEqual([]);
  });

  it('that repeats another one says so, and gets a number of its own', async () => {
    const [one, other] = [await ask(), await ask()];
    expect(requests.list().map(({ isRepeated }) => isRepeated)).toEqual([false, true]);
    await requests.confirm((await requests.prepare(one.id)).id);
    await requests.confirm((await requests.prepare(other.id)).id);
    expect(await Promise.all([one.answer, other.answer])).toEqual([toHex(hashOf(0n, 7n)), toHex(hashOf(1n, 7n))]);
  });
});

describe('requests that wait', () => {
  it('are three of one connection and eight in all at most, those that are being looked at included', async () => {
    for (let i = 0; i < 3; i++) await ask();
    await expect(requests.askTransaction(plain, { link: 'socket', closed: socket.signal })).rejects.toMatchObject({ code: 'TOO_MANY_REQUESTS' });
    const more = [...Array<undefined>(6)].map(() => refused({}).then(undefined, (error: unknown) => (error as CodedError).code));
    expect(await Promise.race(more)).toBe('TOO_MANY_REQUESTS');
    await expect.poll(() => requests.list().length).toBe(8);
    requests.decline(requests.list()[0]?.id ?? '');
    await ask();
    expect(requests.list()).toHaveLength(8);
  });
});

describe('sheets of requests', () => {
  it('take no room from those of the window, however often a program asks', async () => {
    const own = await proposals.prepare({ kind: 'send', title: '', account: ACCOUNT, calls: [{ to: SHOP, value: 1n, payload: new Uint8Array(0) }], subject: null, permissions: [] });
    for (let i = 0; i < 250; i++) {
      const gone = new AbortController();
      const { answer } = await ask({}, gone.signal);
      gone.abort();
      await answer;
    }
    expect(proposals.get(own.id)).toBe(own);
  });

  it('sign nothing for a program that has gone when the clock is set back', async () => {
    const { id } = await ask();
    const sheet = await requests.prepare(id);
    requests.decline(id);
    clock.advance(millis(11 * 60_000));
    await requests.prepare((await ask()).id);
    const now = vi.spyOn(clock, 'now').mockReturnValue(millis(0));
    await expect(requests.confirm(sheet.id)).rejects.toMatchObject({ code: 'PROPOSAL_EXPIRED' });
    now.mockRestore();
    expect(sent).toEqual([]);
  });
});

describe('a message that a program asks to be signed', () => {
  it('is signed when a person says so', async () => {
    const answer = requests.askSignature({ account: ACCOUNT, message: utf8('hello') }, { link: 'http', closed: socket.signal });
    const [request] = requests.list();
    locked = true;
    await expect(requests.signMessage(request?.id ?? '')).rejects.toMatchObject({ code: 'WALLET_LOCKED' });
    locked = false;
    await requests.signMessage(request?.id ?? '');
    expect([await answer, requests.list()]).toEqual([utf8('signed hello'), []]);
    await expect(requests.signMessage(request?.id ?? '')).rejects.toMatchObject({ code: 'REQUEST_WITHDRAWN' });
  });
});
