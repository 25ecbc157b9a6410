import { fromHex, hexOf, toHex } from '../../../base/bytes.ts';
import { isCoded } from '../../../base/errors.ts';
import { addressOf } from '../../../crypto/secp256k1.ts';
import { decryptSecret, parseKeystore } from '../../../keys/keystore.ts';
import type { RecordedFile } from '../recorded-file.ts';
import { recordsKind, same } from '../vector-kind.ts';

interface Recorded {
  readonly file: string;
  readonly password: string;
  readonly address: string;
  readonly privateKey: string;
  /** The file itself, where it does not stand beside the list. */
  readonly json?: unknown;
}

/** A second derivation is tried only where it costs little. */
const CHEAP = 16_384;

/** Key files with their passwords. */
export const keystore = recordsKind<Recorded>('keystore', ['file', 'password', 'privateKey'], function* (recorded, _, list) {
  const { file, password, address, privateKey } = recorded;
  const { crypto } = parseKeystore(textOf(recorded, list));
  yield same(`${file}: key`, async () => toHex(await decryptSecret(crypto, password)), privateKey);
  yield same(`${file}: address`, () => hexOf(addressOf(fromHex(privateKey))), address.toLowerCase().replace('0x', ''));
  if (crypto.kdfparams.n === undefined || crypto.kdfparams.n > CHEAP) return;
  yield same(`${file}: another password`, () => decryptSecret(crypto, `${password}x`).then(() => 'opened', (error: unknown) => (isCoded(error) ? error.code : error)), 'WRONG_PASSWORD');
});

function textOf({ json, file }: Recorded, list: RecordedFile): string {
  return json === undefined ? list.beside(file).bytes.toString('utf8') : JSON.stringify(json);
}
