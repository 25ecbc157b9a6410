/**
 * Attack A14: publishers of one stream are killed wherever they are, 200 times, and started again, some from old copies of their profile
 * and two at a time from the same one. Nothing they ever wrote is encrypted under a key and nonce that something else is.
 */
import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import { hexOf, type Bytes } from '../base/bytes.ts';
import { BATCH_HEADER_BYTES, NO_BATCH, decodeBatch, nextSeq, type DecodedBatch } from '../streams/format/batch.ts';
import { frameKey, readFrame, type Frame } from '../streams/format/frame.ts';
import { epochKey } from '../streams/format/ggm.ts';
import { StreamVerifier, type StreamNews } from '../streams/client/verify.ts';
import { PUBLISHER, ROOT, STREAM_DOMAIN, STREAM_ID, keysOf } from './stream-publisher.ts';

const CHILD = fileURLToPath(new URL('./stream-run-child.ts', import.meta.url));
const KILLS = 200;
const DEVICES = 2;
const folder = mkdtempSync(join(tmpdir(), 'stream-run-kill-'));
// Compiled code is kept for the next start: a child lives for less time than it takes to compile it.
const env = { ...process.env, NODE_COMPILE_CACHE: join(folder, 'compiled') };

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What a publisher wrote. @param killAfter bytes of its output; a random moment later it is killed */
async function publish(profile: string, batches: number, killAfter: number): Promise<{ readonly signal: NodeJS.Signals | null; readonly output: Buffer }> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', CHILD, profile, String(batches)], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const parts: Buffer[] = [];
  let length = 0;
  child.stdout.on('data', (data: Buffer) => {
    parts.push(data);
    if (length < killAfter && length + data.length >= killAfter) setTimeout(() => child.kill('SIGKILL'), Math.random() * 4);
    length += data.length;
  });
  const signal = await new Promise<NodeJS.Signals | null>((resolve) => child.once('close', (_code, by) => resolve(by)));
  return { signal, output: Buffer.concat(parts) };
}

/** All frames, also of a batch that the kill cut off, and the batches that are whole. */
function readOutput(output: Buffer): { readonly frames: readonly Frame[]; readonly batches: readonly DecodedBatch[] } {
  const frames: Frame[] = [];
  const batches: DecodedBatch[] = [];
  for (let start = 0; start + BATCH_HEADER_BYTES <= output.length; ) {
    let at = start + BATCH_HEADER_BYTES;
    let left = output.readUInt32BE(start + 68);
    for (; left > 0 && isWhole(output, at); left--) {
      const frame = readFrame(output, at);
      frames.push(frame);
      at += frame.bytes.length;
    }
    if (left > 0) break;
    batches.push(decodeBatch(output.subarray(start, at)));
    start = at;
  }
  return { frames, batches };
}

const isWhole = (output: Buffer, at: number): boolean => at + 81 <= output.length && at + 97 + output.readUInt32BE(at + 77) <= output.length;

it('no key meets a nonce twice, and a second history is shown and not delivered', async () => {
  const profiles = Array.from({ length: DEVICES }, (_, i) => join(folder, `device-${i}`));
  const copies: string[] = [];
  const frames: Frame[] = [];
  const batches: DecodedBatch[] = [];
  const news: StreamNews[] = [];
  const verifier = new StreamVerifier({ streamId: STREAM_ID, domain: STREAM_DOMAIN, publisher: PUBLISHER, after: { nextSeq: 0n, prevBatchHash: NO_BATCH }, maxWaitingBytes: 256 << 20 });
  verifier.addKeys(keysOf(0, 63));
  const take = (output: Buffer): void => {
    const read = readOutput(output);
    frames.push(...read.frames);
    batches.push(...read.batches);
    news.push(...read.batches.map(({ bytes }) => verifier.feed(bytes)));
  };
  /** As a gateway tells it to a publisher that asks before it begins. */
  const askGateway = (profile: string): void => {
    const { nextSeq, prevBatchHash } = verifier.position ?? { nextSeq: 0n, prevBatchHash: NO_BATCH };
    writeFileSync(join(profile, 'journal'), `${nextSeq} ${hexOf(prevBatchHash ?? NO_BATCH)}`);
  };

  const [first = '', ...clones] = profiles;
  mkdirSync(first);
  writeFileSync(join(first, 'journal'), '');
  take((await publish(first, 3, Infinity)).output);
  for (const clone of clones) cpSync(first, clone, { recursive: true });
  let kills = 0;
  await Promise.all(profiles.map(async (profile, device) => {
    for (let i = 0; i < KILLS / DEVICES; i++) {
      const copy = copies[(i * 7) % copies.length];
      if (i % 4 === 3 && copy !== undefined) cpSync(copy, profile, { recursive: true }); // restored, sometimes from the other device
      else if (i % 4 !== 1) askGateway(profile);
      const { signal, output } = await publish(profile, 1_000_000, 1 + Math.random() * 150_000);
      expect(signal).toBe('SIGKILL');
      kills += 1;
      take(output);
      if (i % 5 !== 0) continue;
      copies.push(join(folder, `copy-${device}-${i}`));
      cpSync(profile, join(folder, `copy-${device}-${i}`), { recursive: true });
    }
  }));
  expect(kills).toBe(KILLS);

  const { keys, repeatedPairs } = pairsOf(frames);
  expect(repeatedPairs).toBe(0);
  expect(keys).toBe(KILLS + 1);
  expect(frames.length).toBeGreaterThan(100_000);
  const repeatedNumbers = frames.length - new Set(frames.map(({ seq }) => seq)).size;
  expect(repeatedNumbers).toBeGreaterThan(20_000); // each a nonce that came again, under another key

  const delivered = news.flatMap(({ records }) => records);
  expect(delivered.length).toBeGreaterThan(20_000);
  expect(delivered.every(({ seq }, i) => seq === BigInt(i))).toBe(true);
  expect(news.flatMap(({ gaps }) => gaps)).toEqual([]);
  // What is delivered is one chain of batches, record by record; every fork that is shown stands outside of it.
  const chain = chainTo(verifier.position?.prevBatchHash ?? NO_BATCH, batches);
  const runs = chain.flatMap((batch) => batch.frames.map(() => hexOf(batch.fields.runId).slice(0, 8)));
  expect(delivered.map(({ body }) => (JSON.parse(Buffer.from(body).toString()) as { readonly run: string }).run)).toEqual(runs);
  const inChain = new Set(chain.map(({ bytes }) => hexOf(bytes.subarray(0, BATCH_HEADER_BYTES))));
  const forks = news.flatMap((one) => one.forks);
  expect(forks.length).toBeGreaterThan(10);
  for (const { other, taken } of forks) expect([inChain.has(hexOf(other)), inChain.has(hexOf(taken ?? NO_BATCH))]).toEqual([false, true]);
}, 180_000);

/** How many keys there were, and how often one of them met a nonce again. */
function pairsOf(frames: readonly Frame[]): { readonly keys: number; readonly repeatedPairs: number } {
  const keyOfRun = new Map<string, string>();
  const pairs = new Map<string, Set<string>>();
  let repeatedPairs = 0;
  for (const frame of frames) {
    const run = `${hexOf(frame.runId)} ${frame.generation} ${frame.epoch}`;
    const key = keyOfRun.get(run) ?? hexOf(frameKey(epochKey(ROOT, frame), frame));
    keyOfRun.set(run, key);
    const nonces = pairs.get(key) ?? new Set();
    pairs.set(key, nonces);
    const nonce = `${frame.epoch} ${frame.seq}`;
    if (nonces.has(nonce)) repeatedPairs += 1;
    nonces.add(nonce);
  }
  return { keys: pairs.size, repeatedPairs };
}

/** The batches that lead to this one, from the first. */
function chainTo(hash: Bytes, batches: readonly DecodedBatch[]): readonly DecodedBatch[] {
  const byHash = new Map(batches.map((batch) => [hexOf(batch.hash), batch]));
  const chain: DecodedBatch[] = [];
  for (let batch = byHash.get(hexOf(hash)); batch !== undefined; batch = byHash.get(hexOf(batch.fields.prevBatchHash))) chain.unshift(batch);
  for (const [i, { fields }] of chain.entries()) expect(fields.firstSeq).toBe(i === 0 ? 0n : nextSeq(chain[i - 1]!.fields));
  return chain;
}
