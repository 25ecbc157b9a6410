/** A gateway with its fixtures, asked without sockets. */
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toHex, utf8, type Bytes } from '../../../base/bytes.ts';
import { ManualClock, millis, type Clock } from '../../../base/clock.ts';
import { systemFiles } from '../../../base/files.ts';
import { silentLogger } from '../../../base/logger.ts';
import type { LogEngine } from '../../log/engine.ts';
import type { StreamPlan } from '../../stream-chain.ts';
import { Gateway } from '../gateway.ts';
import { quotasOf } from '../quotas.ts';
import type { GatewayResponse } from '../route.ts';
import { SqliteGatewayStore } from '../store.ts';
import { helloSchema, ticketAnswerSchema, ticketRequestSchema, type Limits } from '../wire.ts';
import { LONG, MemoryCluster } from './memory-engine.ts';
import { GATEWAY_ID, GATEWAY_KEY, NOW, proofOf, signTyped, STREAM_ID, TestChain, TestPublisher, ticketRequest } from './test-stream.ts';

export interface TestGatewayOptions {
  readonly cluster?: MemoryCluster;
  readonly engine?: LogEngine;
  readonly chain?: TestChain;
  readonly clock?: Clock;
  readonly plan?: Partial<StreamPlan>;
  readonly limits?: Partial<Limits>;
  readonly storePath?: string;
  readonly instance?: string;
  readonly folder?: string;
  readonly oldPaths?: boolean;
  readonly ringBytes?: number;
}

/** As instances of one gateway have it. */
const CURSOR_KEY = new Uint8Array(32).fill(0x42);

export const MANY: Limits = { requestsPerSecond: 1e6, publishRecordsPerSecond: 1e9, publishBytesPerSecond: 1e12, readBytesPerSecond: 1e12, sockets: 10_000, peeksPerDay: 1e6 };

export class TestGateway {
  readonly gateway: Gateway;
  readonly chain: TestChain;
  readonly clock: Clock;
  readonly cluster: MemoryCluster;
  readonly publisher: TestPublisher;
  readonly folder: string;

  private constructor(options: TestGatewayOptions, folder: string) {
    this.folder = folder;
    this.clock = options.clock ?? new ManualClock(NOW);
    this.chain = options.chain ?? new TestChain(this.clock, options.plan);
    this.cluster = options.cluster ?? new MemoryCluster();
    this.publisher = new TestPublisher(this.chain, this.clock);
    this.gateway = new Gateway(
      { retentionMillis: LONG, evidenceFolder: join(folder, 'evidence'), quotas: quotasOf({ ...MANY, ...options.limits }), oldPaths: options.oldPaths ?? false, cursorKey: CURSOR_KEY, ...(options.ringBytes === undefined ? {} : { ringBytes: options.ringBytes }) },
      {
        engine: options.engine ?? this.cluster.engine(),
        chain: this.chain,
        signer: { gatewayId: GATEWAY_ID, sign: (digest) => Promise.resolve(signTyped(digest, GATEWAY_KEY)) },
        store: new SqliteGatewayStore({ path: options.storePath ?? ':memory:', ...(options.instance === undefined ? {} : { instance: options.instance }) }),
        files: systemFiles,
        clock: this.clock,
        logger: silentLogger,
      },
    );
  }

  static async open(options: TestGatewayOptions = {}): Promise<TestGateway> {
    return new TestGateway(options, options.folder ?? (await mkdtemp(join(tmpdir(), 'gateway-'))));
  }

  advance(millisOf: number): void {
    if (this.clock instanceof ManualClock) this.clock.advance(millis(millisOf));
  }

  async ask(method: string, target: string, options: { readonly ticket?: string; readonly body?: Bytes; readonly headers?: Record<string, string>; readonly signal?: AbortSignal; readonly network?: string } = {}): Promise<GatewayResponse & { readonly json: Record<string, unknown> }> {
    const body = options.body ?? new Uint8Array(0);
    const proof = options.ticket === undefined ? {} : proofOf(options.ticket, method, target, body, this.clock.now());
    const response = await this.gateway.request({ method, target, headers: { ...proof, ...options.headers }, body: () => Promise.resolve(body), network: options.network ?? '127.0.0.1', signal: options.signal ?? new AbortController().signal });
    return { ...response, json: response.headers['content-type']?.startsWith('application/json') === true ? (JSON.parse(response.body) as Record<string, unknown>) : {} };
  }

  async nonce(): Promise<Bytes> {
    return helloSchema.parse((await this.ask('GET', '/v1/hello')).json).nonce;
  }

  /** A ticket, or the code that it is refused with. */
  async ticket(parts: Omit<Parameters<typeof ticketRequest>[3], 'action'> & { readonly action?: 'publish' | 'subscribe' } = {}): Promise<string> {
    const request = ticketRequest(this.chain, this.clock, await this.nonce(), { ...parts, action: parts.action ?? (parts.channelId === undefined ? 'publish' : 'subscribe') });
    const { status, json } = await this.ask('POST', '/v1/ticket', { body: utf8(JSON.stringify(ticketRequestSchema.encode(request))) });
    return status === 200 ? ticketAnswerSchema.parse(json).ticket : String(json['code']);
  }

  publish(ticket: string, batch: Bytes, query = ''): ReturnType<TestGateway['ask']> {
    return this.ask('POST', `${streamPath('/batches')}${query}`, { ticket, body: batch, headers: { 'content-type': 'application/octet-stream' } });
  }

  read(ticket: string, query = ''): ReturnType<TestGateway['ask']> {
    return this.ask('GET', `${streamPath('/batches')}${query}`, { ticket });
  }
}

export function streamPath(rest = ''): string {
  return `/v1/streams/${toHex(STREAM_ID)}${rest}`;
}

