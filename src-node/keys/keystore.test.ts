import { describe, expect, it } from 'vitest';
import { fromHex, hexOf } from '../base/bytes.ts';
import { addressOf } from '../crypto/secp256k1.ts';
import { decryptSecret, encryptSecret, keystoreFileName, parseKeystore, writeKeystore } from './keystore.ts';

const light = { n: 4096, r: 8, p: 1 };
const key = fromHex('45a915e4d060149eb4365960e6a7a45f334393093061116b197e3240065ff2d8');

describe('keystore', () => {
  it('writes what it reads, and refuses another password', async () => {
    const file = parseKeystore(await writeKeystore(key, hexOf(addressOf(key)), 'pässwörd 密码', light));
    expect(await decryptSecret(file.crypto, 'pässwörd 密码')).toEqual(key);
    await expect(decryptSecret(file.crypto, 'password')).rejects.toMatchObject({ code: 'WRONG_PASSWORD' });
  });

  it.each([
    ['not JSON', '{'],
    ['empty', ''],
    ['a list', '[]'],
    ['no crypto', '{"version":3}'],
    ['another version', '{"version":4,"crypto":{}}'],
  ])('names a broken file: %s', (_, text) => {
    expect(() => parseKeystore(text)).toThrow(expect.objectContaining({ code: 'BAD_KEYSTORE' }) as Error);
  });

  it('refuses a file that asks for gigabytes before spending them', async () => {
    const crypto = await encryptSecret(key, 'p', light);
    const greedy = { ...crypto, kdfparams: { ...crypto.kdfparams, n: 2 ** 24 } };
    await expect(decryptSecret(greedy, 'p')).rejects.toMatchObject({ code: 'KEYSTORE_TOO_COSTLY' });
    await expect(decryptSecret({ ...crypto, kdfparams: { ...crypto.kdfparams, n: 1000 } }, 'p')).rejects.toMatchObject({ code: 'BAD_KEYSTORE' });
  });

  it('notices a changed ciphertext', async () => {
    const crypto = await encryptSecret(key, 'p', light);
    const flipped = (crypto.ciphertext.startsWith('0') ? '1' : '0') + crypto.ciphertext.slice(1);
    await expect(decryptSecret({ ...crypto, ciphertext: flipped }, 'p')).rejects.toMatchObject({ code: 'WRONG_PASSWORD' });
  });

  it('names its files as the network does', () => {
    expect(keystoreFileName('ab'.repeat(20), new Date('2026-01-31T23:59:59.123Z'))).toBe(`UTC--2026-01-31T23-59-59.123000000Z--${'ab'.repeat(20)}`);
  });
});
