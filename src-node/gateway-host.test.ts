import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { concat, fromHex, hexOf, toHex, type Bytes, type Hex } from './base/bytes.ts';
import { millis, systemClock } from './base/clock.ts';
import { systemFiles } from './base/files.ts';
import { silentLogger } from './base/logger.ts';
import { encodeRegister as encodeRegisterGateway } from './contracts/bindings/pd-gateway.gen.ts';
import { encodeRegister as encodeRegisterStream } from './contracts/bindings/pd-stream.gen.ts';
import { gatewayId, streamId } from './contracts/terms.ts';
import { ticketDigest } from './contracts/typed-data.ts';
import { addressOf, sign } from './crypto/secp256k1.ts';
import { startGateway, type GatewayHostOptions } from './gateway-host.ts';
import { network } from './networks/network.ts';
import { practiceKeys } from './networks/practice.ts';
import { startPracticeChain, type PracticeChain } from './practice-chain.ts';
import { wellKnownStreams } from './practice-streams.ts';
import { encodeTransaction, signTransaction } from './primitives/transaction.ts';
import { AccessToken } from './rpc/access/access-token.ts';
import { RpcServer } from './rpc/rpc-server.ts';
import { GatewayClient } from './streams/client/gateway-client.ts';
import { ReaderStreamChain, streamContracts } from './streams/chain-view.ts';
import { batchDigest, encodeBatch, framesRoot, NO_BATCH } from './streams/format/batch.ts';
import { frameKey, sealFrame } from './streams/format/frame.ts';
import { encodeRecord } from './streams/format/record.ts';
import { scaledClock } from './testing/scaled-clock.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const { chainId } = network('practice');
const { faucet } = practiceKeys(chainId);
const payer = addressOf(faucet);
const ZERO_HASH: Hex = `0x${'0'.repeat(64)}`;
const at = wellKnownStreams(chainId) ?? { gateway: '0x', stream: '0x', channel: '0x' };
const ids = { chainId, creator: toHex(payer), nonce: 0n };
const gateway = gatewayId({ contract: at.gateway, ...ids });
const stream = fromHex(streamId({ contract: at.stream, ...ids }));
const folder = mkdtempSync(join(tmpdir(), 'gateway-host-'));
const gatewayKey = new Uint8Array(32).fill(0x23);
const keyPath = join(folder, 'key');
let practice: PracticeChain;
let rpc: RpcServer;
let chain: ReaderStreamChain;
let options: GatewayHostOptions;

function typed(digest: Bytes): Bytes {
  const signature = sign(digest, faucet);
  return concat(signature.subarray(0, 64), Uint8Array.of(27 + (signature[64] ?? 0)));
}

beforeAll(async () => {
  const clock = scaledClock(20, systemClock.now());
  practice = await startPracticeChain({ dataDir: folder }, { clock, log: silentLogger });
  const { reader, pool, gasPrice } = practice;
  const node = { clientVersion: 'test', peerCount: () => 0, isListening: () => false, isSealing: () => true, syncProgress: () => null };
  rpc = await RpcServer.start({ port: 0, token: await AccessToken.open(join(folder, 'rpc-token'), systemFiles) }, { chain: practice.chain, pool, node, gasPrice, dataDir: folder, clock, logger: silentLogger });
  const send = async (to: Hex, payload: Bytes, value = 0n): Promise<void> => {
    const unsigned = { type: 0n, nonce: await reader.nextNonceOf(payer), gasPrice: await reader.gasPrice(), gasLimit: 1_000_000n, to: fromHex(to), value, payload };
    await reader.send(encodeTransaction(signTransaction(unsigned, chainId, (digest) => sign(digest, faucet))));
  };
  const stands = async (): Promise<void> => expect((await reader.codeOf(fromHex(at.channel))).length).toBeGreaterThan(0);
  await vi.waitFor(stands, { timeout: 15_000, interval: 10 });
  const plan = { planId: 1, kind: 'Metered', unitPrice: 5n, window: 50, licenceHash: ZERO_HASH, active: true, payees: [toHex(payer)], shares: [10_000] } as const;
  await send(at.gateway, encodeRegisterGateway(0n, toHex(addressOf(gatewayKey)), ['http://127.0.0.1:1']), 10n ** 19n);
  await send(at.stream, encodeRegisterStream({ nonce: 0n, publisher: toHex(payer), epochSeconds: 600, ahead: 0, metaHash: ZERO_HASH, metaUri: '', gateways: [gateway] }, plan));
  chain = new ReaderStreamChain({ reader, contracts: streamContracts(at) });
  await vi.waitFor(async () => expect(await chain.stream(stream)).not.toBeNull(), { timeout: 15_000, interval: 10 });
  await writeFile(keyPath, hexOf(gatewayKey));
  options = { folder: join(folder, 'gateway'), brokers: [], rpcUrl: rpc.url, gatewayId: gateway, keyPath, host: '127.0.0.1', port: 0, hosts: [], origins: [], behindProxy: false, oldPaths: false, retentionMillis: millis(3_600_000) };
});
afterAll(async () => {
  await rpc.close();
  await practice.close();
  rmSync(folder, { recursive: true, force: true });
});

function client(endpoint: string): GatewayClient {
  const domain = { chainId, genesisHash: practice.reader.genesisHash, contract: fromHex(at.gateway) };
  return new GatewayClient(
    { gatewayId: fromHex(gateway), endpoint, action: 'publish', streams: [stream], entitlement: new Uint8Array(32) },
    { chain, signTicket: (ticket) => Promise.resolve(typed(ticketDigest(domain, ticket))), clock: systemClock },
  );
}

async function firstBatch(): Promise<Bytes> {
  const record = await chain.stream(stream);
  const context = { streamId: stream, generation: record?.generation ?? 0, epoch: 0, runId: new Uint8Array(16).fill(9) };
  const time = systemClock.now();
  const frames = [sealFrame({ ...context, seq: 0n, timeMillis: time }, frameKey(new Uint8Array(32), context), encodeRecord({ contentType: 'octets', schemaVersion: 1, body: new Uint8Array(3) }))];
  const fields = { ...context, firstSeq: 0n, count: 1, prevBatchHash: NO_BATCH, framesRoot: framesRoot(frames), epochCommit: new Uint8Array(32), timeMillis: time };
  return encodeBatch(fields, typed(batchDigest(fields, { chainId, genesisHash: practice.reader.genesisHash, contract: fromHex(at.stream) })), frames);
}

it('runs from the command line over a chain that it reads through another node, stops in order, and knows its receipts again', async () => {
  const args = ['src-main/cli/main.ts', 'gateway', '--folder', options.folder, '--rpc', rpc.url, '--gateway-id', gateway, '--gateway-key-file', keyPath, '--port', '0'];
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', ...args], { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = once(child, 'exit');
  const lines: string[] = [];
  createInterface({ input: child.stderr }).on('line', (line) => lines.push(line));
  createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
  await vi.waitFor(() => expect(lines.join('\n')).toContain('The gateway answers at '), { timeout: 20_000, interval: 20 });
  expect(lines[0]).toContain(`signs with ${toHex(addressOf(gatewayKey))}`);
  const batch = await firstBatch();
  const receipt = await client(/http:\S+/.exec(lines[0] ?? '')?.[0] ?? '').publish(stream, batch, { gap: false });
  expect(receipt).toMatchObject({ offset: 0n, firstSeq: 0n });
  child.kill('SIGINT');
  expect((await ended)[0]).toBe(0);
  expect(lines.at(-1)).toMatch(/^The gateway was stopped after \d+ s\./);
  const again = await startGateway(options);
  try {
    expect(again).toMatchObject({ engine: 'built-in', signer: toHex(addressOf(gatewayKey)) });
    expect(await client(again.url).publish(stream, batch, { gap: false })).toEqual(receipt);
  } finally {
    await again.close();
  }
});

it('refuses what cannot work before it answers anybody', async () => {
  const codeOf = (change: Partial<GatewayHostOptions>): Promise<unknown> => startGateway({ ...options, folder: join(folder, 'other'), ...change }).then((host) => host.close(), (error: unknown) => (error as { code: string }).code);
  expect(await codeOf({ gatewayId: ZERO_HASH })).toBe('GATEWAY_UNKNOWN');
  expect(await codeOf({ keyPath: join(folder, 'drawn') })).toBe('GATEWAY_OTHER_KEY');
  expect(await codeOf({ rpcUrl: 'http://127.0.0.1:1' })).toBe('CHAIN_UNREACHABLE');
  expect(await codeOf({ brokers: ['nonsense'] })).toBe('BAD_ENGINE');
  expect(await codeOf({ port: Number(new URL(rpc.url).port) })).toBe('PORT_UNAVAILABLE');
});

it('says nothing of what stands in a file of settings that is no JSON', async () => {
  const enginePath = join(folder, 'engine.json');
  await writeFile(enginePath, '{"kind":"kafka","brokers":["localhost:9092"],"sasl":{"mechanism":"plain","username":"u","password":hunter2}}');
  const error: unknown = await startGateway({ ...options, folder: join(folder, 'other'), enginePath }).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: 'BAD_ENGINE' });
  expect(inspect(error)).not.toContain('hunter');
});
