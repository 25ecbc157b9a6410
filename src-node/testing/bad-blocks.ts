/** Blocks with one fault each, sealed and signed with the public development keys where the fault lies deeper than a signature. */
import { fromHex, toHex, type Bytes } from '../base/bytes.ts';
import { sign } from '../crypto/secp256k1.ts';
import { signHeader, type Signer } from '../dpor/seals.ts';
import { proposerIndexOf } from '../dpor/terms.ts';
import type { NetworkConfig } from '../networks/network-config.ts';
import { decodeBlock, encodeBlock, type Block } from '../primitives/block.ts';
import { deriveRoot } from '../primitives/derive-root.ts';
import { encodeTransaction, signTransaction } from '../primitives/transaction.ts';
import { withSignatures } from './chains.ts';
import { readVectorJson } from './vectors.ts';

interface RecordedKey {
  readonly address: string;
  readonly privateKey: string;
}

export interface BadBlock {
  readonly encoded: Bytes;
  /** Code and block of the refusal. */
  readonly refusal: readonly [code: string, block: number];
}

/** Five faults, in the blocks with these numbers of a recorded chain of the dev network. */
export function badBlocks(network: NetworkConfig, blocks: readonly Bytes[], at: readonly [number, number, number, number, number]): readonly BadBlock[] {
  const keys = new Map(readVectorJson<readonly RecordedKey[]>('keystore/keystore.json').map(({ address, privateKey }) => [address, fromHex(privateKey)]));
  const signer = (address: Bytes | undefined): Signer => (digest) => sign(digest, keys.get(address === undefined ? '' : toHex(address)) ?? new Uint8Array());
  const sealed = ({ header, transactions }: Block): Bytes => {
    const proposer = header.dpor.proposers[proposerIndexOf(header.number, network.dpor)];
    const bare = { ...header, dpor: { ...header.dpor, seal: new Uint8Array(65), sigs: [] } };
    return encodeBlock({ header: signHeader(bare, signer(proposer), network.validators.map(signer)), transactions });
  };
  const blockAt = (number: number): Bytes => blocks[number] ?? new Uint8Array();
  const [signature, state, transaction, data, gap] = at;
  const wrongState = decodeBlock(blockAt(state));
  const overdue = decodeBlock(blockAt(transaction));
  const [, payer = new Uint8Array()] = [...keys.values()];
  const early = signTransaction({ type: 0n, nonce: 1_000_000n, gasPrice: 0n, gasLimit: 21_000n, to: new Uint8Array(20), value: 0n, payload: new Uint8Array() }, network.chainId, (digest) => sign(digest, payer));
  const transactions = [...overdue.transactions, early];
  return [
    { encoded: withSignatures(blockAt(signature), (sigs) => sigs.map((one) => one.map((byte, i) => (i === 20 ? byte ^ 1 : byte)))), refusal: ['BAD_SIGNATURES', signature] },
    { encoded: sealed({ ...wrongState, header: { ...wrongState.header, stateRoot: new Uint8Array(32).fill(7) } }), refusal: ['BAD_STATE_ROOT', state] },
    { encoded: sealed({ header: { ...overdue.header, transactionsRoot: deriveRoot(transactions.map(encodeTransaction)) }, transactions }), refusal: ['BAD_TRANSACTION', transaction] },
    { encoded: Uint8Array.of(0xc3, 1, 2, 3), refusal: ['BAD_BLOCK_DATA', data] },
    { encoded: blockAt(gap + 1), refusal: ['NOT_CONNECTED', gap + 1] },
  ];
}
