/** Readers with the client library, whose account no wallet of the program holds. */
import { EMPTY_BYTES, fromHex, toHex, type Bytes, type Hex } from '../../src-node/base/bytes.ts';
import { millis, systemClock, toMillis, type Millis } from '../../src-node/base/clock.ts';
import { silentLogger } from '../../src-node/base/logger.ts';
import { encodeOpen, type NewChannel } from '../../src-node/contracts/bindings/pd-channel.gen.ts';
import { channelId } from '../../src-node/contracts/terms.ts';
import { addressOf } from '../../src-node/crypto/secp256k1.ts';
import { practiceKeys } from '../../src-node/networks/practice.ts';
import { wellKnownStreams } from '../../src-node/practice-streams.ts';
import { RemoteReader } from '../../src-node/rpc/client/remote-reader.ts';
import { ReaderStreamChain, streamContracts } from '../../src-node/streams/chain-view.ts';
import { connectStream, type StreamEvent } from '../../src-node/streams/client/connect.ts';
import { NEW_READER } from '../../src-node/streams/client/reader-store.ts';
import type { StreamRow } from '../../src-node/streams/client/row.ts';
import type { StreamSchema } from '../../src-node/streams/publisher/schema.ts';
import { sendSigned } from '../../src-node/testing/send-signed.ts';
import { subscriberKeysOf } from '../../src-node/testing/stream-keys.ts';
import { rpc } from '../../scripts/demo/json-rpc.ts';
import { transactionsOf } from './chain.ts';

const SECRET: Bytes = new Uint8Array(32).fill(0x5a);
/** Each channel has a key of its own: a gateway's quotas are counted by it. */
const secretOf = (nonce: bigint): Bytes => new Uint8Array(32).fill(1 + Number(nonce));
const OPEN_GAS = 300_000n;
const POLL_MILLIS = millis(500);

export interface CrowdReader {
  readonly rows: readonly StreamRow[];
  readonly events: readonly StreamEvent[];
  /** Base units that it signed for in all. */
  readonly signed: bigint;
}

export interface CrowdOptions {
  readonly url: string;
  /** Whoever subscribed in the window: the crowd takes the same plan of the same stream. */
  readonly like: Hex;
  readonly schema: StreamSchema;
  readonly deposit: bigint;
}

type OpenTerms = Omit<NewChannel, 'nonce' | 'payerKey'>;

export class ReaderCrowd {
  /** Address that opened their channels, as the publisher sees it. */
  readonly payer: Hex = toHex(addressOf(SECRET));
  readonly #streamId: Bytes;
  readonly #chain: ReaderStreamChain;
  readonly #reader: RemoteReader;
  readonly #open: OpenTerms;
  readonly #options: CrowdOptions;
  readonly #end = new AbortController();
  readonly #work: Promise<unknown>[] = [];

  private constructor(options: CrowdOptions, reader: RemoteReader, chain: ReaderStreamChain, open: OpenTerms) {
    this.#options = options;
    this.#reader = reader;
    this.#chain = chain;
    this.#open = open;
    this.#streamId = fromHex(open.streamId);
  }

  /** Reads the plan out of the call that opened the channel of `like`. */
  static async of(options: CrowdOptions): Promise<ReaderCrowd> {
    const reader = await RemoteReader.connect(options);
    const addresses = wellKnownStreams(reader.chainId);
    if (addresses === null) throw new TypeError('the contracts of streams are known on the practice network only');
    const hash = (await transactionsOf(options.url, options.like)).at(-1);
    const { input } = await rpc<{ readonly input: Hex }>(options.url, 'eth_getTransactionByHash', [hash]);
    const word = (place: number): Hex => `0x${input.slice(10 + 64 * place, 74 + 64 * place)}`;
    const open = { streamId: word(0), planHash: word(1), splitHash: word(2), expiry: Number(word(4)) };
    return new ReaderCrowd(options, reader, new ReaderStreamChain({ reader, contracts: streamContracts(addresses) }), open);
  }

  /** Opens so many channels, one after the other, and reads with each of them. */
  async join(count: number): Promise<readonly CrowdReader[]> {
    const { faucet } = practiceKeys(this.#reader.chainId);
    const contract = this.#chain.contracts.channel;
    this.#work.push(this.#reader.poll({ pollMillis: POLL_MILLIS }, { clock: systemClock, log: silentLogger }, this.#end.signal));
    await this.#mined(await sendSigned(this.#reader, faucet, { to: addressOf(SECRET), value: BigInt(count + 1) * this.#options.deposit, payload: EMPTY_BYTES, gasLimit: 21_000n }));
    const first = await this.#reader.nonceOf(addressOf(SECRET));
    const numbers = Array.from({ length: count }, (_, index) => BigInt(index));
    const sent = [];
    for (const nonce of numbers) sent.push(await sendSigned(this.#reader, SECRET, { to: contract, value: this.#options.deposit, nonce: first + nonce, payload: encodeOpen({ ...this.#open, nonce, payerKey: toHex(addressOf(secretOf(nonce))) }), gasLimit: OPEN_GAS }));
    for (const hash of sent) await this.#mined(hash);
    return numbers.map((nonce) => this.#read(secretOf(nonce), fromHex(channelId({ contract: toHex(contract), chainId: this.#reader.chainId, creator: this.payer, nonce, stream: this.#open.streamId }))));
  }

  /** Of the stream: epoch n begins at startMillis + n · epochMillis. */
  async epochs(): Promise<{ readonly startMillis: Millis; readonly epochMillis: Millis }> {
    const stream = await this.#chain.stream(this.#streamId);
    if (stream === null) throw new TypeError('the stream of the crowd is not on the chain');
    return { startMillis: toMillis(stream.startSeconds), epochMillis: toMillis(stream.epochSeconds) };
  }

  async leave(): Promise<void> {
    this.#end.abort();
    await Promise.allSettled(this.#work);
  }

  #read(secret: Bytes, id: Bytes): CrowdReader {
    const reader = { rows: [] as StreamRow[], events: [] as StreamEvent[], signed: 0n };
    const keys = subscriberKeysOf(secret, this.#streamId, this.#chain, ({ cumulativeAmount }) => (reader.signed = cumulativeAmount));
    const store = { load: () => Promise.resolve(NEW_READER), save: () => Promise.resolve() };
    const rows = connectStream(
      { streamId: this.#streamId, channelId: id, begin: 'live', schema: this.#options.schema, dailyCap: null, signal: this.#end.signal },
      { chain: this.#chain, keys, store, clock: systemClock, log: silentLogger, onEvent: (event) => reader.events.push(event) },
    );
    this.#work.push((async () => {
      for await (const row of rows) reader.rows.push(row);
    })());
    return reader;
  }

  async #mined(hash: Bytes): Promise<void> {
    for (;;) {
      const receipt = await this.#reader.receipt(hash);
      if (receipt?.ok === false) throw new TypeError(`a transaction of the crowd failed: ${toHex(hash)}`);
      if (receipt !== null) return;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
}
