import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { fromHex, toHex } from '../base/bytes.ts';
import { ManualClock, millis } from '../base/clock.ts';
import { systemFiles } from '../base/files.ts';
import { addressOf } from '../crypto/secp256k1.ts';
import { readingKeys } from '../keys-adapters.ts';
import { entropyOf, seedKeys } from '../keys/seed.ts';
import { KeysService } from '../keys/service.ts';
import { encodeEnvelope, sealEnvelope } from '../streams/format/envelope.ts';
import { rangeNodes } from '../streams/format/ggm.ts';

const WORDS = `${'abandon '.repeat(23)}art`;
const bytes = (byte: string, length = 32): Uint8Array => fromHex(byte.repeat(length));
const at = { chainId: 4181n, genesisHash: bytes('9e'), stream: bytes('51', 20), channel: bytes('c4', 20), gateway: bytes('6a', 20) };
const account = addressOf(seedKeys(entropyOf(WORDS)).account(0));
const [streamId, channelId] = [bytes('5d'), bytes('cd')];
const own = { at, account, nonce: 3n, streamId };

let folder: string;
let service: KeysService;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'envelope-keys-'));
  service = await KeysService.open({ folder, cost: { n: 2, r: 8, p: 1 } }, { clock: new ManualClock(millis(0)), files: systemFiles });
  await service.call('importSeed', { words: WORDS, password: 'correct horse' });
  await service.call('holdStreams', { published: [], subscriptions: [{ ...own, channelId, maxAmount: 1n }], gateways: [] });
});
afterEach(() => {
  service.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The purpose of an envelope stands in two folders of one floor, which may not import each other: what one seals the other has to open. */
it('the keys process opens what a publisher seals to a subscription, and nothing of another stream or chain', async () => {
  const keys = readingKeys(service);
  const publicKey = await keys.publicKeyOf(own);
  const content = { streamId, generation: 2, from: 100, to: 106, nodes: rangeNodes(bytes('33'), 100, 106) };
  const subscriber = keys.subscriber(channelId, publicKey);
  expect(toHex(encodeEnvelope(await subscriber.openEnvelope(sealEnvelope(content, at.chainId, publicKey))))).toBe(toHex(encodeEnvelope(content)));
  await expect(subscriber.openEnvelope(sealEnvelope(content, at.chainId + 1n, publicKey))).rejects.toMatchObject({ code: 'BAD_SEALED' });
  await expect(subscriber.openEnvelope(sealEnvelope({ ...content, streamId: channelId }, at.chainId, publicKey))).rejects.toMatchObject({ code: 'BAD_SEALED' });
});
