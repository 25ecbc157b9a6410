/** Status: what two nodes tell each other first (docs/protocol/08 §4.1). */
import type { Bytes } from '../../base/bytes.ts';
import { boolIn, bytesIn, encodeUint, listIn, uint64In, uintIn, type RlpItem } from '../../primitives/rlp/index.ts';

export interface Status {
  /** 1. */
  readonly protocolVersion: bigint;
  readonly networkId: bigint;
  readonly height: bigint;
  /** 32 bytes. */
  readonly headHash: Bytes;
  /** 32 bytes. */
  readonly genesisHash: Bytes;
  /** What the other says of itself: whether it takes part in the committee. */
  readonly isMinerOrValidator: boolean;
}

export function statusToRlp(status: Status): RlpItem {
  const { protocolVersion, networkId, height, headHash, genesisHash, isMinerOrValidator } = status;
  return [encodeUint(protocolVersion), encodeUint(networkId), encodeUint(height), headHash, genesisHash, encodeUint(isMinerOrValidator ? 1 : 0)];
}

/** @throws BAD_RLP */
export function statusFromRlp(item: RlpItem): Status {
  const [protocolVersion, networkId, height, headHash, genesisHash, isMinerOrValidator] = listIn(item, 6);
  return {
    protocolVersion: uintIn(protocolVersion, 4),
    networkId: uint64In(networkId),
    height: uintIn(height),
    headHash: bytesIn(headHash, 32),
    genesisHash: bytesIn(genesisHash, 32),
    isMinerOrValidator: boolIn(isMinerOrValidator),
  };
}
