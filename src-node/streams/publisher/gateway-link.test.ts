import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { toHex, type Bytes } from '../../base/bytes.ts';
import { systemClock } from '../../base/clock.ts';
import { systemFiles } from '../../base/files.ts';
import { silentLogger } from '../../base/logger.ts';
import { MARKET_STREAM, StreamMarket } from '../../testing/stream-market.ts';
import { batchHash, encodeBatch, type BatchFields } from '../format/batch.ts';
import { GatewayEndpoints } from './gateway-endpoints.ts';
import { GatewayLink } from './gateway-link.ts';
import { Outbox } from './outbox.ts';
import { ReceiptCheck } from './receipt-check.ts';
import { LyingGateway } from './testing/lying-gateway.ts';

const fill = (length: number, byte: number): Bytes => new Uint8Array(length).fill(byte);
let folder: string;
let market: StreamMarket;
let liar: LyingGateway;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'link-'));
  mkdirSync(join(folder, 'gateway-1'));
  market = new StreamMarket({ folder, clock: systemClock, plan: { kind: 'metered', unitPrice: 10n, window: 50 }, epochSeconds: 600, ahead: 6 });
  liar = await LyingGateway.listen((await market.startGateway(1)).port);
});
afterEach(async () => {
  liar.close();
  await market.close();
  rmSync(folder, { recursive: true, force: true });
});

it('believes a gateway the end of a stream that the own key signed, and no other', async () => {
  const { record, publisherKeys: keys, chainId, genesisHash, contracts } = market;
  market.setEndpoints(1, [liar.url]);
  const at = { gatewayId: fill(32, 0x61), streamId: MARKET_STREAM };
  const endpoints = (await GatewayEndpoints.open(at, { chain: market, clock: systemClock, signTicket: (ticket) => keys.signTicket(ticket) })) ?? expect.fail('no endpoint');
  const outbox = await Outbox.open({ folder: join(folder, 'batches'), fileBytes: 1e6 }, { files: systemFiles, log: silentLogger });
  const link = new GatewayLink({ streamId: MARKET_STREAM, publishers: [record.publisher], domain: { chainId, genesisHash, contract: contracts.stream } }, { endpoints, receipts: new ReceiptCheck(at, { chain: market }), outbox, clock: systemClock, log: silentLogger, onProgress: () => undefined, onSubscribers: () => undefined });
  const { signal } = new AbortController();
  const tailOf = async (signed: Partial<BatchFields>, claimed: Record<string, unknown> = {}): Promise<bigint | undefined> => {
    const fields: BatchFields = { streamId: MARKET_STREAM, generation: 1, epoch: 100, runId: fill(16, 1), firstSeq: 999_999_990n, count: 10, prevBatchHash: fill(32, 2), framesRoot: fill(32, 3), epochCommit: fill(32, 4), timeMillis: systemClock.now(), ...signed };
    const header = Buffer.from(encodeBatch(fields, await keys.signBatch(fields), [])).toString('base64');
    const tail = { nextSeq: '1000000000', batchHash: toHex(batchHash(fields)), generation: 1, epoch: 100, time: systemClock.now(), header, ...claimed };
    liar.lies = { answer: (_path, body) => ('tail' in body ? { ...body, tail } : body) };
    return (await link.tail(signal))?.nextSeq;
  };
  expect(await link.tail(signal)).toBeNull();
  expect(await tailOf({})).toBe(1_000_000_000n); // another run of this publisher, of years
  const lies: [Partial<BatchFields>, Record<string, unknown>?][] = [[{ count: 9 }], [{ streamId: fill(32, 9) }], [{}, { nextSeq: ((1n << 64n) - 1000n).toString() }], [{}, { batchHash: toHex(fill(32, 7)) }], [{}, { header: '' }]];
  const honest = keys.signBatch.bind(keys);
  for (const [signed, claimed] of lies) await expect(tailOf(signed, claimed)).rejects.toMatchObject({ code: 'BAD_TAIL' });
  keys.signBatch = async (fields) => (await honest(fields)).with(0, 1);
  await expect(tailOf({})).rejects.toMatchObject({ code: 'BAD_TAIL' });
  await outbox.close();
});
