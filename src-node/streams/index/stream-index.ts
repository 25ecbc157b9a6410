/**
 * The local index of streams (docs/protocol/11 §4.18): a pure function of the three contracts' logs. Follows the head in ranges,
 * takes back what the chain replaced, and answers from disk with the network off.
 */
import type { DatabaseSync } from 'node:sqlite';
import { equal, fromHex, hexOf, type Hex } from '../../base/bytes.ts';
import { millis, type Millis } from '../../base/clock.ts';
import { fromTaggedJson, toTaggedJson } from '../../base/tagged-json.ts';
import type { ChainReader, HeadInfo } from '../../chain/reader.ts';
import * as channelBinding from '../../contracts/bindings/pd-channel.gen.ts';
import * as gatewayBinding from '../../contracts/bindings/pd-gateway.gen.ts';
import * as streamBinding from '../../contracts/bindings/pd-stream.gen.ts';
import type { StreamAddresses } from '../../contracts/deploy.ts';
import { column, inTransaction } from '../../db/sqlite.ts';
import { streamContracts } from '../chain-view.ts';
import { scanStreamEvents, type StreamEvent } from '../stream-events.ts';
import { foldChannel, type ChannelEntry } from './channel-entry.ts';
import { EventTable } from './event-table.ts';
import { foldGateway, type GatewayEntry } from './gateway-entry.ts';
import { foldStream, offeredPlans, type StreamEntry } from './stream-entry.ts';

export interface StreamIndexOptions {
  readonly contracts: StreamAddresses;
  /** Block in which the first of the contracts was made. */
  readonly firstBlock: bigint;
}

export interface StreamIndexChanges {
  readonly streams: readonly Hex[];
  readonly channels: readonly Hex[];
  readonly gateways: readonly Hex[];
}

/** Hashes kept to notice that the chain replaced blocks. */
const KEPT_HASHES = 256n;

export class StreamIndex {
  readonly #options: StreamIndexOptions;
  readonly #db: DatabaseSync;
  readonly #reader: ChainReader;
  readonly #streams: EventTable<streamBinding.PDStreamEvent, StreamEntry>;
  readonly #channels: EventTable<channelBinding.PDChannelEvent, ChannelEntry>;
  readonly #gateways: EventTable<gatewayBinding.PDGatewayEvent, GatewayEntry>;

  constructor(options: StreamIndexOptions, modules: { readonly db: DatabaseSync; readonly reader: ChainReader }) {
    const { contracts } = options;
    this.#options = options;
    this.#db = modules.db;
    this.#reader = modules.reader;
    this.#streams = new EventTable({
      contract: fromHex(contracts.stream), subject: 'stream', decode: streamBinding.decodeEvent, idOf: ({ stream }) => stream,
      fold: foldStream, load: (id) => this.stream(id), save: (id, entry) => this.#saveStream(id, entry),
    }, modules.db);
    this.#channels = new EventTable({
      contract: fromHex(contracts.channel), subject: 'channel', decode: channelBinding.decodeEvent, idOf: (event) => ('channel' in event ? event.channel : null),
      fold: foldChannel, load: (id) => this.channel(id), save: (id, entry) => this.#saveChannel(id, entry),
    }, modules.db);
    this.#gateways = new EventTable({
      contract: fromHex(contracts.gateway), subject: 'gateway', decode: gatewayBinding.decodeEvent, idOf: (event) => ('gateway' in event ? event.gateway : null),
      fold: foldGateway, load: (id) => this.gateway(id), save: (id, entry) => this.#saveGateway(id, entry),
    }, modules.db);
  }

  /** Last block that is in the index, or null before the first. */
  get indexedBlock(): number | null {
    const row = this.#db.prepare('SELECT MAX(number) AS number FROM indexed').get();
    return row === undefined ? null : column.integerOrNull(row, 'number');
  }

  /** Reads up to the head. @returns what changed */
  async follow(signal: AbortSignal): Promise<StreamIndexChanges> {
    const changed = { streams: new Set<Hex>(), channels: new Set<Hex>(), gateways: new Set<Hex>() };
    const head = this.#reader.head(); // before what is kept is compared, so that all of it is of one chain while this stays
    const fromBlock = await this.#rollBack(changed);
    const toBlock = head?.number ?? -1n;
    for await (const { upTo, events } of scanStreamEvents(this.#reader, streamContracts(this.#options.contracts), { fromBlock, toBlock })) {
      if (signal.aborted || head === null || !(await this.#write(events, upTo, head, changed))) break;
    }
    return { streams: [...changed.streams], channels: [...changed.channels], gateways: [...changed.gateways] };
  }

  stream(id: Hex): StreamEntry | null {
    return this.#entry('SELECT entry FROM stream WHERE id = ?', id) as StreamEntry | null;
  }

  channel(id: Hex): ChannelEntry | null {
    return this.#entry('SELECT entry FROM channel WHERE id = ?', id) as ChannelEntry | null;
  }

  gateway(id: Hex): GatewayEntry | null {
    return this.#entry('SELECT entry FROM gateway WHERE id = ?', id) as GatewayEntry | null;
  }

  /** Newest first. */
  streamsOf(owner: Hex): readonly StreamEntry[] {
    return this.#entries('SELECT entry FROM stream WHERE owner = ? ORDER BY created_block DESC, id', owner) as readonly StreamEntry[];
  }

  /** Newest first. */
  channelsOf(payer: Hex): readonly ChannelEntry[] {
    return this.#entries('SELECT entry FROM channel WHERE payer = ? ORDER BY opened_block DESC, id', payer) as readonly ChannelEntry[];
  }

  /** Those that name the gateway, in the order in which they were registered. */
  streamsAt(gateway: Hex): readonly StreamEntry[] {
    return this.#entries('SELECT entry FROM stream JOIN stream_gateway ON stream_gateway.stream = stream.id WHERE stream_gateway.gateway = ? ORDER BY created_block, id', gateway) as readonly StreamEntry[];
  }

  /** Newest first. */
  channelsOfStream(stream: Hex): readonly ChannelEntry[] {
    return this.#entries('SELECT entry FROM channel WHERE stream = ? ORDER BY opened_block DESC, id', stream) as readonly ChannelEntry[];
  }

  /** In the order in which they were registered. */
  gatewaysOf(owner: Hex): readonly GatewayEntry[] {
    return this.#entries('SELECT entry FROM gateway WHERE owner = ? ORDER BY created_block, id', owner) as readonly GatewayEntry[];
  }

  /** Those that a stream may name now, oldest first. Strangers can register as many as they pay bonds for. */
  bondedGateways(limit: number): readonly GatewayEntry[] {
    return this.#entries("SELECT entry FROM gateway WHERE status = 'bonded' ORDER BY created_block, id LIMIT ?", limit) as readonly GatewayEntry[];
  }

  #entry(sql: string, id: Hex): unknown {
    const row = this.#db.prepare(sql).get(id);
    return row === undefined ? null : fromTaggedJson(column.text(row, 'entry'));
  }

  #entries(sql: string, value: Hex | number): readonly unknown[] {
    return this.#db.prepare(sql).all(value).map((row) => fromTaggedJson(column.text(row, 'entry')));
  }

  /** False when the chain lost the head meanwhile for which it was read: it may be of blocks that are no longer there. */
  async #write(events: readonly StreamEvent[], upTo: bigint, head: HeadInfo, changed: ChangedIds): Promise<boolean> {
    const times = new Map<bigint, Millis>();
    for (const { log: { blockNumber } } of events) if (!times.has(blockNumber)) times.set(blockNumber, (await this.#reader.block(blockNumber))?.timeMillis ?? millis(0));
    const last = await this.#reader.block(upTo);
    const top = await this.#reader.block(head.number);
    if (last === null || top === null || !equal(top.hash, head.hash)) return false;
    inTransaction(this.#db, () => {
      for (const told of events) this.#take(told, times.get(told.log.blockNumber) ?? millis(0));
      this.#gateways.foldAdded().forEach((id) => changed.gateways.add(id));
      this.#streams.foldAdded().forEach((id) => changed.streams.add(id));
      this.#channels.foldAdded().forEach((id) => changed.channels.add(id));
      this.#db.prepare('INSERT OR REPLACE INTO indexed (number, hash) VALUES (?, ?)').run(upTo, hexOf(last.hash));
      this.#db.prepare('DELETE FROM indexed WHERE number < ?').run(upTo - KEPT_HASHES);
    });
    return true;
  }

  #take({ contract, event, log }: StreamEvent, at: Millis): void {
    switch (contract) {
      case 'stream': return this.#streams.take(event, log, at);
      case 'channel': return this.#channels.take(event, log, at);
      case 'gateway': return this.#gateways.take(event, log, at);
    }
  }

  #saveStream(id: Hex, stream: StreamEntry | null): void {
    this.#db.prepare('DELETE FROM stream_gateway WHERE stream = ?').run(id);
    if (stream === null) {
      for (const table of ['stream WHERE id', 'stream_text WHERE stream', 'stream_search WHERE stream']) this.#db.prepare(`DELETE FROM ${table} = ?`).run(id);
      return;
    }
    const [cheapest] = offeredPlans(stream);
    this.#db
      .prepare('INSERT OR REPLACE INTO stream (id, owner, status, price, created_block, entry) VALUES (?, ?, ?, ?, ?, ?)')
      .run(id, stream.owner, stream.status, cheapest?.unitPrice.toString() ?? null, stream.createdBlock, toTaggedJson(stream));
    for (const gateway of new Set(stream.gateways)) this.#db.prepare('INSERT INTO stream_gateway (stream, gateway) VALUES (?, ?)').run(id, gateway);
    // By stream, not by hash: whoever names another's text in a stream of his own gets nothing, and spoils nothing.
    const { changes } = this.#db
      .prepare("INSERT INTO stream_text (stream, meta_hash, state) VALUES (?, ?, 'missing') ON CONFLICT (stream) DO UPDATE SET meta_hash = excluded.meta_hash, state = 'missing', reason = NULL, document = NULL, category = NULL, tries = 0, next_try_at = 0 WHERE meta_hash <> excluded.meta_hash")
      .run(id, stream.metaHash);
    if (changes > 0) this.#db.prepare('DELETE FROM stream_search WHERE stream = ?').run(id);
  }

  #saveChannel(id: Hex, channel: ChannelEntry | null): void {
    if (channel === null) return void this.#db.prepare('DELETE FROM channel WHERE id = ?').run(id);
    this.#db
      .prepare('INSERT OR REPLACE INTO channel (id, stream, payer, status, opened_block, entry) VALUES (?, ?, ?, ?, ?, ?)')
      .run(id, channel.streamId, channel.payer, channel.status, channel.openedBlock, toTaggedJson(channel));
  }

  #saveGateway(id: Hex, gateway: GatewayEntry | null): void {
    if (gateway === null) return void this.#db.prepare('DELETE FROM gateway WHERE id = ?').run(id);
    this.#db
      .prepare('INSERT OR REPLACE INTO gateway (id, owner, status, created_block, entry) VALUES (?, ?, ?, ?, ?)')
      .run(id, gateway.owner, gateway.status, gateway.createdBlock, toTaggedJson(gateway));
  }

  /** Takes back blocks that the chain no longer has. @returns the next block to read */
  async #rollBack(changed: ChangedIds): Promise<bigint> {
    for (;;) {
      const last = this.#db.prepare('SELECT number, hash FROM indexed ORDER BY number DESC LIMIT 1').get();
      if (last === undefined) return this.#forgetFrom(this.#options.firstBlock, changed);
      const number = BigInt(column.integer(last, 'number'));
      const block = await this.#reader.block(number);
      if (block !== null && hexOf(block.hash) === column.text(last, 'hash')) return number + 1n;
      this.#db.prepare('DELETE FROM indexed WHERE number = ?').run(number);
      const before = this.#db.prepare('SELECT MAX(number) AS number FROM indexed').get();
      const kept = before === undefined ? null : column.integerOrNull(before, 'number');
      this.#forgetFrom(kept === null ? this.#options.firstBlock : BigInt(kept) + 1n, changed);
    }
  }

  #forgetFrom(block: bigint, changed: ChangedIds): bigint {
    inTransaction(this.#db, () => {
      this.#gateways.forgetFrom(block).forEach((id) => changed.gateways.add(id));
      this.#streams.forgetFrom(block).forEach((id) => changed.streams.add(id));
      this.#channels.forgetFrom(block).forEach((id) => changed.channels.add(id));
    });
    return block;
  }
}

interface ChangedIds {
  readonly streams: Set<Hex>;
  readonly channels: Set<Hex>;
  readonly gateways: Set<Hex>;
}
