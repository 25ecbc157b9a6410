import type { Bytes } from '../../base/bytes.ts';
import { emptyBloom } from '../../primitives/bloom.ts';
import { SIGNATURE_LENGTH, type Header } from '../../primitives/header.ts';
import { EMPTY_TRIE_ROOT } from '../../primitives/trie-root.ts';
import type { HashedHeader } from '../header-verifier.ts';

/** A header after `parent` that changes nothing, belongs to nobody and is signed by nobody. `extra` has `extraLength` zeros. */
export function childHeader(parent: HashedHeader, proposers: readonly Bytes[], timeMillis: bigint, extraLength: number): Header {
  return {
    parentHash: parent.hash,
    coinbase: new Uint8Array(20),
    stateRoot: parent.header.stateRoot,
    transactionsRoot: EMPTY_TRIE_ROOT,
    receiptsRoot: EMPTY_TRIE_ROOT,
    logsBloom: emptyBloom(),
    number: parent.header.number + 1n,
    gasLimit: parent.header.gasLimit,
    gasUsed: 0n,
    timeMillis,
    extra: new Uint8Array(extraLength),
    dpor: { seal: new Uint8Array(SIGNATURE_LENGTH), sigs: [], proposers, validators: [] },
  };
}
