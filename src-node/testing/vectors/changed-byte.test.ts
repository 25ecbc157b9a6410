/** What the runner is worth: one digit changed in recorded data is a failure, whatever the kind. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { VECTORS_FOLDER, readVector } from '../vectors.ts';
import { KINDS } from './kinds.ts';
import { RecordedFile } from './recorded-file.ts';
import { runVectorFile } from './run-vectors.ts';

const folder = mkdtempSync(join(tmpdir(), 'changed-byte-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Of each kind a file, what stands before a digit that is changed, and how many of its records are enough. */
const CHANGES: readonly (readonly [file: string, before: RegExp, records?: number])[] = [
  ['genesis/genesis-mini.json', /"hash": ?"0x/],
  ['genesis/genesis-mini.json', /"period": ?/],
  ['transactions/transactions.json', /"sender": ?"0x/],
  ['transactions/tx-vectors.json', /"sigHash": ?"0x/],
  ['transactions/derive-sha.json', /"root": ?"0x/],
  ['receipts/receipt-vectors.json', /"bloom": ?"0x/],
  ['headers/header-vectors.json', /"hash": ?"0x/],
  ['seals/dpor-seals.json', /"recoveredCommit": ?\[\s*"0x/],
  ['seals/dpor-signer-mac.json', /"sig": ?"0x/],
  ['rlp/decode-cases.jsonl', /"reencoded": ?"0x/, 40],
  ['chain/block-of-eleven.json', /"stateRootAfter": ?"0x/],
  ['chain/reward-gaslimit.json', /"nextGasLimit": ?"/],
  ['blocks/dev-blocks.jsonl', /"number":3,[^]*"sealSigner":"0x/, 5],
  ['blocks/mini-chain.rlp', /^[^]{3000}/],
  ['bench/expected.json', /"headHash": ?"0x/],
  ['blocks/state-dump-head.json', /"balance": ?"/],
  ['blocks/import-cases.json', /"hash": ?"0x/],
  ['blocks/elections-on-chain.json', /"rpt": ?/],
  ['evm/instruction-set.json', /"minStack": ?/],
  ['evm/opcode-runs.json', /"gasUsed": ?/],
  ['evm/random-programs.jsonl', /"postStateRoot": ?"0x/, 3],
  ['evm/admission.json', /"cpuFirstNonce": ?/],
  ['election/go-math-rand.json', /"int63": ?\[\s*"/],
  ['election/elect.json', /"result": ?\[\s*"0x/, 9],
  ['election/committee.json', /"proposers": ?\[\s*"0x/],
  ['election/mainnet-elections.json', /"chosen": ?\[\s*"0x/],
  ['election/low-candidates.json', /"count": ?/],
  ['election/terms.json', /"term": ?/],
  ['election/reputation.json', /"method2": ?/],
  ['election/rank-anomalies.json', /"rank": ?/],
  ['election/missed-blocks.json', /"result": ?/],
  ['election/block-reward.json', /"rewardWei": ?"/],
  ['rpc/rpc-pairs.json', /"method": ?"eth_getBalance"[^]*?"result": ?"0x/],
  ['rpc/rpc-pairs.json', /"method": ?"eth_getBlockReward"[^]*?"result": ?[0-9]{17}/],
  ['rpc/rpc-pairs.json', /"pending",\s*false[^]*?"receiptsRoot": ?"0x/],
  ['rpc/rpc-pairs.json', /"method": ?"txpool_inspect"[^]*?"4": ?"0x/],
  ['rpc/rpc-pairs.json', /"method": ?"eth_coinbase"[^]*?"result": ?"0x/],
  ['rpc/rpc-pairs.json', /"method": ?"eth_sign"[^]*?"result": ?"0x/],
  ['rpc/rpc-pairs.json', /"method": ?"eth_sendTransaction"[^]*?"value": ?"0x/],
  ['rpc/rpc-pairs.json', /"method": ?"personal_sendTransaction"[^]*?"result": ?"0x/],
  ['rpc/rpc-pairs.json', /"method": ?"admin_nodeInfo"[^]*?"termLen": ?/],
  ['rpc/rpc-pairs.json', /"ipcSubscription"[^]*?"gasUsed": ?"0x/],
  ['keystore/keystore.json', /"privateKey": ?"0x/, 1],
  ['streams/streams.json', /"commit": ?"0x/],
  ['streams/streams.json', /"prefix": ?/],
  ['streams/streams.json', /"frame": ?"0x[0-9a-f]{170}/],
  ['streams/streams.json', /"digest": ?"0x/],
  ['streams/streams.json', /"sealed": ?"0x[0-9a-f]{300}/],
];

/** A copy at the same place of another folder, where all other files are the true ones. */
function copyOf(name: string, content: Buffer): string {
  const root = mkdtempSync(join(folder, 'copy-'));
  const path = join(root, name);
  mkdirSync(dirname(path), { recursive: true });
  for (const beside of ['blocks/dev-chain.rlp.gz', 'transactions/transactions.json.gz', 'bench/synth-transfers-2000b-50k.rlp.gz', 'bench/bench-mini-30k.rlp.gz', 'keystore/keystore.json']) {
    if (beside === name) continue;
    mkdirSync(dirname(join(root, beside)), { recursive: true });
    symlinkSync(fileURLToPath(new URL(beside, VECTORS_FOLDER)), join(root, beside));
  }
  writeFileSync(path, content);
  return path;
}

/** The beginning of a file, as many records as that. */
function sampleOf(name: string, records: number | undefined): string {
  const text = readVector(name).toString('latin1');
  if (records === undefined) return text;
  return text.startsWith('[') ? JSON.stringify((JSON.parse(text) as unknown[]).slice(0, records)) : text.split('\n').slice(0, records).join('\n');
}

describe('a changed digit', () => {
  it.each(CHANGES.map(([name, before, records]) => [name, before, records] as const))('in %s after %s', async (name, before, records) => {
    const text = sampleOf(name, records);
    const match = before.exec(text);
    if (match === null) expect.fail('there is nothing to change');
    const at = match.index + match[0].length;
    const changed = `${text.slice(0, at)}${text[at] === '1' ? '2' : '1'}${text.slice(at + 1)}`;
    const result = await runVectorFile(copyOf(name, Buffer.from(changed, 'latin1')));
    if ('skipped' in result) expect.fail(result.skipped);
    expect(result.failures.length).toBeGreaterThan(0);
    expect(result.passed).toBeGreaterThan(0); // the rest is good
  }, 180_000);

  it('is tried in every kind', () => {
    const samples = new Map(CHANGES.map(([name, , records]) => [name, records]));
    const tried = new Set([...samples].map(([name, records]) => {
      const file = new RecordedFile(copyOf(name, Buffer.from(sampleOf(name, records), 'latin1')));
      return KINDS.findIndex((kind) => kind.recognises(file));
    }));
    expect(KINDS.filter((_, i) => !tried.has(i)).map(({ name }) => name)).toEqual([]);
  });
});
