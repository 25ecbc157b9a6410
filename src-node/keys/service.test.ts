import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fromHex, hexOf, utf8 } from '../base/bytes.ts';
import { ManualClock, millis } from '../base/clock.ts';
import { systemFiles } from '../base/files.ts';
import { addressOf, publicKeyOf, recoverAddress, sign } from '../crypto/secp256k1.ts';
import { decodeTransaction, senderOf, signTransaction } from '../primitives/transaction.ts';
import * as escrow from '../contracts/bindings/pd-escrow.gen.ts';
import * as listings from '../contracts/bindings/pd-listing.gen.ts';
import { keyCommitOf, openKey } from './derived-secrets.ts';
import { writeKeystore } from './keystore.ts';
import { KeysService } from './service.ts';
import { entropyOf, seedKeys } from './seed.ts';

const WORDS = `${'abandon '.repeat(23)}art`;
const PASSWORD = 'correct horse';
const cost = { n: 2, r: 8, p: 1 };
const contract = fromHex('c1'.repeat(20));
const ready = Uint8Array.of(1, 2, 3, 4);
const orderId = fromHex('0d'.repeat(32));

let folder: string;
let clock: ManualClock;
const open = (): Promise<KeysService> => KeysService.open({ folder, cost }, { clock, files: systemFiles });

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'keys-'));
  clock = new ManualClock(millis(1_700_000_000_000));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const account = addressOf(seedKeys(entropyOf(WORDS)).account(0));
const transaction = { account, chainId: 4181n, nonce: 0n, gasPrice: 1n, gasLimit: 90_000n, to: contract, value: 0n, payload: Uint8Array.from([...ready, ...orderId]) };
const mandate = { id: 'm', account, chainId: 4181n, contract, methods: [ready], subject: orderId, maxValue: 0n, maxGas: 100_000n, maxGasPrice: 10n, uses: 2, expiresAtMillis: 1_700_000_100_000 };

describe('creating a wallet', () => {
  it('asks for words of the backup, then stores the seed with mode 0600 and opens it again', async () => {
    const keys = await open();
    const draft = await keys.call('draftSeed', {});
    expect(draft.words).toHaveLength(24);
    const answers = draft.ask.map((position) => ({ position, word: draft.words[position] ?? '' }));
    await expect(keys.call('createWallet', { draftId: draft.draftId, password: PASSWORD, answers: [] })).rejects.toMatchObject({ code: 'BACKUP_CHECK_FAILED' });
    await expect(keys.call('createWallet', { draftId: draft.draftId, password: 'short', answers })).rejects.toMatchObject({ code: 'WEAK_PASSWORD' });
    const status = await keys.call('createWallet', { draftId: draft.draftId, password: PASSWORD, answers });
    expect(status).toMatchObject({ exists: true, unlocked: true, hasSeed: true });
    expect(status.accounts[0]?.address).toBe(`0x${hexOf(addressOf(seedKeys(entropyOf(draft.words.join(' '))).account(0)))}`);
    expect(statSync(join(folder, 'seed.json')).mode & 0o777).toBe(0o600);
    const stored = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8')).join('');
    expect(stored).not.toContain(draft.words.slice(0, 3).join(' '));
    const again = await open();
    expect(await again.call('status', {})).toMatchObject({ unlocked: false, accounts: status.accounts });
    expect(await again.call('unlock', { password: PASSWORD })).toMatchObject({ unlocked: true });
  });

  it('forgets words that were shown half an hour ago', async () => {
    const keys = await open();
    const draft = await keys.call('draftSeed', {});
    clock.advance(millis(30 * 60_000));
    await expect(keys.call('createWallet', { draftId: draft.draftId, password: PASSWORD, answers: [] })).rejects.toMatchObject({ code: 'DRAFT_EXPIRED' });
  });

  it('names the wrong word of an import', async () => {
    const keys = await open();
    await expect(keys.call('importSeed', { words: WORDS.replace(' art', ' arrt'), password: PASSWORD })).rejects.toMatchObject({ code: 'BAD_WORDS', meta: { position: 23 } });
    await expect(keys.call('importSeed', { words: 'abandon '.repeat(24), password: PASSWORD })).rejects.toMatchObject({ code: 'BAD_WORDS' });
    await keys.call('importSeed', { words: WORDS, password: PASSWORD });
    await expect(keys.call('importSeed', { words: WORDS, password: PASSWORD })).rejects.toMatchObject({ code: 'WALLET_EXISTS' });
  });

  it('adds accounts by seed and by key file, and refuses a file whose address lies', async () => {
    const keys = await open();
    await keys.call('importSeed', { words: WORDS, password: PASSWORD });
    const key = fromHex('45a915e4d060149eb4365960e6a7a45f334393093061116b197e3240065ff2d8');
    const lying = await writeKeystore(key, '00'.repeat(20), 'file', cost);
    await expect(keys.call('importKeystore', { json: lying, filePassword: 'file', password: PASSWORD })).rejects.toMatchObject({ code: 'BAD_KEYSTORE' });
    const json = await writeKeystore(key, hexOf(addressOf(key)), 'file', cost);
    await expect(keys.call('importKeystore', { json, filePassword: 'other', password: PASSWORD })).rejects.toMatchObject({ code: 'WRONG_PASSWORD' });
    await keys.call('importKeystore', { json, filePassword: 'file', password: PASSWORD });
    const { accounts } = await keys.call('addAccount', {});
    expect(accounts.map(({ path, source }) => [source, path])).toEqual([['seed', "m/44'/337'/0'/0/0"], ['keystore', null], ['seed', "m/44'/337'/0'/0/1"]]);
    await keys.call('lock', {});
    await keys.call('unlock', { password: PASSWORD });
    const raw = await keys.call('signTransaction', { request: { ...transaction, account: addressOf(key) }, authority: { kind: 'sheet', proposal: 'p' } });
    expect(senderOf(decodeTransaction(raw), 4181n)).toEqual(addressOf(key));
  });
});

describe('a text', () => {
  const key = fromHex('45a915e4d060149eb4365960e6a7a45f334393093061116b197e3240065ff2d8');
  const by = { account: addressOf(key), request: 'r' };
  const withKey = async (): Promise<KeysService> => {
    const keys = await open();
    await keys.call('importKeystore', { json: await writeKeystore(key, hexOf(addressOf(key)), 'file', cost), filePassword: 'file', password: PASSWORD });
    return keys;
  };

  it('is signed as other nodes sign it', async () => {
    const signature = await (await withKey()).call('signMessage', { ...by, message: utf8('hello') });
    expect(hexOf(signature)).toBe('b474dcdb8a00fbb30ef4f532dcb14df81a4bc129d2678055afcd531f6b79e74c73241b800d706a111a1c82e251463f3f7572201cb0459dd2a2c736113b242a211b');
  });

  it('that is what would be signed of a transaction gives no signature of that transaction', async () => {
    const keys = await withKey();
    const unsigned = { type: 0n, nonce: 0n, gasPrice: 1n, gasLimit: 21_000n, to: account, value: 1n, payload: new Uint8Array(0) };
    const messages: Uint8Array[] = [];
    signTransaction(unsigned, 4181n, (digest) => { messages.push(digest); return sign(digest, key); });
    for (const message of messages) {
      const signature = await keys.call('signMessage', { ...by, message });
      expect(recoverAddress(message, Uint8Array.from([...signature.subarray(0, 64), (signature[64] ?? 0) - 27]))).not.toEqual(addressOf(key));
    }
    expect(messages).toHaveLength(1);
  });

  it('is signed neither by a locked wallet nor for an account that it does not hold', async () => {
    const keys = await withKey();
    await expect(keys.call('signMessage', { ...by, account: contract, message: utf8('hello') })).rejects.toMatchObject({ code: 'UNKNOWN_ACCOUNT' });
    await keys.call('lock', {});
    await expect(keys.call('signMessage', { ...by, message: utf8('hello') })).rejects.toMatchObject({ code: 'WALLET_LOCKED' });
  });
});

describe('a locked wallet', () => {
  it('signs nothing, slows guessing down over restarts, and opens with the right password after the wait', async () => {
    await (await open()).call('importSeed', { words: WORDS, password: PASSWORD });
    const keys = await open();
    await expect(keys.call('signTransaction', { request: transaction, authority: { kind: 'sheet', proposal: 'p' } })).rejects.toMatchObject({ code: 'WALLET_LOCKED' });
    for (let i = 0; i < 3; i++) await expect(keys.call('unlock', { password: 'wrong password' })).rejects.toMatchObject({ code: 'WRONG_PASSWORD' });
    const restarted = await open();
    await expect(restarted.call('unlock', { password: PASSWORD })).rejects.toMatchObject({ code: 'THROTTLED', meta: { waitMillis: 1000 } });
    writeFileSync(join(folder, 'throttle.json'), 'damaged');
    await expect(restarted.call('unlock', { password: PASSWORD })).rejects.toMatchObject({ code: 'THROTTLED' });
    clock.advance(millis(300_000));
    // The damaged file keeps counting from now on; only a written state ends the wait.
    writeFileSync(join(folder, 'throttle.json'), JSON.stringify({ failures: 3, lastAtMillis: clock.now() - 1000 }));
    expect(await restarted.call('unlock', { password: PASSWORD })).toMatchObject({ unlocked: true });
  });
});

describe('mandates', () => {
  it('cover exactly what was agreed, as often as agreed, over a restart', async () => {
    const keys = await open();
    await keys.call('importSeed', { words: WORDS, password: PASSWORD });
    await keys.call('grantMandate', { mandate, proposal: 'p' });
    const by = { kind: 'mandate', id: 'm' } as const;
    const refused = [
      { ...transaction, value: 1n }, { ...transaction, to: account }, { ...transaction, to: null }, { ...transaction, chainId: 337n }, { ...transaction, gasLimit: 100_001n }, { ...transaction, gasPrice: 11n },
      { ...transaction, payload: Uint8Array.from([9, 9, 9, 9, ...orderId]) }, { ...transaction, payload: Uint8Array.from([...ready, ...orderId.map((byte) => byte ^ 1)]) }, { ...transaction, payload: new Uint8Array(0) },
    ];
    for (const request of refused) await expect(keys.call('signTransaction', { request, authority: by })).rejects.toMatchObject({ code: 'MANDATE_REFUSED' });
    await keys.call('signTransaction', { request: transaction, authority: by });
    const restarted = await open();
    await restarted.call('unlock', { password: PASSWORD });
    await restarted.call('signTransaction', { request: { ...transaction, nonce: 1n }, authority: by });
    await expect(restarted.call('signTransaction', { request: { ...transaction, nonce: 2n }, authority: by })).rejects.toMatchObject({ code: 'MANDATE_REFUSED' });
  });

  it('take one use for all transactions of a nonce, and say which price would do', async () => {
    const keys = await open();
    await keys.call('importSeed', { words: WORDS, password: PASSWORD });
    await keys.call('grantMandate', { mandate: { ...mandate, uses: 1 }, proposal: 'p' });
    const by = { kind: 'mandate', id: 'm' } as const;
    await keys.call('signTransaction', { request: transaction, authority: by });
    const restarted = await open();
    await restarted.call('unlock', { password: PASSWORD });
    await restarted.call('signTransaction', { request: { ...transaction, gasPrice: 10n }, authority: by });
    await expect(restarted.call('signTransaction', { request: { ...transaction, gasPrice: 11n }, authority: by })).rejects.toMatchObject({ code: 'MANDATE_REFUSED', meta: { maxGasPrice: '10' } });
    await expect(restarted.call('signTransaction', { request: { ...transaction, nonce: 1n }, authority: by })).rejects.toMatchObject({ code: 'MANDATE_REFUSED', meta: { rule: 'it is used up' } });
    await restarted.call('grantMandate', { mandate: { ...mandate, uses: 1 }, proposal: 'q' });
    await restarted.call('signTransaction', { request: { ...transaction, nonce: 1n }, authority: by });
  });

  it('end with their time', async () => {
    const keys = await open();
    await keys.call('importSeed', { words: WORDS, password: PASSWORD });
    await keys.call('grantMandate', { mandate, proposal: 'p' });
    clock.advance(millis(100_000));
    await expect(keys.call('signTransaction', { request: transaction, authority: { kind: 'mandate', id: 'm' } })).rejects.toMatchObject({ code: 'MANDATE_REFUSED' });
  });
});

describe('deliveries', () => {
  it('reach the buyer, and only against the commitment on the chain', async () => {
    const keys = await open();
    await keys.call('importSeed', { words: WORDS, password: PASSWORD });
    const order = { chainId: 4181n, genesisHash: fromHex('11'.repeat(32)), escrow: contract, buyer: account, listing: fromHex('22'.repeat(32)), orderNonce: 0n };
    const packing = { account, chainId: 4181n, versionSalt: fromHex('a1'.repeat(32)) };
    const key = await keys.call('packKey', { packing });
    const buyerPoint = await keys.call('orderPoint', { order });
    await expect(keys.call('sealDelivery', { packing, keyCommit: new Uint8Array(32), orderId, buyerPoint })).rejects.toMatchObject({ code: 'BAD_DELIVERY' });
    const delivery = await keys.call('sealDelivery', { packing, keyCommit: keyCommitOf(account, packing.versionSalt, key), orderId, buyerPoint });
    expect(await keys.call('openDelivery', { order, orderId, delivery })).toEqual(key);
    const proof = await keys.call('revealForProof', { order, orderId, delivery });
    expect(publicKeyOf(proof.b)).toEqual(buyerPoint);
    expect(openKey(proof.b, delivery, orderId).shared).toEqual(proof.shared);
  });

  it('refuses malformed requests by field', async () => {
    const keys = await open();
    await expect(keys.call('packKey', { packing: { account, chainId: 4181n, versionSalt: new Uint8Array(31) } })).rejects.toMatchObject({ code: 'BAD_REQUEST', meta: { field: 'packing.versionSalt' } });
    await expect(keys.call('unlock', { password: 'x'.repeat(5000) })).rejects.toMatchObject({ code: 'BAD_REQUEST' });
  });
});

describe('a delivery account', () => {
  const at = { seller: account, chainId: 4181n, genesisHash: fromHex('11'.repeat(32)), listings: fromHex('1a'.repeat(20)), escrow: contract };
  const versionSalt = fromHex('a1'.repeat(32));
  const packing = { account, chainId: 4181n, versionSalt };
  const hash: `0x${string}` = `0x${'0d'.repeat(32)}`;
  const by = { kind: 'delivery' } as const;

  async function holding(): Promise<{ readonly keys: KeysService; readonly keyCommit: Uint8Array; readonly address: Uint8Array }> {
    const keys = await open();
    await keys.call('importSeed', { words: WORDS, password: PASSWORD });
    const keyCommit = keyCommitOf(account, versionSalt, await keys.call('packKey', { packing }));
    const [address = new Uint8Array(0)] = await keys.call('deliveryAccounts', { at, count: 1 });
    const foreign = fromHex('ee'.repeat(32));
    const held = await keys.call('holdDeliveries', { sellers: [{ at, maxGasPrice: 10n, counters: [0], versions: [{ versionSalt, keyCommit }, { versionSalt, keyCommit: foreign }] }] });
    expect(held).toEqual({ accounts: [`0x${hexOf(address)}`], commits: [`0x${hexOf(keyCommit)}`] });
    return { keys, keyCommit, address };
  }

  it('answers for its seller while the wallet is locked, and does nothing else', async () => {
    const { keys, keyCommit, address } = await holding();
    const buyerPoint = publicKeyOf(fromHex('05'.padStart(64, '0')));
    await keys.call('lock', {});
    const delivery = await keys.call('sealDelivery', { packing, keyCommit, orderId, buyerPoint });
    expect(keyCommitOf(account, versionSalt, openKey(fromHex('05'.padStart(64, '0')), delivery, orderId).key)).toEqual(keyCommit);

    const base = { ...transaction, account: address, to: contract };
    const allowed = [
      { ...base, payload: escrow.encodePostKey(hash, { x: 1n, y: 2n }, hash, hash) },
      { ...base, payload: escrow.encodeDecline(hash) },
      { ...base, gasLimit: 550_000n, payload: escrow.encodeClaim(hash, [], []) },
      { ...base, to: at.listings, payload: listings.encodeSetOpenUntil(hash, 1) },
    ];
    for (const request of allowed) expect(senderOf(decodeTransaction(await keys.call('signTransaction', { request, authority: by })), 4181n)).toEqual(address);

    const postKey = allowed[0] ?? expect.fail();
    const refused = [
      { ...postKey, value: 1n }, { ...postKey, chainId: 337n }, { ...postKey, gasLimit: 600_001n }, { ...postKey, to: at.listings }, { ...postKey, to: null },
      { ...base, payload: escrow.encodeWithdraw(`0x${hexOf(account)}`) }, { ...base, to: at.listings, payload: listings.encodeUnbond(hash, 1n) }, { ...base, to: account, payload: new Uint8Array(0) },
    ];
    for (const request of refused) await expect(keys.call('signTransaction', { request, authority: by })).rejects.toMatchObject({ code: 'DELIVERY_REFUSED' });
    await keys.call('signTransaction', { request: { ...postKey, gasPrice: 10n }, authority: by });
    await expect(keys.call('signTransaction', { request: { ...postKey, gasPrice: 11n }, authority: by })).rejects.toMatchObject({ code: 'DELIVERY_REFUSED', meta: { maxGasPrice: '10' } });
    await expect(keys.call('signTransaction', { request: { ...postKey, account }, authority: by })).rejects.toMatchObject({ code: 'DELIVERY_NOT_HELD' });
    await expect(keys.call('sealDelivery', { packing, keyCommit: new Uint8Array(32), orderId, buyerPoint })).rejects.toMatchObject({ code: 'WALLET_LOCKED' });
    await expect(keys.call('packKey', { packing })).rejects.toMatchObject({ code: 'WALLET_LOCKED' });
    await expect(keys.call('holdDeliveries', { sellers: [{ at, maxGasPrice: 10n, counters: [1], versions: [] }] })).rejects.toMatchObject({ code: 'WALLET_LOCKED' });
  });

  it('gives what is left on it back to its seller only, and only under a sheet of the unlocked wallet', async () => {
    const { keys, address } = await holding();
    const back = { ...transaction, account: address, to: account, value: 5n, payload: new Uint8Array(0) };
    const sheet = { kind: 'sheet', proposal: 'p' } as const;
    expect(senderOf(decodeTransaction(await keys.call('signTransaction', { request: back, authority: sheet })), 4181n)).toEqual(address);
    await expect(keys.call('signTransaction', { request: { ...back, to: contract }, authority: sheet })).rejects.toMatchObject({ code: 'DELIVERY_REFUSED' });
    await keys.call('lock', {});
    await expect(keys.call('signTransaction', { request: back, authority: sheet })).rejects.toMatchObject({ code: 'WALLET_LOCKED' });
  });

  it('is gone after a restart, and what is no longer held is forgotten', async () => {
    const { keys, address } = await holding();
    const request = { ...transaction, account: address, payload: escrow.encodeDecline(hash) };
    await keys.call('holdDeliveries', { sellers: [] });
    await expect(keys.call('signTransaction', { request, authority: by })).rejects.toMatchObject({ code: 'DELIVERY_NOT_HELD' });
    expect((await (await open()).call('status', {})).held).toEqual({ accounts: [], commits: [] });
  });
});
