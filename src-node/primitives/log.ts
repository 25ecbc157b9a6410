/** A log of a contract (docs/protocol/01 §5.2). */
import type { Bytes } from '../base/bytes.ts';
import { bytesIn, bytesListIn, listIn, type RlpItem } from './rlp/index.ts';

export interface Log {
  /** 20 bytes. */
  readonly address: Bytes;
  /** At most 4, of 32 bytes each. */
  readonly topics: readonly Bytes[];
  readonly data: Bytes;
}

export function logToRlp(log: Log): RlpItem {
  return [log.address, log.topics, log.data];
}

/** @throws BAD_RLP */
export function logFromRlp(item: RlpItem): Log {
  const [address, topics, data] = listIn(item, 3);
  return { address: bytesIn(address, 20), topics: bytesListIn(topics, 32), data: bytesIn(data) };
}
