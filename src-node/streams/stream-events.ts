/** What the contracts of streams have told, in the order of the chain (docs/protocol/11 §4.29): what an index is made of. */
import { equal } from '../base/bytes.ts';
import type { ChainReader, LocatedLog } from '../chain/reader.ts';
import { decodeEvent as decodeChannelEvent, type PDChannelEvent } from '../contracts/bindings/pd-channel.gen.ts';
import { decodeEvent as decodeGatewayEvent, type PDGatewayEvent } from '../contracts/bindings/pd-gateway.gen.ts';
import { decodeEvent as decodeStreamEvent, type PDStreamEvent } from '../contracts/bindings/pd-stream.gen.ts';
import type { StreamContracts } from './stream-chain.ts';

export type StreamEvent =
  | { readonly contract: 'stream'; readonly event: PDStreamEvent; readonly log: LocatedLog }
  | { readonly contract: 'channel'; readonly event: PDChannelEvent; readonly log: LocatedLog }
  | { readonly contract: 'gateway'; readonly event: PDGatewayEvent; readonly log: LocatedLog };

/** Blocks asked for at once. */
const RANGE = 500n;

/** Null for a log of another contract, or one that does not decode. */
export function streamEventOf(log: LocatedLog, contracts: StreamContracts): StreamEvent | null {
  if (equal(log.address, contracts.stream)) return located('stream', decodeStreamEvent(log), log);
  if (equal(log.address, contracts.channel)) return located('channel', decodeChannelEvent(log), log);
  if (equal(log.address, contracts.gateway)) return located('gateway', decodeGatewayEvent(log), log);
  return null;
}

function located<C extends string, E>(contract: C, event: E | null, log: LocatedLog): { readonly contract: C; readonly event: E; readonly log: LocatedLog } | null {
  return event === null ? null : { contract, event, log };
}

/**
 * Events of a range of blocks, both ends included, a part of the range at a time with the last block it covers: whoever writes
 * them down goes on behind that block. @throws CHAIN_UNREACHABLE
 */
export async function* scanStreamEvents(
  reader: Pick<ChainReader, 'logs'>,
  contracts: StreamContracts,
  range: { readonly fromBlock: bigint; readonly toBlock: bigint },
): AsyncGenerator<{ readonly upTo: bigint; readonly events: readonly StreamEvent[] }> {
  const addresses = [contracts.stream, contracts.channel, contracts.gateway];
  for (let fromBlock = range.fromBlock; fromBlock <= range.toBlock; fromBlock += RANGE) {
    const last = fromBlock + RANGE - 1n;
    const upTo = last < range.toBlock ? last : range.toBlock;
    const logs = await reader.logs({ addresses, fromBlock, toBlock: upTo });
    const ordered = logs.toSorted((a, b) => Number(a.blockNumber - b.blockNumber) || a.logIndex - b.logIndex);
    yield { upTo, events: ordered.map((log) => streamEventOf(log, contracts)).filter((event) => event !== null) };
  }
}
