import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { systemClock } from '../../base/clock.ts';
import { systemFiles } from '../../base/files.ts';
import { silentLogger } from '../../base/logger.ts';
import { MARKET_STREAM, StreamMarket } from '../../testing/stream-market.ts';
import { GatewayClient } from '../client/gateway-client.ts';
import { GatewayLink } from './gateway-link.ts';
import { Outbox } from './outbox.ts';

let folder: string;
let market: StreamMarket;
let proxy: Server;
/** What the gateway says that comes next; null as it is. */
let nextSeq: bigint | null;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'link-'));
  mkdirSync(join(folder, 'gateway-1'));
  market = new StreamMarket({ folder, clock: systemClock, plan: { kind: 'metered', unitPrice: 10n, window: 50 }, epochSeconds: 600, ahead: 6 });
  const { port } = await market.startGateway(1);
  proxy = createServer((request, response) => {
    void fetch(`http://127.0.0.1:${port}${request.url ?? ''}`).then(async (answer) => {
      const body = (await answer.json()) as object;
      const tail = nextSeq === null ? null : { nextSeq: nextSeq.toString(), batchHash: `0x${'77'.repeat(32)}`, generation: 1, epoch: 100, time: systemClock.now() };
      response.end(JSON.stringify('tail' in body ? { ...body, tail } : body));
    });
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  proxy.closeAllConnections();
  proxy.close();
  await market.close();
  rmSync(folder, { recursive: true, force: true });
});

it('believes no gateway that says that the numbers of a stream are used up', async () => {
  const endpoint = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  const client = new GatewayClient({ gatewayId: new Uint8Array(32).fill(0x61), endpoint, action: 'publish', streams: [MARKET_STREAM], entitlement: new Uint8Array(32) }, { chain: market, clock: systemClock, signTicket: (ticket) => market.publisherKeys.signTicket(ticket) });
  const outbox = await Outbox.open({ folder: join(folder, 'batches'), fileBytes: 1e6 }, { files: systemFiles, log: silentLogger });
  const link = new GatewayLink({ streamId: MARKET_STREAM }, { client, outbox, clock: systemClock, log: silentLogger, onProgress: () => undefined, onSubscribers: () => undefined });
  const { signal } = new AbortController();
  nextSeq = null;
  expect((await link.facts(signal)).tail).toBeNull();
  nextSeq = 1_000_000_000n; // another run of this publisher, of years
  expect((await link.facts(signal)).tail?.nextSeq).toBe(nextSeq);
  nextSeq = (1n << 64n) - 1000n;
  await expect(link.facts(signal)).rejects.toMatchObject({ code: 'BAD_TAIL' });
  await outbox.close();
});
