/** NewBlockHashes: blocks that a peer has (docs/protocol/08 §4, message 0x01). */
import type { Bytes } from '../../base/bytes.ts';
import { bytesIn, encodeUint, listIn, uint64In, type RlpItem } from '../../primitives/rlp/index.ts';

export interface BlockAnnouncement {
  /** 32 bytes. */
  readonly hash: Bytes;
  readonly number: bigint;
}

export function newBlockHashesToRlp(announcements: readonly BlockAnnouncement[]): RlpItem {
  return announcements.map(({ hash, number }) => [hash, encodeUint(number)]);
}

/** @throws BAD_RLP */
export function newBlockHashesFromRlp(item: RlpItem): readonly BlockAnnouncement[] {
  return listIn(item).map((entry) => {
    const [hash, number] = listIn(entry, 2);
    return { hash: bytesIn(hash, 32), number: uint64In(number) };
  });
}
