import { beforeEach, describe, expect, it } from 'vitest';
import { concat, fromBigInt, fromHex, hexOf, toHex, type Bytes } from '../base/bytes.ts';
import { ManualClock, millis } from '../base/clock.ts';
import { CodedError } from '../base/errors.ts';
import { silentLogger } from '../base/logger.ts';
import type { ChainReader, ReceiptInfo } from '../chain/reader.ts';
import { keccak256 } from '../crypto/keccak.ts';
import type { ActionRecord, NewAction } from './action.ts';
import { Outbox } from './outbox.ts';
import { OutboxStore } from './outbox-store.ts';
import type { TransactionSigner } from './ports.ts';
import { openWalletStore } from './store.ts';

const ACCOUNT = fromHex('11'.repeat(20));
const TARGET = fromHex('22'.repeat(20));

/** A pool and a chain that do as they are told. */
class Network {
  nonce = 0n;
  head = 10n;
  readonly sent: string[] = [];
  readonly receipts = new Map<string, ReceiptInfo>();
  refusal: CodedError | null = null;
  refuseOnce: CodedError | null = null;

  mine(raw: string, ok = true): void {
    const hash = keccak256(fromHex(raw));
    this.head += 1n;
    this.nonce += 1n;
    this.receipts.set(hexOf(hash), { transactionHash: hash, blockNumber: this.head, blockHash: hash, ok, gasUsed: 21_000n, contractAddress: null });
  }

  reader(): ChainReader {
    const known: Pick<ChainReader, 'chainId' | 'head' | 'nonceOf' | 'receipt' | 'send'> = {
      chainId: 4181n,
      head: () => ({ number: this.head, hash: new Uint8Array(32), timeMillis: millis(0) }),
      nonceOf: () => Promise.resolve(this.nonce),
      receipt: (hash) => Promise.resolve(this.receipts.get(hexOf(hash)) ?? null),
      send: (raw) => {
        const refusal = this.refuseOnce ?? this.refusal;
        this.refuseOnce = null;
        if (refusal !== null) return Promise.reject(refusal);
        this.sent.push(toHex(raw));
        return Promise.resolve(keccak256(raw));
      },
    };
    return known as ChainReader;
  }
}

let network: Network;
let locked: boolean;
let unheld: boolean;
let signatures: number;
let db: ReturnType<typeof openWalletStore>;
let outbox: Outbox;

const signer: TransactionSigner = {
  signTransaction: ({ nonce, value }) => {
    if (locked) return Promise.reject(new CodedError('WALLET_LOCKED', 'Locked.'));
    if (unheld) return Promise.reject(new CodedError('DELIVERY_NOT_HELD', 'Not held.'));
    signatures += 1;
    return Promise.resolve(concat(fromBigInt(nonce, 8), fromBigInt(value, 8)));
  },
};
const start = (): Outbox => new Outbox({ store: new OutboxStore(db), reader: network.reader(), signer, clock: new ManualClock(millis(0)), log: silentLogger, onChange: () => undefined });
const action = (id: string, ...values: readonly bigint[]): NewAction => ({
  id, kind: 'send', title: '', account: ACCOUNT, authority: { kind: 'sheet', proposal: id }, subject: null,
  calls: values.map((value) => ({ to: TARGET, value, payload: new Uint8Array(0), gasLimit: 21_000n, gasPrice: 1n })),
});
const states = ({ entries }: ActionRecord): readonly (readonly [bigint, string])[] => entries.map(({ nonce, state }) => [nonce, state]);
const rawOf = (nonce: bigint, value: bigint): string => toHex(concat(fromBigInt(nonce, 8), fromBigInt(value, 8)) satisfies Bytes);

beforeEach(() => {
  network = new Network();
  locked = false;
  unheld = false;
  signatures = 0;
  db = openWalletStore(':memory:');
  outbox = start();
});

describe('the outbox', () => {
  it('makes one set of transactions for one id, however often and at once it is asked', async () => {
    await Promise.all([outbox.submit(action('a', 5n, 6n)), outbox.submit(action('a', 5n, 6n)), outbox.submit(action('a', 7n))]);
    await outbox.submit(action('a', 5n, 6n));
    expect(states(outbox.get('a'))).toEqual([[0n, 'sent'], [1n, 'sent']]);
    expect(new Set(network.sent)).toEqual(new Set([rawOf(0n, 5n), rawOf(1n, 6n)]));
    expect(signatures).toBe(2);
  });

  it('is final with the child of the block, not with the block', async () => {
    await outbox.submit(action('a', 5n));
    network.mine(rawOf(0n, 5n));
    await outbox.step();
    expect(states(outbox.get('a'))).toEqual([[0n, 'mined']]);
    network.head += 1n;
    await outbox.step();
    expect(states(outbox.get('a'))).toEqual([[0n, 'final']]);
  });

  it('sends the same bytes again when its block was replaced', async () => {
    await outbox.submit(action('a', 5n));
    network.mine(rawOf(0n, 5n));
    await outbox.step();
    network.receipts.clear();
    network.sent.length = 0;
    await outbox.step();
    expect(network.sent).toEqual([rawOf(0n, 5n)]);
    expect([states(outbox.get('a')), signatures]).toEqual([[[0n, 'sent']], 1]);
  });

  it('waits while the wallet is locked, and later ones of the account wait behind it', async () => {
    locked = true;
    await outbox.submit(action('a', 5n));
    await outbox.submit(action('b', 6n));
    expect([states(outbox.get('a')), states(outbox.get('b'))]).toEqual([[[0n, 'planned']], [[1n, 'planned']]]);
    locked = false;
    await outbox.step();
    expect(network.sent).toEqual([rawOf(0n, 5n), rawOf(1n, 6n)]);
  });

  it('takes a step without a sheet back when it cannot be signed now, so that whoever asked for it asks again', async () => {
    const mandated: NewAction = { ...action('ready:1', 0n), authority: { kind: 'mandate', id: 'buy:1' } };
    locked = true;
    await expect(outbox.submit(mandated)).rejects.toMatchObject({ code: 'WALLET_LOCKED' });
    expect(outbox.find('ready:1')).toBeNull();
    locked = false;
    expect(states(await outbox.submit(mandated))).toEqual([[0n, 'sent']]);
    unheld = true;
    await expect(outbox.submit({ ...action('key:1', 0n), authority: { kind: 'delivery' } })).rejects.toMatchObject({ code: 'WALLET_LOCKED' });
    expect(outbox.find('key:1')).toBeNull();
  });

  it('finds a step without a sheet that a stop left unsigned, and takes it back', async () => {
    new OutboxStore(db).add({ ...action('key:1', 0n), authority: { kind: 'delivery' } }, 0n, millis(0));
    unheld = true;
    outbox = start();
    await outbox.step();
    expect(outbox.find('key:1')).toBeNull();
  });

  it('sends nothing for the first time after the last block it was meant for', async () => {
    network.refusal = new CodedError('CHAIN_UNREACHABLE', 'Away.');
    await outbox.submit({ ...action('key:1', 0n), lastBlock: 10n });
    await outbox.submit({ ...action('key:2', 0n), lastBlock: 11n });
    network.refusal = null;
    network.head = 11n;
    outbox = start();
    await outbox.step();
    expect(outbox.get('key:1')).toMatchObject({ error: { code: 'STEP_TOO_LATE' }, entries: [{ state: 'dropped' }] });
    expect(network.sent).toEqual([rawOf(0n, 0n)]);
    network.head = 12n;
    network.sent.length = 0;
    await outbox.step();
    expect([states(outbox.get('key:2')), network.sent]).toEqual([[[0n, 'sent']], [rawOf(0n, 0n)]]);
  });

  it('goes on after a stop with what is on disk, and signs nothing again', async () => {
    network.refusal = new CodedError('CHAIN_UNREACHABLE', 'Away.');
    await outbox.submit(action('a', 5n));
    expect(states(outbox.get('a'))).toEqual([[0n, 'signed']]);
    network.refusal = null;
    outbox = start();
    await outbox.step();
    expect([network.sent, signatures]).toEqual([[rawOf(0n, 5n)], 1]);
  });

  it('drops what is refused, with the reason, and gives its number to the next', async () => {
    network.refusal = new CodedError('TRANSACTION_REFUSED', 'No.', { meta: { reason: 'INSUFFICIENT_FUNDS' } });
    await outbox.submit(action('a', 5n, 6n));
    expect(outbox.get('a')).toMatchObject({ error: { code: 'TRANSACTION_REFUSED' }, entries: [{ state: 'dropped' }, { state: 'dropped' }] });
    expect(signatures).toBe(1);
    network.refusal = null;
    await outbox.submit(action('b', 7n));
    expect(states(outbox.get('b'))).toEqual([[0n, 'sent']]);
  });

  it('sends nothing more of an action whose first transaction was refused', async () => {
    locked = true;
    await outbox.submit(action('a', 5n, 6n));
    locked = false;
    network.refuseOnce = new CodedError('TRANSACTION_REFUSED', 'No.', { meta: { reason: 'INSUFFICIENT_FUNDS' } });
    await outbox.step();
    await outbox.step();
    expect(outbox.get('a')).toMatchObject({ error: { code: 'TRANSACTION_REFUSED' }, entries: [{ state: 'dropped' }, { state: 'dropped' }] });
    expect([network.sent, signatures]).toEqual([[], 1]);
  });

  it('leaves no gap before what was planned behind a refused transaction', async () => {
    locked = true;
    await outbox.submit(action('a', 5n));
    await outbox.submit(action('b', 6n));
    locked = false;
    network.refuseOnce = new CodedError('TRANSACTION_REFUSED', 'No.', { meta: { reason: 'INSUFFICIENT_FUNDS' } });
    await outbox.step();
    expect([states(outbox.get('a')), states(outbox.get('b')), network.sent]).toEqual([[[0n, 'dropped']], [[0n, 'sent']], [rawOf(0n, 6n)]]);
  });

  it('says when another program with the same wallet took its number, and pays nothing twice', async () => {
    network.refusal = new CodedError('CHAIN_UNREACHABLE', 'Away.');
    await outbox.submit(action('a', 5n));
    network.nonce = 1n;
    network.refusal = new CodedError('TRANSACTION_REFUSED', 'Old.', { meta: { reason: 'NONCE_TOO_LOW' } });
    await outbox.step();
    expect(outbox.get('a')).toMatchObject({ error: { code: 'NONCE_TAKEN' }, entries: [{ state: 'dropped' }] });
  });

  it('takes the refusal of its own mined transaction for what it is', async () => {
    network.refusal = new CodedError('CHAIN_UNREACHABLE', 'Away.');
    await outbox.submit(action('a', 5n));
    network.mine(rawOf(0n, 5n));
    network.refusal = new CodedError('TRANSACTION_REFUSED', 'Old.', { meta: { reason: 'NONCE_TOO_LOW' } });
    await outbox.step();
    expect(outbox.get('a')).toMatchObject({ error: null, entries: [{ state: 'mined' }] });
  });
});
