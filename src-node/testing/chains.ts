/** Chains for tests: in memory, of any network, held to the same rules as on disk. */
import { silentLogger } from '../base/logger.ts';
import { Chain } from '../chain/chain.ts';
import { BlockExaminer } from '../chain/examination/block-examiner.ts';
import { MemoryStore } from '../db/memory-store.ts';
import type { KeyValueStore } from '../db/store.ts';
import { DporHeaderVerifier, type VerifierOptions } from '../dpor/header-verifier.ts';
import type { NetworkConfig } from '../networks/network-config.ts';
import { decodeBlock, encodeBlock } from '../primitives/block.ts';
import { itemLengthAt } from '../primitives/rlp/index.ts';

export function testChain(network: NetworkConfig, store: KeyValueStore = new MemoryStore(), rules: VerifierOptions & { readonly archive?: boolean } = {}): Promise<Chain> {
  return Chain.open(
    { network, archive: rules.archive === true },
    { store, verifier: new DporHeaderVerifier(network, rules), examiner: new BlockExaminer({ chainId: network.chainId, workers: 0 }), logger: silentLogger },
  );
}

/** The blocks of a recorded chain file, RLP each. */
export function blocksIn(file: Uint8Array): Uint8Array[] {
  const blocks: Uint8Array[] = [];
  for (let offset = 0; offset < file.length; ) {
    const end = offset + (itemLengthAt(file, offset) ?? file.length);
    blocks.push(file.subarray(offset, end));
    offset = end;
  }
  return blocks;
}

/** The block (RLP) with other signatures; they are no part of its hash. */
export function withSignatures(encoded: Uint8Array, change: (sigs: readonly Uint8Array[]) => readonly Uint8Array[]): Uint8Array {
  const block = decodeBlock(encoded);
  const dpor = { ...block.header.dpor, sigs: change(block.header.dpor.sigs) };
  return encodeBlock({ ...block, header: { ...block.header, dpor } });
}
