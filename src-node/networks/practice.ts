/**
 * practice: a network of one computer, for trying everything with coins without value (docs/protocol/02 §1.2). Its private
 * keys are public; whoever asks for them names the chain, and on any other chain they are refused.
 */
import practiceGenesis from '../../resources/contracts/practice-genesis.json' with { type: 'json' };
import { toHex, utf8, type Bytes, type Hex } from '../base/bytes.ts';
import { CodedError } from '../base/errors.ts';
import { keccak256 } from '../crypto/keccak.ts';
import { addressOf } from '../crypto/secp256k1.ts';
import { CPC, type ContractAccountData, type NetworkData } from './data/network-data.ts';

/** Neither the main network's nor one of the reference's run modes. */
export const PRACTICE_CHAIN_ID = 4181n;
const TERM_LEN = 4;
const FAULTY = 1;
const FAUCET_BALANCE = 1_000_000_000n * CPC;
/** 2026-01-01T00:00:00Z: fixed, for the hash of the first block depends on it. */
const GENESIS_TIME_MILLIS = 1_767_225_600_000n;

export interface PracticeKeys {
  /** In the order of their turns. */
  readonly proposers: readonly Bytes[];
  /** In the order of their signature slots. */
  readonly validators: readonly Bytes[];
  /** Of the account that holds all coins at the start. */
  readonly faucet: Bytes;
  /** Of the account that makes the contracts of streams: older chains have used the faucet's next numbers. */
  readonly streams: Bytes;
}

/** The private keys of committee, faucet and maker of streams, 32 bytes each. @throws NOT_PRACTICE on every other chain */
export function practiceKeys(chainId: bigint): PracticeKeys {
  if (chainId !== PRACTICE_CHAIN_ID) {
    throw new CodedError('NOT_PRACTICE', 'The keys of the practice network are public and must not be used on another chain.', {
      help: 'Use an account of your own there.',
      meta: { chainId: chainId.toString() },
    });
  }
  return keys();
}

export function practiceData(): NetworkData {
  const { proposers, validators, faucet } = keys();
  const rnode = practiceGenesis.rnode as ContractAccountData;
  return {
    name: 'practice',
    chainId: PRACTICE_CHAIN_ID,
    networkId: Number(PRACTICE_CHAIN_ID),
    dpor: { periodMillis: 1_000, termLen: TERM_LEN, viewLen: 3, faulty: FAULTY, maxInitBlockNumber: 48n, impeachTimeoutMillis: 1_000 },
    contracts: { rnode: rnode.address },
    candidates: proposers.map(hexAddress),
    proposers: proposers.map(hexAddress),
    validators: validators.map(hexAddress),
    genesis: { timeMillis: GENESIS_TIME_MILLIS, alloc: [[hexAddress(faucet), FAUCET_BALANCE]], contracts: [rnode] },
  };
}

function keys(): PracticeKeys {
  return {
    proposers: Array.from({ length: TERM_LEN }, (_, i) => keyNamed(`proposer ${i}`)),
    validators: Array.from({ length: 3 * FAULTY + 1 }, (_, i) => keyNamed(`validator ${i}`)),
    faucet: keyNamed('faucet'),
    streams: keyNamed('streams'),
  };
}

/** As the key of the account that owns the contracts of the first block. */
function keyNamed(name: string): Bytes {
  return keccak256(utf8(`cpchain practice ${name}`));
}

function hexAddress(privateKey: Bytes): Hex {
  return toHex(addressOf(privateKey));
}
