/** Where the processor time of an import goes: the samples of a profile by the part of the program that they were taken in. */
import type { Profiler } from 'node:inspector';

/** The first one that a function's place matches. */
const AREAS: readonly (readonly [area: string, place: RegExp])[] = [
  ['collecting garbage', /^\(garbage collector\)/],
  ['waiting', /^\(idle\)/],
  ['recovery of signers', /secp256k1/],
  ['keccak', /keccak|hash-wasm|^wasm-/],
  ['RLP and records', /src-node\/primitives\/(?!trie)/],
  ['trie', /src-node\/state\/trie|src-node\/primitives\/trie/],
  ['accounts and journal', /src-node\/state\//],
  ['execution', /src-node\/(evm|chain\/execution)\//],
  ['database', /classic-level|abstract-level|src-node\/(db|chain\/store)\//],
  ['header checks', /src-node\/dpor\//],
  ['messages between threads', /worker-pool|node:internal\/(worker|per_context\/messageport|event_target)/],
  ['reading the file', /chain\/file|node:(internal\/)?(fs|streams|zlib)/],
  ['program start', /node:internal\/(modules|bootstrap|vm)|compileForInternalLoader|loadESM/],
];

export type Shares = Readonly<Record<string, number>>;

/** Seconds by area. What is not in any area counts where it was called from. */
export function secondsByArea(profile: Profiler.Profile): Shares {
  const areaOf = new Map<number, string>();
  const byId = new Map(profile.nodes.map((node) => [node.id, node]));
  const visit = (id: number, above: string): void => {
    const node = byId.get(id);
    if (node === undefined) return;
    const place = `${node.callFrame.functionName} ${node.callFrame.url}`;
    const area = AREAS.find(([, pattern]) => pattern.test(place))?.[0] ?? above;
    areaOf.set(id, area);
    for (const child of node.children ?? []) visit(child, area);
  };
  const [root] = profile.nodes;
  if (root !== undefined) visit(root.id, 'other');
  const seconds: Record<string, number> = {};
  profile.samples?.forEach((id, i) => {
    const area = areaOf.get(id) ?? 'other';
    seconds[area] = (seconds[area] ?? 0) + Math.max(0, profile.timeDeltas?.[i] ?? 0) / 1e6;
  });
  return seconds;
}
