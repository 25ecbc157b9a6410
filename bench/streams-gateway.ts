/** Streams through a gateway in its own process over the same broker: sealed, signed, checked, receipted, and verified and opened by a reader. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seconds, systemClock } from '../src-node/base/clock.ts';
import { utf8 } from '../src-node/base/bytes.ts';
import { silentLogger } from '../src-node/base/logger.ts';
import { connectStream } from '../src-node/streams/client/connect.ts';
import { GatewayClient } from '../src-node/streams/client/gateway-client.ts';
import { GatewaySocket } from '../src-node/streams/client/gateway-socket.ts';
import { NEW_READER, type ReaderState } from '../src-node/streams/client/reader-store.ts';
import { NO_BATCH } from '../src-node/streams/format/batch.ts';
import { sealEnvelope } from '../src-node/streams/format/envelope.ts';
import { epochAt } from '../src-node/streams/format/ggm.ts';
import { PublishingRun } from '../src-node/streams/format/seal-run.ts';
import { SimChain } from '../src-node/testing/sim-streams/sim-chain.ts';
import { SimChild } from '../src-node/testing/sim-streams/sim-child.ts';
import type { SimWorld } from '../src-node/testing/sim-streams/sim-world.ts';
import { RATE, RATE_SECONDS, RECORDS, atRate, batchOf, percentiles, rowOfSize, type Latency, type Throughput } from './streams-load.ts';

const SCHEMA = { version: 1, columns: [{ name: 'n', type: 'integer', unit: '' }, { name: 'at', type: 'number', unit: 'ms' }, { name: 'text', type: 'text', unit: '' }] } as const;
const EPOCH_SECONDS = 3600;
const AHEAD = 2;
const IN_FLIGHT = 16;
/** Payment is not what is measured: the reader signs a voucher now and then. */
const WINDOW = 20_000;

export class BenchGateway {
  readonly #folder = mkdtempSync(join(tmpdir(), 'bench-streams-'));
  #child: SimChild | undefined;
  #chain: SimChain | undefined;
  #world: SimWorld | undefined;

  static async start(brokers: readonly string[], streams: number): Promise<BenchGateway> {
    const gateway = new BenchGateway();
    const startSeconds = (Math.floor(Date.now() / 1000 / EPOCH_SECONDS) - 1) * EPOCH_SECONDS;
    const world: SimWorld = { folder: gateway.#folder, engine: 'kafka', brokers: [...brokers], endpoints: ['http://127.0.0.1:1'], streams, readers: 1, run: randomBytes(31).toString('hex'), startSeconds, epochSeconds: EPOCH_SECONDS, ahead: AHEAD, unitPrice: 1, window: WINDOW, rate: 1 };
    const worldPath = join(gateway.#folder, 'world.json');
    writeFileSync(worldPath, JSON.stringify(world));
    const port = await new Promise<number>((resolve, reject) => {
      const onLine = (line: { readonly type: string; readonly port?: number }): void => resolve(line.port ?? 0);
      gateway.#child = new SimChild({ kind: 'gateway', args: [worldPath, '0'], errorsPath: join(gateway.#folder, 'gateway.err') }, onLine, (code) => reject(new RangeError(`the gateway ended with ${code ?? 'a signal'}`)));
    });
    gateway.#world = { ...world, endpoints: [`http://127.0.0.1:${port}`] };
    gateway.#chain = new SimChain(gateway.#world);
    return gateway;
  }

  async stop(): Promise<void> {
    await this.#child?.kill();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async throughput(stream: number, size: number): Promise<Throughput> {
    const count = RECORDS[size] ?? 0;
    const publisher = await this.#publisher(stream);
    const began = performance.now();
    const sends = new Set<Promise<void>>();
    for (let n = 0; n < count; n += batchOf(size)) {
      const sent: Promise<void> = publisher.send(Array.from({ length: Math.min(batchOf(size), count - n) }, (_, i) => rowOfSize(size, n + i))).finally(() => sends.delete(sent));
      sends.add(sent);
      await publisher.sealed();
      if (sends.size >= IN_FLIGHT) await Promise.race(sends);
    }
    await Promise.all(sends);
    const publish = count / ((performance.now() - began) / 1000);
    await publisher.close();
    let [got, first] = [0, 0];
    for await (const { row } of this.#read(stream)) {
      if (got === 0) first = performance.now();
      if (row === null || ++got === count) break;
    }
    if (got !== count) throw new RangeError(`${got} of ${count} rows arrived`);
    return { publish, read: count / ((performance.now() - first) / 1000) };
  }

  async latency(stream: number, size: number): Promise<Latency> {
    const publisher = await this.#publisher(stream);
    const [publishing, arriving]: [number[], number[]] = [[], []];
    let isReading: () => void = () => undefined;
    const reading = new Promise<void>((resolve) => (isReading = resolve));
    const arrived = (async () => {
      for await (const { row } of this.#read(stream, ({ type }) => type === 'connected' && isReading())) {
        arriving.push(performance.now() - Number(row?.['at']));
        if (arriving.length === RATE * RATE_SECONDS) return;
      }
    })();
    await reading;
    let n = 0;
    await atRate(batchOf(size), async (count) => {
      const rows = Array.from({ length: count }, () => rowOfSize(size, n++));
      await publisher.send(rows);
      for (const { at } of rows) publishing.push(performance.now() - at);
    });
    await arrived;
    await publisher.close();
    return { publish: percentiles(publishing), arrive: percentiles(arriving) };
  }

  /** Seals and signs one after the other, sends without waiting. Its reader has the keys. */
  async #publisher(stream: number): Promise<{ send(rows: readonly ReturnType<typeof rowOfSize>[]): Promise<void>; sealed(): Promise<unknown>; close(): Promise<void> }> {
    const { chain, world } = this.#opened;
    const keys = chain.publisherKeys(stream);
    const streamId = chain.streamId(stream);
    const gatewayId = chain.receiptSigner(0).gatewayId;
    const endpoint = world.endpoints[0] ?? '';
    const client = new GatewayClient({ gatewayId, endpoint, action: 'publish', streams: [streamId], entitlement: new Uint8Array(32) }, { chain, clock: systemClock, signTicket: (ticket) => keys.signTicket(ticket) });
    const end = new AbortController();
    await client.hello(end.signal);
    const socket = await GatewaySocket.open(client, { onData: () => undefined, onFrame: () => undefined }, end.signal);
    const from = epochAt(systemClock.now(), world.startSeconds * 1000, EPOCH_SECONDS * 1000);
    const span = { generation: 1, from, to: from + AHEAD };
    const envelope = sealEnvelope({ ...span, streamId, nodes: await keys.nodes(1, span.from, span.to) }, chain.chainId, chain.subscriberKeys(stream, 0).publicKey);
    await client.putEnvelope(streamId, { channelId: chain.channelId(stream, 0), ...span, envelope }, end.signal);
    const run = new PublishingRun({ streamId, generation: 1, startSeconds: seconds(world.startSeconds), epochSeconds: seconds(EPOCH_SECONDS), after: { nextSeq: 0n, prevBatchHash: NO_BATCH } }, { keys, clock: systemClock });
    let turn: Promise<unknown> = Promise.resolve();
    return {
      send: async (rows) => {
        const sealed = turn.then(async () => {
          for (const row of rows) await run.add({ contentType: 'json', schemaVersion: SCHEMA.version, body: utf8(JSON.stringify(row)) });
          return (await run.take({ all: true })).map(({ bytes }) => socket.publish(bytes, { gap: false }));
        });
        turn = sealed;
        await Promise.all(await sealed);
      },
      sealed: () => turn,
      close: async () => {
        socket.close();
        await socket.closed;
      },
    };
  }

  #read(stream: number, onEvent: (event: { readonly type: string }) => void = () => undefined): ReturnType<typeof connectStream> {
    const { chain } = this.#opened;
    let state: ReaderState = NEW_READER;
    const store = { load: () => Promise.resolve(state), save: (next: ReaderState) => Promise.resolve(void (state = next)) };
    return connectStream({ streamId: chain.streamId(stream), channelId: chain.channelId(stream, 0), begin: 'earliest', schema: SCHEMA, dailyCap: null }, { chain, keys: chain.subscriberKeys(stream, 0), store, clock: systemClock, log: silentLogger, onEvent });
  }

  get #opened(): { readonly chain: SimChain; readonly world: SimWorld } {
    if (this.#chain === undefined || this.#world === undefined) throw new RangeError('the gateway was not started');
    return { chain: this.#chain, world: this.#world };
  }
}
