import { toHex, type Bytes } from '../../base/bytes.ts';
import type { Snapshot } from '../../dpor/snapshots.ts';

/** The one way of finding committees that networks use. */
const NORMAL_MODE = 0;

/** Committees as they are known after a block (docs/protocol/05 §5). */
export function snapshotView({ number, hash, candidates, proposers, validators }: Snapshot): object {
  return { mode: NORMAL_MODE, number: Number(number), hash: toHex(hash), candidates: candidates.map(toHex), proposers: byTerm(proposers), validators: byTerm(validators) };
}

function byTerm(lists: ReadonlyMap<bigint, readonly Bytes[]>): object {
  return Object.fromEntries([...lists].map(([term, list]) => [term.toString(), list.map(toHex)]));
}
