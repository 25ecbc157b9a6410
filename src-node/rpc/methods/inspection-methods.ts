/** debug: what stands in a state, by the keys behind its hashes (docs/protocol/05 §5). */
import { hexOf, toBigInt, toHex, fromBigInt, type Bytes } from '../../base/bytes.ts';
import type { Chain } from '../../chain/chain.ts';
import { timeLimit } from '../../chain/execution/time-limit.ts';
import type { Header } from '../../primitives/header.ts';
import { bytesIn, decode } from '../../primitives/rlp/index.ts';
import type { StoredSlot } from '../../state/account.ts';
import type { RpcBackend } from '../backend.ts';
import { headerOf } from '../blocks.ts';
import { ADDRESS, BLOCK_TAG, DATA, HASH, INTEGER, NUMBER, OPTIONAL_HASH, OPTIONAL_NUMBER } from '../parameters/index.ts';
import { rpcError } from '../protocol/errors.ts';
import { method, type RpcMethod } from '../protocol/method.ts';
import { dumpView } from '../views/dump-view.ts';
import { replayOf } from './replay.ts';
import { sizeLimit } from './size-limit.ts';

/** Of one answer, which says where to go on. */
const MOST_SLOTS = 10_000;
const ADDRESS_LENGTH = 45;

export function inspectionMethods({ chain }: Pick<RpcBackend, 'chain'>): RpcMethod[] {
  return [
    method('debug_preimage', [HASH], ([hash]) => {
      const key = chain.preimage(hash);
      if (key === undefined) throw rpcError('CALL_FAILED', 'unknown preimage');
      return toHex(key);
    }),
    method('debug_dumpBlock', [BLOCK_TAG], ([tag]) => {
      const header = headerOf(chain, tag);
      if (header === undefined) throw rpcError('CALL_FAILED', `block #${String(tag)} not found`);
      return dumpView(chain.stateAt(header.stateRoot), header.stateRoot, timeLimit(), sizeLimit('the state is too large to be dumped'));
    }),
    /** Before the transaction with the index. */
    method('debug_storageRangeAt', [HASH, INTEGER, ADDRESS, DATA, INTEGER], ([hash, index, address, from, most]) => {
      const block = chain.blockByHash(hash);
      if (block === undefined) throw rpcError('CALL_FAILED', `block ${hexOf(hash)} not found`);
      const replay = replayOf(chain, block, timeLimit());
      if (index < 0 || index >= block.transactions.length) throw rpcError('CALL_FAILED', `tx index ${index} out of range for block ${hexOf(hash)}`);
      replay.skipTo(index);
      const slots = replay.state.storageOf(address, from);
      if (slots === undefined) throw rpcError('CALL_FAILED', `account ${hexOf(address)} doesn't exist`);
      return rangeView(slots, Math.min(most, MOST_SLOTS));
    }),
    method('debug_getModifiedAccountsByNumber', [NUMBER, OPTIONAL_NUMBER], ([start, end]) => {
      const first = chain.headerByNumber(BigInt(start));
      if (first === undefined) throw rpcError('CALL_FAILED', `start block ${start.toString(16)} not found`);
      if (end === undefined) return changedIn(chain, first);
      const last = chain.headerByNumber(BigInt(end));
      if (last === undefined) throw rpcError('CALL_FAILED', `end block ${end} not found`);
      return changedBetween(chain, first, last);
    }),
    method('debug_getModifiedAccountsByHash', [HASH, OPTIONAL_HASH], ([start, end]) => {
      const first = chain.headerByHash(start);
      if (first === undefined) throw rpcError('CALL_FAILED', `start block ${hexOf(start)} not found`);
      if (end === undefined) return changedIn(chain, first);
      const last = chain.headerByHash(end);
      if (last === undefined) throw rpcError('CALL_FAILED', `end block ${hexOf(end)} not found`);
      return changedBetween(chain, first, last);
    }),
  ];
}

function rangeView(slots: Iterable<StoredSlot>, most: number): object {
  const storage: Record<string, object> = {};
  let count = 0;
  for (const { hash, number, encodedValue } of slots) {
    if (count >= most) return { storage, nextKey: toHex(hash) };
    const value = toBigInt(bytesIn(decode(encodedValue)));
    storage[toHex(hash)] = { key: number === undefined ? null : toHex(number), value: toHex(fromBigInt(value, 32)) };
    count++;
  }
  return { storage, nextKey: null };
}

function changedIn(chain: Chain, header: Header): readonly string[] | null {
  const parent = chain.headerByHash(header.parentHash);
  if (parent === undefined) throw rpcError('CALL_FAILED', `block ${header.number.toString(16)} has no parent`);
  return changedBetween(chain, parent, header);
}

/** Addresses of accounts that are new or others after `end` than after `start`, in the order of their hashes; null when there is none. */
function changedBetween(chain: Chain, start: Header, end: Header): readonly string[] | null {
  if (start.number >= end.number) {
    throw rpcError('CALL_FAILED', `start block height (${start.number.toString()}) must be less than end block height (${end.number.toString()})`);
  }
  const grow = sizeLimit('give blocks that are closer together');
  const addresses: string[] = [];
  for (const hash of chain.changedAccounts(start.stateRoot, end.stateRoot, timeLimit())) {
    grow(ADDRESS_LENGTH);
    addresses.push(toHex(addressOf(chain, hash)));
  }
  return addresses.length === 0 ? null : addresses;
}

function addressOf(chain: Chain, hash: Bytes): Bytes {
  const address = chain.preimage(hash);
  if (address === undefined) throw rpcError('CALL_FAILED', `no preimage found for hash ${hexOf(hash)}`);
  return address;
}
