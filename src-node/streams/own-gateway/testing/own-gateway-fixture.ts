/** The gateway of a program with a chain that says what a test wants, keys that can go away, and clients over real sockets. */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { toHex, type Bytes, type Hex } from '../../../base/bytes.ts';
import { millis, systemClock, type Millis } from '../../../base/clock.ts';
import { CodedError } from '../../../base/errors.ts';
import { systemFiles } from '../../../base/files.ts';
import { silentLogger } from '../../../base/logger.ts';
import { receiptDigest, ticketDigest, type ReceiptMessage } from '../../../contracts/typed-data.ts';
import { GatewayClient } from '../../client/gateway-client.ts';
import { fill, GATEWAY_ID, GATEWAY_KEY, PUBLISHER_KEY, signTyped, STREAM_ID, SUBSCRIBER_KEY, TestChain, TestPublisher, voucher } from '../../gateway/testing/test-stream.ts';
import { TestSocket } from '../../gateway/testing/test-server.ts';
import type { SignedReceipt, SignedVoucher } from '../../gateway/wire.ts';
import type { GatewayEntry } from '../../index/gateway-entry.ts';
import type { GatewayKeys } from '../../ports.ts';
import { openStreamStore } from '../../store.ts';
import { OwnGateway } from '../own-gateway.ts';

export const OWNER: Hex = toHex(fill(20, 0x44));

/** Signs with a key of its own, and fails when it is told to. */
export class TestGatewayKeys implements GatewayKeys {
  readonly secrets = new Map<string, string>();
  readonly #chain: TestChain;
  isStopped = false;
  isHeld = true;

  constructor(chain: TestChain) {
    this.#chain = chain;
  }

  accounts(): Promise<readonly Bytes[]> {
    return this.#run(() => [fill(20, 0x44)]);
  }

  held(): ReturnType<GatewayKeys['held']> {
    return this.#run(() => ({ unlocked: this.isHeld, ids: new Set(this.isHeld ? [toHex(GATEWAY_ID)] : []) }));
  }

  signReceipt(receipt: ReceiptMessage): Promise<Bytes> {
    return this.#run(() => {
      if (!this.isHeld) throw new CodedError('STREAM_NOT_HELD', 'not held');
      const { chainId, genesisHash, contracts } = this.#chain;
      return signTyped(receiptDigest({ chainId, genesisHash, contract: contracts.gateway }, receipt), GATEWAY_KEY);
    });
  }

  keepSecret(name: string, secret: string | null): Promise<void> {
    return this.#run(() => {
      if (secret === null) this.secrets.delete(name);
      else this.secrets.set(name, secret);
    });
  }

  openSecret(name: string): Promise<string | null> {
    return this.#run(() => this.secrets.get(name) ?? null);
  }

  async #run<T>(work: () => T): Promise<T> {
    await Promise.resolve();
    if (this.isStopped) throw new CodedError('KEYS_STOPPED', 'The keys process is gone.');
    return work();
  }
}

export class OwnGatewayFixture {
  readonly folder = mkdtempSync(join(tmpdir(), 'own-gateway-'));
  readonly chain = new TestChain(systemClock);
  readonly publisher = new TestPublisher(this.chain, systemClock);
  readonly keys: TestGatewayKeys;
  readonly port: number;
  /** Added to the time of the gateway. */
  later = 0;
  entries: readonly GatewayEntry[];
  #open: { readonly db: DatabaseSync; readonly gateway: OwnGateway } | null = null;
  readonly #sockets: TestSocket[] = [];

  private constructor(port: number) {
    this.port = port;
    this.keys = new TestGatewayKeys(this.chain);
    this.entries = [{ id: toHex(GATEWAY_ID), owner: OWNER, signer: '0x', endpoints: [`http://127.0.0.1:${port}`], status: 'bonded', bond: 1n, leavingBlock: 0, logId: 1n, slashed: false, createdBlock: 1, createdAt: millis(0) }];
  }

  static async make(): Promise<OwnGatewayFixture> {
    return new OwnGatewayFixture(await freePort());
  }

  get gateway(): OwnGateway {
    if (this.#open === null) throw new RangeError('not open');
    return this.#open.gateway;
  }

  /** As the program starts. */
  open(keys: GatewayKeys = this.keys): OwnGateway {
    const db = openStreamStore(join(this.folder, 'streams.sqlite'));
    const clock = { now: () => millis(systemClock.now() + this.later), sleep: (delay: Millis, signal?: AbortSignal) => systemClock.sleep(delay, signal) };
    const gateway = new OwnGateway({ folder: join(this.folder, 'gateway'), contract: `0x${'13'.repeat(20)}` }, { db, chain: this.chain, index: { gatewaysOf: (owner) => (owner === OWNER ? this.entries : []) }, keys, files: systemFiles, clock, log: silentLogger, onChange: () => undefined });
    this.#open = { db, gateway };
    return gateway;
  }

  /** As the program ends. */
  async stop(): Promise<void> {
    await this.#open?.gateway.close();
    this.#open?.db.close();
    this.#open = null;
  }

  client(channelId: Bytes | null = null): GatewayClient {
    const { chainId, genesisHash, contracts } = this.chain;
    return new GatewayClient(
      { gatewayId: GATEWAY_ID, endpoint: `http://127.0.0.1:${this.port}`, action: channelId === null ? 'publish' : 'subscribe', streams: [STREAM_ID], entitlement: channelId ?? fill(32, 0) },
      { chain: this.chain, clock: systemClock, signTicket: (ticket) => Promise.resolve(signTyped(ticketDigest({ chainId, genesisHash, contract: contracts.gateway }, ticket), channelId === null ? PUBLISHER_KEY : SUBSCRIBER_KEY)) },
    );
  }

  publish(client: GatewayClient, batch: Bytes): Promise<SignedReceipt> {
    return client.publish(STREAM_ID, batch, { gap: false });
  }

  voucher(channelId: Bytes, units: bigint): SignedVoucher {
    return voucher(this.chain, channelId, units);
  }

  async socket(client: GatewayClient): Promise<TestSocket> {
    const socket = new TestSocket(`ws://127.0.0.1:${this.port}/v1/ws`);
    this.#sockets.push(socket);
    const { challenge } = await socket.take('HELLO');
    socket.send({ type: 'AUTH', ...(await client.proveSocket(challenge)) });
    await socket.take('AUTHOK');
    return socket;
  }

  async close(): Promise<void> {
    for (const { socket } of this.#sockets) socket.terminate();
    await this.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
