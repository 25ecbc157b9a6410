/** GetBlockHeaders: asks for headers from a block on (docs/protocol/08 §4, message 0x03). */
import type { Bytes } from '../../base/bytes.ts';
import { boolIn, bytesIn, encodeUint, listIn, uint64In, type RlpItem } from '../../primitives/rlp/index.ts';

export interface GetBlockHeaders {
  /** The first block: its hash (32 bytes) or its number. */
  readonly origin: Bytes | bigint;
  readonly amount: bigint;
  /** Blocks left out between two headers. */
  readonly skip: bigint;
  /** Towards the first block of the chain. */
  readonly reverse: boolean;
}

export function getBlockHeadersToRlp({ origin, amount, skip, reverse }: GetBlockHeaders): RlpItem {
  return [typeof origin === 'bigint' ? encodeUint(origin) : origin, encodeUint(amount), encodeUint(skip), encodeUint(reverse ? 1 : 0)];
}

/** @throws BAD_RLP */
export function getBlockHeadersFromRlp(item: RlpItem): GetBlockHeaders {
  const [origin, amount, skip, reverse] = listIn(item, 4);
  return { origin: originIn(origin), amount: uint64In(amount), skip: uint64In(skip), reverse: boolIn(reverse) };
}

function originIn(item: RlpItem | undefined): Bytes | bigint {
  const origin = bytesIn(item);
  return origin.length === 32 ? origin : uint64In(origin);
}
