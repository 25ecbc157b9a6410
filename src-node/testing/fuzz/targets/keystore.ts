import { utf8 } from '../../../base/bytes.ts';
import { isCoded } from '../../../base/errors.ts';
import { decryptSecret, parseKeystore } from '../../../keys/keystore.ts';
import { readVectorJson } from '../../vectors.ts';
import type { FuzzTarget } from '../fuzz-target.ts';

interface Recorded {
  readonly json: { readonly crypto: { readonly kdfparams: Readonly<Record<string, unknown>> } };
}

/** More work than this is left to the bound in the reader, which is tested by itself: here it would be all that the time is spent on. */
const MOST_WORK = 1 << 14;

/** A key file is opened, or refused by name. */
export function keystore(): FuzzTarget {
  const decoder = new TextDecoder();
  const cheap = readVectorJson<readonly Recorded[]>('keystore/keystore.json').map(({ json }) => ({ ...json, crypto: { ...json.crypto, kdfparams: { ...json.crypto.kdfparams, n: 2, r: 1, p: 1 } } }));
  return {
    seeds: cheap.map((json) => utf8(JSON.stringify(json))),
    async check(input) {
      try {
        const { crypto } = parseKeystore(decoder.decode(input));
        const { n = 1, r = 1, p = 1, c = 1 } = crypto.kdfparams;
        if (n * r * p * c <= MOST_WORK || n * r * p > 2 ** 26) await decryptSecret(crypto, 'password');
      } catch (error) {
        if (!isCoded(error)) throw error;
      }
    },
  };
}
