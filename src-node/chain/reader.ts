/**
 * What wallet and market read of a chain: implemented over this program's own chain and over another node's JSON-RPC, so that
 * both work the same (ARCHITECTURE.md, "Where blocks come from").
 */
import type { Bytes } from '../base/bytes.ts';
import type { Millis } from '../base/clock.ts';
import type { Log } from '../primitives/log.ts';

export type ReaderErrorCode = 'CHAIN_UNREACHABLE' | 'CALL_FAILS' | 'TRANSACTION_REFUSED' | 'BAD_ANSWER' | 'STATE_UNKNOWN';

export interface HeadInfo {
  readonly number: bigint;
  readonly hash: Bytes;
  readonly timeMillis: Millis;
}

export interface CallRequest {
  readonly from: Bytes;
  /** Null creates a contract. */
  readonly to: Bytes | null;
  readonly data: Bytes;
  readonly value: bigint;
}

/** A failing call is an answer, not an error: `data` is then what it reverted with. */
export interface CallOutcome {
  readonly ok: boolean;
  readonly data: Bytes;
}

export interface LocatedLog extends Log {
  readonly blockNumber: bigint;
  readonly blockHash: Bytes;
  readonly transactionHash: Bytes;
  /** Position in its block. */
  readonly logIndex: number;
}

export interface ReceiptInfo {
  readonly transactionHash: Bytes;
  readonly blockNumber: bigint;
  readonly blockHash: Bytes;
  readonly ok: boolean;
  readonly gasUsed: bigint;
  readonly contractAddress: Bytes | null;
}

export interface TransactionInfo {
  readonly hash: Bytes;
  readonly from: Bytes;
  readonly to: Bytes | null;
  readonly value: bigint;
  readonly nonce: bigint;
  readonly gasPrice: bigint;
  readonly input: Bytes;
}

export interface BlockInfo extends HeadInfo {
  readonly parentHash: Bytes;
  readonly transactions: readonly TransactionInfo[];
}

export interface LogFilter {
  readonly addresses: readonly Bytes[];
  /** Both included. */
  readonly fromBlock: bigint;
  readonly toBlock: bigint;
}

/** All methods but `head` and `onHead` may throw CHAIN_UNREACHABLE. */
export interface ChainReader {
  readonly chainId: bigint;
  readonly genesisHash: Bytes;
  /** The newest block known, or null before the first answer. */
  head(): HeadInfo | null;
  /** @returns the function that stops listening */
  onHead(listener: (head: HeadInfo) => void): () => void;
  /** By the state of the head, or of the block with this number. @throws STATE_UNKNOWN where the node does not keep it any more */
  balanceOf(address: Bytes, block?: bigint): Promise<bigint>;
  /** Nonce of the next transaction by the state of the head. */
  nonceOf(address: Bytes): Promise<bigint>;
  /** The same behind every transaction of the account that the node holds and no block has yet. */
  nextNonceOf(address: Bytes): Promise<bigint>;
  /** As `balanceOf`. */
  codeOf(address: Bytes, block?: bigint): Promise<Bytes>;
  call(request: CallRequest): Promise<CallOutcome>;
  /** @throws CALL_FAILS (meta.revert: "0x" + what it reverted with) */
  estimateGas(request: CallRequest): Promise<bigint>;
  gasPrice(): Promise<bigint>;
  block(number: bigint): Promise<BlockInfo | null>;
  logs(filter: LogFilter): Promise<readonly LocatedLog[]>;
  receipt(transactionHash: Bytes): Promise<ReceiptInfo | null>;
  /** Hands a signed transaction over; one that is known already is no error. @throws TRANSACTION_REFUSED (meta.reason) */
  send(raw: Bytes): Promise<Bytes>;
}
