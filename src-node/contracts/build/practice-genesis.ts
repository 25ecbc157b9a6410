/**
 * The reference contracts that stand in the genesis of the practice network: code and the storage that their
 * constructors would have written. The admin key is a public constant without value.
 */
import { getCreateAddress } from 'ethers';
import { fromBigInt, padLeft, toHex, utf8, type Bytes, type Hex } from '../../base/bytes.ts';
import { keccak256 } from '../../crypto/keccak.ts';
import { addressOf } from '../../crypto/secp256k1.ts';
import type { CompiledContract } from '../compiled.ts';

const ADMIN_SEED = 'cpchain practice admin';
const CPC = 10n ** 18n;

/** Numbers of the practice RNode register; the mainnet locks for 6000 s (docs/protocol/09 §2). */
const RNODE = { lockSeconds: 120n, threshold: 200_000n * CPC, supportedVersion: 1n };

export interface PracticeGenesis {
  readonly rnode: {
    readonly address: Hex;
    /** How the address comes about. */
    readonly derivation: string;
    readonly owner: Hex;
    readonly code: Hex;
    /** Slot to value, 32 bytes each. */
    readonly storage: Readonly<Record<Hex, Hex>>;
  };
}

export function practiceGenesis(rnode: CompiledContract): PracticeGenesis {
  const owner = addressOf(keccak256(utf8(ADMIN_SEED)));
  return {
    rnode: {
      address: getCreateAddress({ from: toHex(owner), nonce: 0 }).toLowerCase() as Hex,
      derivation: `CREATE address of the account with private key keccak256("${ADMIN_SEED}") at nonce 0`,
      owner: toHex(owner),
      code: rnode.deployedBytecode,
      storage: Object.fromEntries([
        slot(0n, padLeft(owner, 32)),
        slot(1n, word(RNODE.lockSeconds)),
        slot(2n, word(RNODE.threshold)),
        slot(3n, word(RNODE.supportedVersion)),
        slot(7n, word(1n)), // enabled
      ]),
    },
  };
}

function word(value: bigint): Bytes {
  return fromBigInt(value, 32);
}

function slot(index: bigint, value: Bytes): readonly [Hex, Hex] {
  return [toHex(word(index)), toHex(value)];
}
