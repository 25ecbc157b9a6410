/** The chain reader over this program's own chain and pool. Calls run as they would in the next block. */
import { equal, toHex, type Bytes } from '../base/bytes.ts';
import { millis, type Clock } from '../base/clock.ts';
import { CodedError, isCoded, toCoded } from '../base/errors.ts';
import { decodeTransaction, senderOf, transactionHash, type Transaction } from '../primitives/transaction.ts';
import { mayContain } from '../primitives/bloom.ts';
import type { State } from '../state/state.ts';
import type { Chain } from './chain.ts';
import { blockContextOf } from './execution/block-context.ts';
import type { ExecutionModules } from './execution/message.ts';
import { estimateGas, simulateCall } from './execution/simulate.ts';
import { timeLimit } from './execution/time-limit.ts';
import type { HashedHeader } from './header-verifier.ts';
import type { TransactionPool } from './pool/transaction-pool.ts';
import type { BlockInfo, CallOutcome, CallRequest, ChainReader, HeadInfo, LocatedLog, LogFilter, ReceiptInfo, TransactionInfo } from './reader.ts';

export interface LocalReaderModules {
  readonly chain: Chain;
  readonly pool: TransactionPool;
  readonly gasPrice: () => bigint;
  readonly clock: Clock;
}

const ZERO_AUTHOR = new Uint8Array(20);

export class LocalReader implements ChainReader {
  readonly #modules: LocalReaderModules;

  constructor(modules: LocalReaderModules) {
    this.#modules = modules;
  }

  get chainId(): bigint {
    return this.#modules.chain.network.chainId;
  }

  get genesisHash(): Bytes {
    return this.#modules.chain.genesisHash;
  }

  head(): HeadInfo {
    return headInfo(this.#modules.chain.head);
  }

  onHead(listener: (head: HeadInfo) => void): () => void {
    return this.#modules.chain.events.on('head', (head) => listener(headInfo(head)));
  }

  balanceOf(address: Bytes, block?: bigint): Promise<bigint> {
    return this.#stateOf(block, (state) => state.balanceOf(address));
  }

  nonceOf(address: Bytes): Promise<bigint> {
    return this.#read(({ state }) => state.nonceOf(address));
  }

  nextNonceOf(address: Bytes): Promise<bigint> {
    return Promise.resolve(this.#modules.pool.nextNonce(address));
  }

  codeOf(address: Bytes, block?: bigint): Promise<Bytes> {
    return this.#stateOf(block, (state) => state.codeOf(address));
  }

  call(request: CallRequest): Promise<CallOutcome> {
    return this.#read((modules) => {
      const outcome = simulateCall(messageOf(request, modules.evmBlock.gasLimit), modules, { funds: 'unlimited' });
      return { ok: outcome.error === undefined, data: outcome.returnData };
    });
  }

  estimateGas(request: CallRequest): Promise<bigint> {
    return this.#read((modules) => {
      try {
        return estimateGas(messageOf(request, modules.evmBlock.gasLimit), modules, { funds: 'unlimited' });
      } catch (error) {
        if (!isCoded(error, 'ALWAYS_FAILING')) throw error;
        throw new CodedError('CALL_FAILS', 'The contract would refuse this transaction; nothing was sent.', { help: 'Look at the details of what it refuses.', cause: error });
      }
    });
  }

  gasPrice(): Promise<bigint> {
    return Promise.resolve(this.#modules.gasPrice());
  }

  block(number: bigint): Promise<BlockInfo | null> {
    const { chain } = this.#modules;
    const hash = chain.hashAt(number);
    const block = chain.blockByNumber(number);
    if (hash === undefined || block === undefined) return Promise.resolve(null);
    const transactions = block.transactions.map((tx) => infoOf(tx, chain.network.chainId));
    return Promise.resolve({ ...headInfo({ hash, header: block.header }), parentHash: block.header.parentHash, transactions });
  }

  logs(filter: LogFilter): Promise<readonly LocatedLog[]> {
    const { chain } = this.#modules;
    const found: LocatedLog[] = [];
    for (let number = filter.fromBlock; number <= filter.toBlock; number += 1n) {
      const hash = chain.hashAt(number);
      const header = chain.headerByNumber(number);
      if (hash === undefined || header === undefined) break;
      if (!filter.addresses.some((address) => mayContain(header.logsBloom, address))) continue;
      for (const receipt of chain.receiptsOf(hash) ?? []) {
        for (const log of receipt.logs) if (filter.addresses.some((address) => equal(address, log.address))) found.push(log);
      }
    }
    return Promise.resolve(found);
  }

  receipt(hash: Bytes): Promise<ReceiptInfo | null> {
    const { chain } = this.#modules;
    const place = chain.transactionByHash(hash);
    const receipt = chain.receiptByHash(hash);
    if (place === undefined || receipt === undefined) return Promise.resolve(null);
    const { blockNumber, blockHash, transaction } = place;
    return Promise.resolve({
      transactionHash: hash,
      blockNumber,
      blockHash,
      ok: receipt.status === 1,
      gasUsed: receipt.gasUsed,
      contractAddress: transaction.to === null ? receipt.contractAddress : null,
    });
  }

  async send(raw: Bytes): Promise<Bytes> {
    const tx = decodeTransaction(raw);
    const hash = transactionHash(tx);
    if (this.#modules.chain.hasTransaction(hash)) return hash;
    try {
      return await this.#modules.pool.addLocal(tx);
    } catch (error) {
      if (isCoded(error, 'KNOWN_TRANSACTION')) return hash;
      if (!isCoded(error)) throw error;
      throw new CodedError('TRANSACTION_REFUSED', 'The node does not take this transaction.', { ...(error.help === undefined ? {} : { help: error.help }), meta: { reason: error.code, hash: toHex(hash) }, cause: error });
    }
  }

  #stateOf<T>(block: bigint | undefined, read: (state: State) => T): Promise<T> {
    const { chain } = this.#modules;
    const header = block === undefined ? chain.head.header : chain.headerByNumber(block);
    if (header === undefined) return Promise.reject(stateUnknown());
    try {
      return Promise.resolve(read(chain.stateAt(header.stateRoot)));
    } catch (error) {
      // states of old blocks go; that of the head has to be there
      return Promise.reject(block !== undefined && isCoded(error, 'STATE_MISSING') ? stateUnknown(error) : toCoded(error));
    }
  }

  /** Runs on a state of the head that is thrown away. */
  #read<T>(work: (modules: ExecutionModules) => T): Promise<T> {
    const { chain, clock } = this.#modules;
    const { header } = chain.head;
    const next = { ...header, number: header.number + 1n, timeMillis: later(header.timeMillis + BigInt(chain.network.dpor.periodMillis), BigInt(clock.now())) };
    const evmBlock = blockContextOf(next, ZERO_AUTHOR, (number) => chain.hashAt(number) ?? new Uint8Array(32));
    // Whoever wrote the contract, or asked for the call, decides how long it runs: blocks, and all else, wait for it.
    return new Promise((resolve) => resolve(work({ state: chain.stateAt(header.stateRoot), evmBlock, checkpoint: timeLimit() })));
  }
}

function stateUnknown(cause?: unknown): CodedError {
  return new CodedError('STATE_UNKNOWN', 'The state of this block is not kept here.', { cause });
}

function later(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}

function headInfo({ hash, header }: HashedHeader): HeadInfo {
  return { number: header.number, hash, timeMillis: millis(Number(header.timeMillis)) };
}

function messageOf(request: CallRequest, gasLimit: bigint): Parameters<typeof simulateCall>[0] {
  return { from: request.from, to: request.to, value: request.value, payload: request.data, gasLimit, gasPrice: 0n };
}

function infoOf(tx: Transaction, chainId: bigint): TransactionInfo {
  return { hash: transactionHash(tx), from: senderOf(tx, chainId), to: tx.to, value: tx.value, nonce: tx.nonce, gasPrice: tx.gasPrice, input: tx.payload };
}
