/**
 * Imports chain files one after the other in a process of its own, to be killed at any moment: NETWORK FOLDER FILE…. Prints a line
 * before the store is opened, one with the head when the chain is open, and at the end how each file ended and where the chain stands.
 */
import { isCoded } from '../base/errors.ts';
import { toHex } from '../base/bytes.ts';
import { silentLogger } from '../base/logger.ts';
import { chainFolder } from '../chain-tools.ts';
import { Chain } from '../chain/chain.ts';
import { BlockExaminer } from '../chain/examination/block-examiner.ts';
import { readBlocks } from '../chain/file/read-blocks.ts';
import { LevelStore } from '../db/level-store.ts';
import { DporHeaderVerifier } from '../dpor/header-verifier.ts';
import { networkNamed } from '../networks/network.ts';

// The short recorded chain is imported within one write; forty times the pace of time makes it many, so that kills fall between them.
const now = performance.now.bind(performance);
performance.now = () => now() * 40;

const [name = '', dataDir = '', ...files] = process.argv.slice(2);
const network = networkNamed(name);
process.stdout.write('begin\n');
const store = await LevelStore.open({ path: chainFolder(dataDir, name) });
const examiner = new BlockExaminer({ chainId: network.chainId, workers: 1 });
const chain = await Chain.open({ network }, { store, examiner, verifier: new DporHeaderVerifier(network), logger: silentLogger });
process.stdout.write(`open ${chain.head.header.number.toString()}\n`);
const refused: unknown[] = [];
for (const file of files) {
  try {
    await chain.importBlocks(readBlocks(file));
    refused.push(null);
  } catch (error) {
    if (!isCoded(error)) throw error;
    refused.push([error.code, error.meta['block'] ?? null]);
  }
}
await examiner.close();
await store.close();
process.stdout.write(`${JSON.stringify({ refused, hash: toHex(chain.head.hash), stateRoot: toHex(chain.head.header.stateRoot) })}\n`);
process.exit(0);
