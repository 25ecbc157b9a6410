/**
 * The chain reader over another node's JSON-RPC (docs/protocol/05). That node is trusted for what it says; signatures stay here.
 * Polls the head, because plain HTTP has no subscriptions.
 */
import { z } from 'zod';
import { fromHex, fromHexSized, toHex, type Bytes } from '../../base/bytes.ts';
import { millis, type Clock, type Millis } from '../../base/clock.ts';
import { CodedError, isCoded } from '../../base/errors.ts';
import type { Logger } from '../../base/logger.ts';
import type { BlockInfo, CallOutcome, CallRequest, ChainReader, HeadInfo, LocatedLog, LogFilter, ReceiptInfo } from '../../chain/reader.ts';
import { JsonRpcClient } from './json-rpc-client.ts';

const quantity = z.string().regex(/^0x[0-9a-f]{1,64}$/).transform((text) => BigInt(text));
const sized = (length: number): z.ZodType<Bytes, string> => z.string().transform((text) => fromHexSized(text, length));
const data = z.string().transform((text) => fromHex(text));
const transactionSchema = z.object({ hash: sized(32), from: sized(20), to: sized(20).nullable(), value: quantity, nonce: quantity, gasPrice: quantity, input: data });
const blockSchema = z.object({ number: quantity, hash: sized(32), parentHash: sized(32), timestamp: quantity, transactions: z.array(transactionSchema) });
const headSchema = blockSchema.omit({ transactions: true });
const receiptSchema = z.object({ transactionHash: sized(32), blockNumber: quantity, blockHash: sized(32), status: quantity, gasUsed: quantity, contractAddress: sized(20).nullable() });
const logSchema = z.object({ address: sized(20), topics: z.array(sized(32)), data, blockNumber: quantity, blockHash: sized(32), transactionHash: sized(32), logIndex: quantity });

/** The network's words for a refusal (docs/protocol/03 §10.1), the longer of two before the one that it holds. */
const REFUSALS: readonly (readonly [words: string, reason: string])[] = [
  ['nonce too low', 'NONCE_TOO_LOW'],
  ['insufficient funds', 'INSUFFICIENT_FUNDS'],
  ['replacement transaction underpriced', 'REPLACEMENT_UNDERPRICED'],
  ['transaction underpriced', 'UNDERPRICED'],
];

export interface RemoteReaderOptions {
  readonly url: string;
  readonly pollMillis: Millis;
}

export class RemoteReader implements ChainReader {
  readonly chainId: bigint;
  readonly genesisHash: Bytes;
  readonly #client: JsonRpcClient;
  readonly #listeners = new Set<(head: HeadInfo) => void>();
  #head: HeadInfo | null;

  private constructor(client: JsonRpcClient, chainId: bigint, genesisHash: Bytes, head: HeadInfo | null) {
    this.#client = client;
    this.chainId = chainId;
    this.genesisHash = genesisHash;
    this.#head = head;
  }

  /** @throws CHAIN_UNREACHABLE, BAD_ANSWER */
  static async connect(options: Pick<RemoteReaderOptions, 'url'>): Promise<RemoteReader> {
    const client = new JsonRpcClient(options);
    const [chainId, genesis] = await Promise.all([ask(client, 'eth_chainId', [], quantity), ask(client, 'eth_getBlockByNumber', ['0x0', false], headSchema)]);
    return new RemoteReader(client, chainId, genesis.hash, headOf(await ask(client, 'eth_getBlockByNumber', ['latest', false], headSchema)));
  }

  /** Follows the head until the signal aborts. */
  async poll(options: Pick<RemoteReaderOptions, 'pollMillis'>, modules: { readonly clock: Clock; readonly log: Logger }, signal: AbortSignal): Promise<void> {
    let answered = true;
    while (!signal.aborted) {
      try {
        const head = headOf(await this.#ask('eth_getBlockByNumber', ['latest', false], headSchema, signal));
        answered = true;
        if (this.#head === null || toHex(head.hash) !== toHex(this.#head.hash)) {
          this.#head = head;
          for (const listener of this.#listeners) listener(head);
        }
      } catch (error) {
        if (answered && !isAborted(signal)) modules.log.warn('remote node does not answer', { code: isCoded(error) ? error.code : 'unknown' });
        answered = false;
      }
      await modules.clock.sleep(options.pollMillis, signal);
    }
  }

  head(): HeadInfo | null {
    return this.#head;
  }

  onHead(listener: (head: HeadInfo) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  balanceOf(address: Bytes, block?: bigint): Promise<bigint> {
    return this.#ofBlock('eth_getBalance', address, block, quantity);
  }

  nonceOf(address: Bytes): Promise<bigint> {
    return this.#ask('eth_getTransactionCount', [toHex(address), 'latest'], quantity);
  }

  nextNonceOf(address: Bytes): Promise<bigint> {
    return this.#ask('eth_getTransactionCount', [toHex(address), 'pending'], quantity);
  }

  codeOf(address: Bytes, block?: bigint): Promise<Bytes> {
    return this.#ofBlock('eth_getCode', address, block, data);
  }

  async #ofBlock<T>(method: string, address: Bytes, block: bigint | undefined, schema: z.ZodType<T>): Promise<T> {
    try {
      return await this.#ask(method, [toHex(address), block === undefined ? 'latest' : quantityOf(block)], schema);
    } catch (error) {
      if (block === undefined || !isCoded(error, 'RPC_ERROR')) throw error;
      throw new CodedError('STATE_UNKNOWN', 'The remote node does not keep the state of this block any more.', { cause: error });
    }
  }

  /** The protocol gives a reverted call's data like a result: whole words are a result, a selector before them is an error. */
  async call(request: CallRequest): Promise<CallOutcome> {
    const result = await this.#ask('eth_call', [callArgs(request), 'latest'], data);
    return { ok: result.length % 32 === 0, data: result };
  }

  async estimateGas(request: CallRequest): Promise<bigint> {
    try {
      return await this.#ask('eth_estimateGas', [callArgs(request)], quantity);
    } catch (error) {
      if (!isCoded(error, 'RPC_ERROR')) throw error;
      throw new CodedError('CALL_FAILS', 'The contract would refuse this transaction; nothing was sent.', { help: 'Look at the details of what it refuses.', cause: error });
    }
  }

  gasPrice(): Promise<bigint> {
    return this.#ask('eth_gasPrice', [], quantity);
  }

  async block(number: bigint): Promise<BlockInfo | null> {
    const block = await this.#ask('eth_getBlockByNumber', [quantityOf(number), true], blockSchema.nullable());
    return block === null ? null : { ...headOf(block), parentHash: block.parentHash, transactions: block.transactions };
  }

  async logs(filter: LogFilter): Promise<readonly LocatedLog[]> {
    const criteria = { fromBlock: quantityOf(filter.fromBlock), toBlock: quantityOf(filter.toBlock), address: filter.addresses.map(toHex), topics: [] };
    const logs = await this.#ask('eth_getLogs', [criteria], z.array(logSchema));
    return logs.map((log) => ({ ...log, logIndex: Number(log.logIndex) }));
  }

  async receipt(hash: Bytes): Promise<ReceiptInfo | null> {
    const receipt = await this.#ask('eth_getTransactionReceipt', [toHex(hash)], receiptSchema.nullable());
    return receipt === null ? null : { ...receipt, ok: receipt.status === 1n };
  }

  async send(raw: Bytes): Promise<Bytes> {
    try {
      return await this.#ask('eth_sendRawTransaction', [toHex(raw)], sized(32));
    } catch (error) {
      if (!isCoded(error, 'RPC_ERROR')) throw error;
      const text = String(error.meta['reason']);
      const known = /known transaction: (?:0x)?([0-9a-f]{64})/.exec(text)?.[1];
      if (known !== undefined) return fromHex(known);
      const reason = REFUSALS.find(([words]) => text.includes(words))?.[1] ?? text;
      throw new CodedError('TRANSACTION_REFUSED', 'The node does not take this transaction.', { help: 'Look at the details of what it refuses.', meta: { reason }, cause: error });
    }
  }

  #ask<T>(method: string, params: readonly unknown[], schema: z.ZodType<T>, signal?: AbortSignal): Promise<T> {
    return ask(this.#client, method, params, schema, signal);
  }
}

async function ask<T>(client: JsonRpcClient, method: string, params: readonly unknown[], schema: z.ZodType<T>, signal?: AbortSignal): Promise<T> {
  const parsed = schema.safeParse(await client.call(method, params, signal));
  if (!parsed.success) throw new CodedError('BAD_ANSWER', `The node’s answer to ${method} is not of the agreed form.`, { help: 'Use the address of a CPChain node.', meta: { method, field: parsed.error.issues[0]?.path.join('.') ?? '' } });
  return parsed.data;
}

/** A function, because the signal changes while a question is under way. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}

function headOf(block: z.infer<typeof headSchema>): HeadInfo {
  return { number: block.number, hash: block.hash, timeMillis: millis(Number(block.timestamp)) };
}

function quantityOf(value: bigint): string {
  return `0x${value.toString(16)}`;
}

function callArgs(request: CallRequest): Readonly<Record<string, string>> {
  return { from: toHex(request.from), ...(request.to === null ? {} : { to: toHex(request.to) }), data: toHex(request.data), value: quantityOf(request.value) };
}
