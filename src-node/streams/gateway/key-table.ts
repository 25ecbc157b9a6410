/** The `keys` table of a stream by what the gateway looks for: rows and envelopes of a channel, and the public key of peeks. */
import { toHex, utf8, type Bytes } from '../../base/bytes.ts';
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

export class KeyTable {
  readonly #table: LogTable;
  readonly #seen = new Map<string, Bytes>();
  readonly #channels = new Map<string, ChannelRows>();
  #peek: PeekKeyRequest | null = null;

  constructor(table: LogTable) {
    this.#table = table;
    this.refresh();
  }

  /** "0x" ids of channels that something is known of. */
  channels(): readonly string[] {
    return [...this.#channels.keys()];
  }

  accounts(channelId: Bytes): ReadonlyMap<string, Bytes> {
    return this.#rows(toHex(channelId)).accounts;
  }

  putAccount(channelId: Bytes, instance: string, value: Bytes): Promise<void> {
    return this.#put(`account/${toHex(channelId)}/${instance}`, value);
  }

  envelopes(channelId: Bytes): Iterable<Envelope> {
    return this.#rows(toHex(channelId)).envelopes.values();
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
    let hasChanged = false;
    for (const [key, value] of this.#table.entries('')) {
      if (this.#seen.get(key) === value) continue;
      this.#index(key, value);
      hasChanged = true;
    }
    return hasChanged;
  }

  /** On disk, or on all replicas, when it returns. */
  async #put(key: string, value: Bytes): Promise<void> {
    await this.#table.put(key, value);
    this.#index(key, this.#table.get(key) ?? value);
  }

  #index(key: string, value: Bytes): void {
    this.#seen.set(key, value);
    if (key === PEEK) this.#peek = peekKeyRequestSchema.parse(jsonOf(value));
    const [, kind, channel, name] = KEY.exec(key) ?? [];
    if (channel === undefined || name === undefined) return;
    if (kind === 'account') this.#rows(channel).accounts.set(name, value);
    else this.#rows(channel).envelopes.set(name, envelopeSchema.parse(jsonOf(value)));
  }

  #rows(channel: string): ChannelRows {
    let rows = this.#channels.get(channel);
    if (rows === undefined) this.#channels.set(channel, (rows = { accounts: new Map(), envelopes: new Map() }));
    return rows;
  }
}

function jsonOf(value: Bytes): unknown {
  return JSON.parse(Buffer.from(value).toString('utf8'));
}
