/**
 * A crash after every operation on files that opening a chain and committing one block makes: as they were recorded, with the next
 * one half done, and with what was not synced lost. LevelDB's own log file may lose its text; nothing else may.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { hexOf, toHex } from '../base/bytes.ts';
import { LevelStore } from '../db/level-store.ts';
import { network } from '../networks/network.ts';
import { blocksIn, testChain } from './chains.ts';
import { folderAfter, type Crash, type RecordedCommit } from './commit-operations.ts';
import { readVector, readVectorJson, readVectorLines } from './vectors.ts';

const recorded = readVectorJson<RecordedCommit>('chain/commit-operations.json');
const blocks = blocksIn(readVector('blocks/dev-chain.rlp'));
const hashes = readVectorLines<{ readonly hash: string }>('blocks/dev-blocks.jsonl').map(({ hash }) => hash);
const { head, operations } = recorded;
const root = mkdtempSync(join(tmpdir(), 'commit-operations-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

let folders = 0;

/** Number of the head that the chain opens at after the crash; it is whole, and the chain goes on from it. */
async function headAfter(crash: Crash): Promise<number> {
  const folder = join(root, String(folders++));
  folderAfter(folder, recorded, crash);
  const store = await LevelStore.open({ path: folder });
  try {
    const chain = await testChain(network('dev'), store);
    const number = Number(chain.head.header.number);
    expect(toHex(chain.head.hash)).toBe(hashes[number]);
    for (let n = 0; n <= number; n++) expect(chain.receiptsOf(chain.hashAt(BigInt(n)) ?? new Uint8Array())).toHaveLength(chain.blockByNumber(BigInt(n))?.transactions.length ?? -1);
    await chain.importBlocks(blocks.slice(0, head + 6));
    expect(hexOf(chain.head.hash)).toBe(hashes[head + 5]?.slice(2));
    return number;
  } finally {
    await store.close();
    rmSync(folder, { recursive: true });
  }
}

/** The block is there for certain when the log that holds it is synced. */
const lastSync = operations.findLastIndex((operation) => operation.do === 'sync') + 1;
const commit = operations.findLastIndex((operation) => operation.do === 'append' && operation.path.endsWith('.log'));
const written = operations[commit];
const commitBytes = written?.do === 'append' ? Buffer.from(written.data, 'base64').length : 0;

describe('a crash', () => {
  it('is told of as it was recorded', () => {
    expect(operations.length).toBeGreaterThan(20);
    expect(commitBytes).toBeGreaterThan(1000);
    expect(lastSync).toBeGreaterThan(commit);
  });

  it.each([false, true])('after any of the operations leaves the block before or the block (what is not synced is lost: %s)', async (losesUnsynced) => {
    for (let done = 0; done <= operations.length; done++) {
      const number = await headAfter({ done, losesUnsynced });
      expect([done, number]).toEqual([done, done >= lastSync || (!losesUnsynced && done > commit) ? head + 1 : head]);
    }
  });

  it('in the middle of any of them leaves the block before', async () => {
    for (const [done, operation] of operations.entries()) {
      if (operation.do === 'append') expect([done, await headAfter({ done, tornBytes: Math.ceil(Buffer.from(operation.data, 'base64').length / 2) })]).toEqual([done, head]);
    }
  });

  it('at any byte of the block leaves the block before', async () => {
    for (let tornBytes = 1; tornBytes < commitBytes; tornBytes += tornBytes < 40 || tornBytes > commitBytes - 40 ? 1 : 61) {
      expect([tornBytes, await headAfter({ done: commit, tornBytes })]).toEqual([tornBytes, head]);
    }
  });
});
