/**
 * Web3 secret storage (docs/protocol/01 §1): version 3 is written, versions 1 and 3 are read. The derivation's cost in the file
 * is bounded before it is run, because the file comes from outside.
 */
import { createCipheriv, createDecipheriv, pbkdf2, randomUUID, scrypt } from 'node:crypto';
import { promisify } from 'node:util';
import { z } from 'zod';
import { concat, equal, fromHex, hexOf, utf8, type Bytes } from '../base/bytes.ts';
import { CodedError } from '../base/errors.ts';
import { keccak256Parts } from '../crypto/keccak.ts';
import { randomBytes } from '../crypto/hash.ts';

export interface ScryptCost {
  readonly n: number;
  readonly r: number;
  readonly p: number;
}

/** About one second and 256 MB: what every file of this program is written with. */
export const STANDARD_COST: ScryptCost = { n: 262_144, r: 8, p: 1 };
const MAX_MEMORY_BYTES = 600 * 1024 * 1024;
const MAX_WORK = 2 ** 26;
const MAX_ITERATIONS = 10_000_000;

const hex = z.string().regex(/^(?:0x)?(?:[0-9a-fA-F]{2})*$/).max(4096);
const cryptoSchema = z.object({
  cipher: z.enum(['aes-128-ctr', 'aes-128-cbc']),
  ciphertext: hex,
  cipherparams: z.object({ iv: hex }),
  kdf: z.enum(['scrypt', 'pbkdf2']),
  kdfparams: z.object({
    dklen: z.number().int().min(32).max(64),
    salt: hex,
    n: z.number().int().optional(),
    r: z.number().int().optional(),
    p: z.number().int().optional(),
    c: z.number().int().optional(),
    prf: z.string().max(40).optional(),
  }),
  mac: hex,
});
export type KeystoreCrypto = z.infer<typeof cryptoSchema>;

const fileSchema = z.object({
  address: z.string().max(42).optional(),
  crypto: cryptoSchema.optional(),
  Crypto: cryptoSchema.optional(),
  version: z.union([z.literal(3), z.literal('1'), z.literal(1)]),
});

const scryptAsync = promisify<Bytes, Bytes, number, { N: number; r: number; p: number; maxmem: number }, Buffer>(scrypt);
const pbkdf2Async = promisify(pbkdf2);

/** @throws BAD_KEYSTORE, KEYSTORE_TOO_COSTLY */
async function derive(password: string, crypto: KeystoreCrypto): Promise<Bytes> {
  const { kdfparams: k } = crypto;
  const salt = fromHex(k.salt);
  if (crypto.kdf === 'pbkdf2') {
    const { c = 0, prf } = k;
    if (prf !== 'hmac-sha256' || c < 1 || c > MAX_ITERATIONS) throw badFile('its key derivation is not supported');
    return pbkdf2Async(utf8(password), salt, c, k.dklen, 'sha256');
  }
  const { n = 0, r = 0, p = 0 } = k;
  const isPowerOfTwo = n > 1 && Number.isInteger(Math.log2(n));
  if (!isPowerOfTwo || r < 1 || p < 1) throw badFile('its scrypt parameters are not valid');
  if (128 * n * r > MAX_MEMORY_BYTES || n * r * p > MAX_WORK) {
    throw new CodedError('KEYSTORE_TOO_COSTLY', 'This key file asks for more memory or time than the program grants.', {
      help: 'Open it once in the program it comes from and export it with standard strength.',
      meta: { n, r, p },
    });
  }
  return scryptAsync(utf8(password), salt, k.dklen, { N: n, r, p, maxmem: MAX_MEMORY_BYTES + 64 * 1024 * 1024 });
}

function badFile(why: string, cause?: unknown): CodedError {
  return new CodedError('BAD_KEYSTORE', `This is not a key file the program can read: ${why}.`, {
    help: 'Choose a Web3 keystore file (version 1 or 3), or import by the 24 words.',
    meta: { why },
    cause,
  });
}

function macOf(derived: Bytes, ciphertext: Bytes): Bytes {
  return keccak256Parts(derived.subarray(16, 32), ciphertext);
}

/** The crypto object over any secret. */
export async function encryptSecret(secret: Bytes, password: string, cost: ScryptCost = STANDARD_COST): Promise<KeystoreCrypto> {
  const salt = randomBytes(32);
  const iv = randomBytes(16);
  const params = { dklen: 32, salt: hexOf(salt), n: cost.n, r: cost.r, p: cost.p };
  const derived = await derive(password, { cipher: 'aes-128-ctr', ciphertext: '', cipherparams: { iv: '' }, kdf: 'scrypt', kdfparams: params, mac: '' });
  const cipher = createCipheriv('aes-128-ctr', derived.subarray(0, 16), iv);
  const ciphertext = concat(cipher.update(secret), cipher.final());
  return { cipher: 'aes-128-ctr', ciphertext: hexOf(ciphertext), cipherparams: { iv: hexOf(iv) }, kdf: 'scrypt', kdfparams: params, mac: hexOf(macOf(derived, ciphertext)) };
}

/** @throws WRONG_PASSWORD, BAD_KEYSTORE, KEYSTORE_TOO_COSTLY */
export async function decryptSecret(crypto: KeystoreCrypto, password: string): Promise<Bytes> {
  const derived = await derive(password, crypto);
  const ciphertext = fromHex(crypto.ciphertext);
  if (!equal(macOf(derived, ciphertext), fromHex(crypto.mac))) {
    throw new CodedError('WRONG_PASSWORD', 'The password does not open this key.', { help: 'Check the keyboard layout and capital letters, then try again.' });
  }
  const iv = fromHex(crypto.cipherparams.iv);
  if (iv.length !== 16) throw badFile('its initialisation vector is not 16 bytes');
  // Version 1 encrypted with the first half of keccak256(derived key) in CBC mode.
  const key = crypto.cipher === 'aes-128-ctr' ? derived.subarray(0, 16) : keccak256Parts(derived.subarray(0, 16)).subarray(0, 16);
  try {
    const decipher = createDecipheriv(crypto.cipher, key, iv);
    return concat(decipher.update(ciphertext), decipher.final());
  } catch (error) {
    throw badFile('its content does not decrypt', error);
  }
}

export interface KeystoreFile {
  readonly address: string | null;
  readonly crypto: KeystoreCrypto;
}

/** @throws BAD_KEYSTORE */
export function parseKeystore(text: string): KeystoreFile {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw badFile('it is not JSON', error);
  }
  const parsed = fileSchema.safeParse(json);
  const crypto = parsed.data?.crypto ?? parsed.data?.Crypto;
  if (!parsed.success || crypto === undefined) throw badFile(parsed.error?.issues[0]?.path.join('.') ?? 'it has no crypto part');
  return { address: parsed.data.address?.replace(/^0x/, '').toLowerCase() ?? null, crypto };
}

/** JSON text of a version 3 file. */
export async function writeKeystore(privateKey: Bytes, addressHex: string, password: string, cost: ScryptCost = STANDARD_COST): Promise<string> {
  return JSON.stringify({ address: addressHex, crypto: await encryptSecret(privateKey, password, cost), id: randomUUID(), version: 3 });
}

/** `UTC--2026-01-31T23-59-59.000000000Z--<address>` */
export function keystoreFileName(addressHex: string, now: Date): string {
  return `UTC--${now.toISOString().replace(/:/g, '-').replace('Z', '000000Z')}--${addressHex}`;
}
