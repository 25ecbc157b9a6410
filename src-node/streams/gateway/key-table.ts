/** The `keys` table of a stream by what the gateway looks for: rows and envelopes of a channel, and the public key of peeks. */
import { EMPTY_BYTES, toHex, utf8, type Bytes } from '../../base/bytes.ts';
import type { LogTable } from '../log/engine.ts';
import { envelopeSchema, peekKeyRequestSchema, type Envelope, type PeekKeyRequest } from './wire.ts';

interface ChannelRows {
  /** What each instance of the gateway knows of the channel, by the instance's name. */
  readonly accounts: Map<string, Bytes>;
  /** By generation and epochs. */
  readonly envelopes: Map<string, Envelope>;
}

const KEY = /^(account|envelope)\/(0x[0-9a-f]{64})\/([0-9a-f-]+)$/;
const PEEK = 'peek';
const NOTHING: ChannelRows = { accounts: new Map(), envelopes: new Map() };

export class KeyTable {
  readonly #table: LogTable;
  readonly #seen = new Map<string, Bytes>();
  readonly #channels = new Map<string, ChannelRows>();
  #peek: PeekKeyRequest | null = null;
  #revision = -1;

  constructor(table: LogTable) {
    this.#table = table;
    this.refresh();
  }

  /** "0x" ids of channels that something is known of. */
  channels(): readonly string[] {
    return [...this.#channels.keys()];
  }

  accounts(channelId: Bytes): ReadonlyMap<string, Bytes> {
    return this.#rowsOf(channelId).accounts;
  }

  putAccount(channelId: Bytes, instance: string, value: Bytes): Promise<void> {
    return this.#put(`account/${toHex(channelId)}/${instance}`, value);
  }

  envelopes(channelId: Bytes): Iterable<Envelope> {
    return this.#rowsOf(channelId).envelopes.values();
  }

  putEnvelope(channelId: Bytes, envelope: Envelope): Promise<void> {
    const { generation, from, to } = envelope;
    return this.#put(`envelope/${toHex(channelId)}/${generation}-${from}-${to}`, utf8(JSON.stringify(envelopeSchema.encode(envelope))));
  }

  get peek(): PeekKeyRequest | null {
    return this.#peek;
  }

  putPeek(key: PeekKeyRequest): Promise<void> {
    return this.#put(PEEK, utf8(JSON.stringify(peekKeyRequestSchema.encode(key))));
  }

  /** Takes up what other instances wrote. @returns whether there was anything */
  refresh(): boolean {
    const { revision } = this.#table;
    if (revision === this.#revision) return false;
    this.#revision = revision;
    let hasChanged = false;
    const entries = new Map(this.#table.entries(''));
    for (const [key, value] of entries) {
      if (this.#seen.get(key) === value) continue;
      this.#index(key, value);
      hasChanged = true;
    }
    for (const key of [...this.#seen.keys()]) if (!entries.has(key)) this.#forgotten(key);
    return hasChanged;
  }

  /** All rows of a channel. @throws LOG_UNREACHABLE */
  async dropChannel(channelId: Bytes): Promise<void> {
    const id = toHex(channelId);
    const { accounts, envelopes } = this.#rowsOf(channelId);
    for (const name of [...accounts.keys()]) await this.#drop(`account/${id}/${name}`);
    for (const name of [...envelopes.keys()]) await this.#drop(`envelope/${id}/${name}`);
  }

  /**
   * Envelopes whose last epoch is before `epoch`, and then those of the oldest epochs as long as all together have more bytes than `maxBytes`.
   * @throws LOG_UNREACHABLE
   */
  async dropEnvelopes(epoch: number, maxBytes: number): Promise<void> {
    const all = [...this.#channels].flatMap(([id, { envelopes }]) => [...envelopes].map(([name, { to }]) => ({ key: `envelope/${id}/${name}`, to })));
    const bytesOf = (key: string): number => key.length + (this.#seen.get(key)?.length ?? 0);
    let bytes = all.reduce((sum, { key }) => sum + bytesOf(key), 0);
    for (const { key, to } of all.sort((a, b) => a.to - b.to)) {
      if (to >= epoch && bytes <= maxBytes) return;
      bytes -= bytesOf(key);
      await this.#drop(key);
    }
  }

  /** On disk, or on all replicas, when it returns. */
  async #put(key: string, value: Bytes): Promise<void> {
    await this.#table.put(key, value);
    this.#index(key, this.#table.get(key) ?? value);
  }

  async #drop(key: string): Promise<void> {
    await this.#table.put(key, EMPTY_BYTES);
    this.#forgotten(key);
  }

  #index(key: string, value: Bytes): void {
    this.#seen.set(key, value);
    if (key === PEEK) this.#peek = peekKeyRequestSchema.parse(jsonOf(value));
    const [, kind, channel, name] = KEY.exec(key) ?? [];
    if (channel === undefined || name === undefined) return;
    let rows = this.#channels.get(channel);
    if (rows === undefined) this.#channels.set(channel, (rows = { accounts: new Map(), envelopes: new Map() }));
    if (kind === 'account') rows.accounts.set(name, value);
    else rows.envelopes.set(name, envelopeSchema.parse(jsonOf(value)));
  }

  #forgotten(key: string): void {
    this.#seen.delete(key);
    const [, kind, channel = '', name = ''] = KEY.exec(key) ?? [];
    const rows = this.#channels.get(channel);
    if (rows === undefined) return;
    if (kind === 'account') rows.accounts.delete(name);
    else rows.envelopes.delete(name);
    if (rows.accounts.size === 0 && rows.envelopes.size === 0) this.#channels.delete(channel);
  }

  #rowsOf(channelId: Bytes): ChannelRows {
    return this.#channels.get(toHex(channelId)) ?? NOTHING;
  }
}

function jsonOf(value: Bytes): unknown {
  return JSON.parse(Buffer.from(value).toString('utf8'));
}
