import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { concat, fromHex, toHex, type Bytes, type Hex } from './base/bytes.ts';
import { systemClock } from './base/clock.ts';
import { silentLogger } from './base/logger.ts';
import { encodeOpen } from './contracts/bindings/pd-channel.gen.ts';
import { encodeRegister as encodeRegisterGateway } from './contracts/bindings/pd-gateway.gen.ts';
import { encodeRegister as encodeRegisterStream } from './contracts/bindings/pd-stream.gen.ts';
import { streamParameters } from './contracts/stream-parameters.ts';
import { channelId, gatewayId, splitHash, streamId, streamPlanHash } from './contracts/terms.ts';
import { verifyStreamDeployment } from './contracts/verify-stream-deployment.ts';
import { addressOf, sign } from './crypto/secp256k1.ts';
import { network } from './networks/network.ts';
import { practiceKeys } from './networks/practice.ts';
import { startPracticeChain, type PracticeChain } from './practice-chain.ts';
import { wellKnownStreams } from './practice-streams.ts';
import { encodeTransaction, signTransaction } from './primitives/transaction.ts';
import { ReaderStreamChain, streamContracts } from './streams/chain-view.ts';
import { scanStreamEvents } from './streams/stream-events.ts';
import { scaledClock } from './testing/scaled-clock.ts';

const { chainId, dpor } = network('practice');
const { faucet, streams } = practiceKeys(chainId);
const ZERO_HASH: Hex = `0x${'0'.repeat(64)}`;
const addresses = wellKnownStreams(chainId);
let dataDir: string;
const clock = scaledClock(20, systemClock.now());
const start = (): Promise<PracticeChain> => startPracticeChain({ dataDir }, { clock, log: silentLogger });
const stand = async ({ reader }: PracticeChain): Promise<boolean> => (await reader.codeOf(fromHex(addresses?.channel ?? '0x'))).length > 0;
const until = (practice: PracticeChain, condition: (practice: PracticeChain) => Promise<boolean>): Promise<void> =>
  vi.waitFor(async () => expect(await condition(practice)).toBe(true), { timeout: 15_000, interval: 10 });
const nonces = async ({ reader }: PracticeChain): Promise<readonly bigint[]> => [await reader.nonceOf(addressOf(faucet)), await reader.nonceOf(addressOf(streams))];

/** A transfer of one base unit, as the faucet of before made them. */
function gift(nonce: bigint): Bytes {
  const unsigned = { type: 0n, nonce, gasPrice: 10n ** 12n, gasLimit: 21_000n, to: new Uint8Array(20).fill(7), value: 1n, payload: new Uint8Array(0) };
  return encodeTransaction(signTransaction(unsigned, chainId, (digest) => sign(digest, faucet)));
}

beforeEach(() => (dataDir = mkdtempSync(join(tmpdir(), 'practice-streams-'))));
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

describe('streams on the practice network', () => {
  it('stand where everybody looks for them, with the parameters of practice', async () => {
    const practice = await start();
    try {
      await until(practice, stand);
      const { reader } = practice;
      const blocks = new Map<string, bigint>();
      for (let number = 1n; number <= reader.head().number; number++) {
        for (const { hash } of (await reader.block(number))?.transactions ?? []) {
          const receipt = await reader.receipt(hash);
          if (receipt?.contractAddress) blocks.set(toHex(receipt.contractAddress), number);
        }
      }
      const created = (address: string | undefined): bigint => blocks.get(address ?? '') ?? 0n;
      const record = { addresses: addresses ?? { gateway: '0x', stream: '0x', channel: '0x' }, createdIn: { gateway: created(addresses?.gateway), stream: created(addresses?.stream), channel: created(addresses?.channel) } } as const;
      expect(await verifyStreamDeployment(reader, record, dpor.periodMillis)).toEqual(streamParameters('practice', { chainId, genesisHash: toHex(reader.genesisHash), periodMillis: dpor.periodMillis }));
      expect(await nonces(practice)).toEqual([4n, 3n]);
    } finally {
      await practice.close();
    }
  }, 30_000);

  it('take a gateway, a stream and a channel, which the chain view then tells', async () => {
    const practice = await start();
    try {
      await until(practice, stand);
      const { reader } = practice;
      const payer = addressOf(faucet);
      const at = addresses ?? { gateway: '0x', stream: '0x', channel: '0x' };
      const send = async (to: Hex, payload: Bytes, value = 0n): Promise<void> => {
        const unsigned = { type: 0n, nonce: await reader.nextNonceOf(payer), gasPrice: await reader.gasPrice(), gasLimit: 1_000_000n, to: fromHex(to), value, payload };
        await reader.send(encodeTransaction(signTransaction(unsigned, chainId, (digest) => sign(digest, faucet))));
      };
      const ids = { chainId, creator: toHex(payer), nonce: 0n };
      const gateway = gatewayId({ contract: at.gateway, ...ids });
      const stream = streamId({ contract: at.stream, ...ids });
      const plan = { planId: 1, kind: 'Period', unitPrice: 5n, window: 0, licenceHash: ZERO_HASH, active: true, payees: [toHex(payer)], shares: [10_000] } as const;
      const planHash = streamPlanHash({ ...plan, splitHash: splitHash(plan) });
      await send(at.gateway, encodeRegisterGateway(0n, toHex(payer), ['http://127.0.0.1:1']), 10n ** 19n);
      await send(at.stream, encodeRegisterStream({ nonce: 0n, publisher: toHex(payer), epochSeconds: 2, ahead: 0, metaHash: ZERO_HASH, metaUri: '', gateways: [gateway] }, plan));
      await send(at.channel, encodeOpen({ streamId: stream, planHash, splitHash: splitHash(plan), nonce: 0n, expiry: Math.floor(clock.now() / 1_000) + 86_400, payerKey: toHex(payer) }), 77n);
      const chain = new ReaderStreamChain({ reader, contracts: streamContracts(at) });
      const channel = fromHex(channelId({ contract: at.channel, stream, ...ids }));
      await until(practice, async () => (await chain.channel(channel)) !== null);
      expect(await chain.channel(channel)).toMatchObject({ status: 'open', deposit: 77n, payer, planHash: fromHex(planHash) });
      expect(await chain.gateway(fromHex(gateway))).toMatchObject({ status: 'bonded', owner: payer });
      expect(await chain.plan(fromHex(stream), fromHex(planHash))).toMatchObject({ kind: 'period', unitPrice: 5n, active: true });
      const found = await chain.stream(fromHex(stream));
      expect([found?.generation, (found?.startSeconds ?? 1) % 2, found?.gateways]).toEqual([1, 0, [fromHex(gateway)]]);
      const names: string[] = [];
      for await (const { events } of scanStreamEvents(reader, chain.contracts, { fromBlock: 0n, toBlock: reader.head().number })) names.push(...events.map(({ event }) => event.name));
      expect(names).toEqual(['GatewaySet', 'StreamRegistered', 'StreamMeta', 'GatewaysSet', 'PlanSet', 'ChannelOpened']);
    } finally {
      await practice.close();
    }
  }, 30_000);

  it('come once, wherever the program stopped before', async () => {
    let practice = await start();
    await practice.close(); // the money is on its way
    practice = await start();
    await until(practice, async ({ reader }) => (await reader.balanceOf(addressOf(streams))) > 0n);
    await practice.close(); // the money is there; the creations may be on their way
    practice = await start();
    await until(practice, stand);
    await practice.close();
    practice = await start();
    try {
      const { number } = practice.chain.head.header;
      await until(practice, () => Promise.resolve(practice.chain.head.header.number > number + 3n));
      expect([await nonces(practice), practice.pool.pending().length]).toEqual([[4n, 3n], 0]);
    } finally {
      await practice.close();
    }
  }, 60_000);

  it('come to a chain whose faucet has given away its next nonces', async () => {
    mkdirSync(join(dataDir, 'practice'));
    writeFileSync(join(dataDir, 'practice', 'transactions.rlp'), concat(gift(3n), gift(4n)));
    const practice = await start();
    try {
      await until(practice, stand);
      expect(await nonces(practice)).toEqual([6n, 3n]);
    } finally {
      await practice.close();
    }
  }, 30_000);

  it('are known on no other chain', () => {
    expect([wellKnownStreams(337n), new Set(Object.values(addresses ?? {})).size]).toEqual([null, 3]);
  });
});
