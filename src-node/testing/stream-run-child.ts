/**
 * A publisher in a process of its own: PROFILE BATCHES. Goes on where its journal says, seals and signs as fast as it can, and writes every batch to
 * the standard output, so many or until it is killed. The journal comes after the output and is never synced, so that a kill also leaves an old one.
 */
import { readFileSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { fromHex, hexOf } from '../base/bytes.ts';
import type { StreamPosition } from '../streams/format/seal-run.ts';
import { BEGINNING, clockAt, jsonRecord, startRun } from './stream-publisher.ts';

const [, , profile = '', batches = ''] = process.argv;
const journal = join(profile, 'journal');
const FRAMES = 128;

function journaled(): StreamPosition {
  const [seq = '', hash = ''] = readFileSync(journal, 'utf8').split(' ');
  return hash.length === 64 ? { nextSeq: BigInt(seq), prevBatchHash: fromHex(hash) } : BEGINNING;
}

const run = startRun(journaled(), clockAt(4));
const record = jsonRecord({ run: hexOf(run.runId).slice(0, 8) });
for (let left = Number(batches); left > 0; left--) {
  for (let i = 0; i < FRAMES; i++) await run.add(record);
  for (const { bytes } of await run.take({ all: true })) for (let at = 0; at < bytes.length; ) at += writeSync(1, bytes, at);
  writeFileSync(journal, `${run.position.nextSeq} ${hexOf(run.position.prevBatchHash)}`);
}
