/**
 * All of a block that can be checked without the chain, which is most of the work of an import: hashes, the transactions
 * root, and who signed what. It takes bytes and gives bytes, so that it runs in a worker as well as here.
 */
import type { Bytes } from '../../base/bytes.ts';
import { toCoded, type ErrorJson } from '../../base/errors.ts';
import { keccak256 } from '../../crypto/keccak.ts';
import { recoverAddress } from '../../crypto/secp256k1.ts';
import { decodeBlock, transactionsOfBlock } from '../../primitives/block.ts';
import { deriveRoot } from '../../primitives/derive-root.ts';
import { headerHash } from '../../primitives/header.ts';
import { encodeTransaction, senderOf, type Transaction } from '../../primitives/transaction.ts';

export interface ExaminationTask {
  /** RLP of each block. */
  readonly blocks: readonly Bytes[];
  readonly chainId: bigint;
}

/** Lists of hashes and addresses are joined into one array each. */
export interface Examination {
  readonly hash: Bytes;
  readonly transactionsRoot: Bytes;
  /** 32 bytes per transaction. */
  readonly transactionHashes: Bytes;
  /** 20 bytes per transaction. */
  readonly senders: Bytes;
  /** 20 bytes per transaction; zeros for one that creates a contract. */
  readonly recipients: Bytes;
  /** 20 bytes; zeros when the seal gives no address. */
  readonly author: Bytes;
  /** 20 bytes per entry of `dpor.sigs`; zeros where it gives no address. */
  readonly signers: Bytes;
}

const NOBODY: Bytes = new Uint8Array(20);

/** A failure is kept with its block: the blocks before it are good. */
export type ExaminationResult = { readonly examination: Examination } | { readonly error: ErrorJson };

export function examineBlocks(task: ExaminationTask): ExaminationResult[] {
  return task.blocks.map((encoded) => {
    try {
      return { examination: examineBlock(encoded, task.chainId) };
    } catch (error) {
      return { error: toCoded(error).toJSON() };
    }
  });
}

/** @throws BAD_SIGNATURE, WRONG_CHAIN for the first transaction without a sender */
function examineBlock(block: Bytes, chainId: bigint): Examination {
  const { header, transactions } = decodeBlock(block);
  const hash = headerHash(header);
  const encoded = encodedTransactions(block, transactions);
  return {
    hash,
    transactionsRoot: deriveRoot(encoded),
    transactionHashes: joined(encoded.map(keccak256), 32),
    senders: joined(transactions.map((tx) => senderOf(tx, chainId)), 20),
    recipients: joined(transactions.map(({ to }) => to ?? NOBODY), 20),
    author: recoverAddress(hash, header.dpor.seal) ?? NOBODY,
    signers: joined(header.dpor.sigs.map((signature) => recoverAddress(hash, signature) ?? NOBODY), 20),
  };
}

/** As they stand in the block, but for a missing recipient, which has two forms there. */
function encodedTransactions(block: Bytes, transactions: readonly Transaction[]): Bytes[] {
  const found = transactionsOfBlock(block);
  return transactions.map((transaction, i) => (transaction.to === null ? undefined : found[i]) ?? encodeTransaction(transaction));
}

function joined(parts: readonly Bytes[], size: number): Bytes {
  const out = new Uint8Array(parts.length * size);
  parts.forEach((part, i) => out.set(part, i * size));
  return out;
}
