/** The node of the dev chain whose JSON-RPC was recorded, rebuilt: its chain and its pool, moment by moment. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fromHex, toHex, type Bytes } from '../../base/bytes.ts';
import { invariant } from '../../base/errors.ts';
import { systemFiles } from '../../base/files.ts';
import { MemoryStore } from '../../db/memory-store.ts';
import { network } from '../../networks/network.ts';
import { decodeBlock } from '../../primitives/block.ts';
import { transactionHash, type Transaction } from '../../primitives/transaction.ts';
import { AccessToken } from '../../rpc/access/access-token.ts';
import type { RpcBackend, SyncProgress } from '../../rpc/backend.ts';
import { RpcServer } from '../../rpc/rpc-server.ts';
import { testChain } from '../chains.ts';
import { testBackend } from '../rpc-backend.ts';
import { RecordedWallet } from './recorded-wallet.ts';

/** Head when most of the answers were written down. */
const HEAD = 314;

/** What the recorded node had begun to sync when it answered, and went on to tell. */
const SYNC: SyncProgress = { startingBlock: 0xaan, currentBlock: 0xaan, highestBlock: 0xabn };

/** A transaction as JSON-RPC writes it. */
export type TransactionObject = Readonly<Record<'type' | 'nonce' | 'gasPrice' | 'gas' | 'value' | 'input' | 'v' | 'r' | 's', string>> & { readonly to: string | null };

export class RecordedNode {
  readonly rpc: RpcServer;
  readonly wallet: RecordedWallet;
  readonly #backend: RpcBackend;
  readonly #blocks: readonly Bytes[];
  readonly #folder: string;

  private constructor(backend: RpcBackend & { readonly wallet: RecordedWallet }, rpc: RpcServer, blocks: readonly Bytes[], folder: string) {
    this.#backend = backend;
    this.rpc = rpc;
    this.wallet = backend.wallet;
    this.#blocks = blocks;
    this.#folder = folder;
  }

  /**
   * @param blocks of its chain, RLP each, also those that came later
   * @param key of its account
   */
  static async start(blocks: readonly Bytes[], key: Bytes): Promise<RecordedNode> {
    const chain = await testChain(network('dev'), new MemoryStore(), { archive: true });
    await chain.importBlocks(blocks.slice(0, HEAD + 1));
    const folder = mkdtempSync(join(tmpdir(), 'recorded-'));
    const plain = testBackend(chain);
    const wallet = new RecordedWallet(key, { pool: plain.pool, chainId: chain.network.chainId });
    const backend = { ...plain, wallet, dataDir: folder, node: { ...plain.node, syncProgress: () => SYNC } };
    chain.events.on('head', () => backend.pool.reset());
    const token = await AccessToken.open(join(folder, 'rpc-token'), systemFiles);
    const rpc = await RpcServer.start({ port: 0, token, ipcPath: join(folder, 'cpchain.ipc') }, backend);
    return new RecordedNode(backend, rpc, blocks, folder);
  }

  get head(): number {
    return Number(this.#backend.chain.head.header.number);
  }

  /** The answer to a body over HTTP, of a program that may call every method. */
  async ask(body: string): Promise<string> {
    const authorization = `Bearer ${readFileSync(join(this.#folder, 'rpc-token'), 'utf8').trim()}`;
    return (await fetch(this.rpc.url, { method: 'POST', headers: { 'content-type': 'application/json', authorization }, body })).text();
  }

  async importUpTo(number: number): Promise<void> {
    await this.#backend.chain.importBlocks(this.#blocks.slice(this.head + 1, number + 1));
  }

  /** Others sent it. */
  hear(tx: Transaction): void {
    this.#backend.pool.addRemote(tx);
  }

  /** A transaction of a block by the beginning of its hash, also of one that came later. */
  transactionIn(number: number, hash: string): Transaction {
    const tx = decodeBlock(this.#blocks[number] ?? new Uint8Array()).transactions.find((one) => toHex(transactionHash(one)) === hash);
    invariant(tx !== undefined, 'The recorded block has the transaction.');
    return tx;
  }

  async close(): Promise<void> {
    await this.rpc.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

export function transactionOf({ type, nonce, gasPrice, gas, to, value, input, v, r, s }: TransactionObject): Transaction {
  return { type: BigInt(type), nonce: BigInt(nonce), gasPrice: BigInt(gasPrice), gasLimit: BigInt(gas), to: to === null ? null : fromHex(to), value: BigInt(value), payload: fromHex(input), v: BigInt(v), r: BigInt(r), s: BigInt(s) };
}
