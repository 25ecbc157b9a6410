/** Publishes the streams of this wallet, whether a window is open or not, and takes what it brings. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { toHex, type Bytes, type Hex } from '../../base/bytes.ts';
import { millis, type Millis } from '../../base/clock.ts';
import { CodedError, isCoded } from '../../base/errors.ts';
import { faultOf } from '../../base/files.ts';
import { toTaggedJson } from '../../base/tagged-json.ts';
import { KnownDomain } from '../../contracts/typed-data.ts';
import type { CheckpointPlan } from '../checkpoints.ts';
import type { GatewayAsker } from '../client/gateway-asker.ts';
import type { StreamEntry } from '../index/stream-entry.ts';
import type { StreamIndex } from '../index/stream-index.ts';
import type { StandingActions } from '../ports.ts';
import type { StreamTexts } from '../stream-texts.ts';
import { checkSource } from './check-source.ts';
import { Checkpointer } from './checkpointer.ts';
import { OwnStream, type OwnStreamModules } from './own-stream.ts';
import type { OwnStreamFacts } from './own-stream-facts.ts';
import { PublishingTable } from './publishing-table.ts';
import { Redeemer } from './redeemer.ts';
import { VoucherBook, type Earnings } from './voucher-book.ts';
import type { SourceSettings } from './views.ts';

export interface PublishingHostOptions {
  /** For the rows and batches of all own streams of this network. */
  readonly folder: string;
}

export interface PublishingHostModules extends Omit<OwnStreamModules, 'table' | 'vouchers'> {
  readonly db: DatabaseSync;
  readonly index: Pick<StreamIndex, 'stream' | 'streamsOf' | 'channelsOfStream' | 'gateway'>;
  readonly texts: Pick<StreamTexts, 'textOf'>;
  readonly asker: Pick<GatewayAsker, 'ask' | 'answerOf' | 'measureOf'>;
  readonly actions: StandingActions;
  /** Base units per gas. */
  readonly gasPrice: () => Promise<bigint>;
  /** What PDChannel holds for an account, base units. */
  readonly creditOf: (account: Bytes) => Promise<bigint>;
  readonly onChange: () => void;
}

const TICK_MILLIS = 1_000;
/** Another run has published within it. */
const ELSEWHERE_MILLIS = 60_000;

export class PublishingHost {
  readonly vouchers: VoucherBook;
  readonly #options: PublishingHostOptions;
  readonly #modules: PublishingHostModules;
  readonly #table: PublishingTable;
  readonly #redeemer: Redeemer;
  readonly #checkpointer: Checkpointer;
  readonly #streams = new Map<Hex, OwnStream>();
  readonly #abort = new AbortController();
  readonly #ticking: Promise<void>;
  #isHeld: (stream: Hex) => boolean = () => false;
  #shown = '';
  #stepping: Promise<void> = Promise.resolve();

  constructor(options: PublishingHostOptions, modules: PublishingHostModules) {
    const { db, clock, chain, actions, gasPrice, creditOf, log } = modules;
    this.#options = options;
    this.#modules = modules;
    this.#table = new PublishingTable(db);
    this.vouchers = new VoucherBook({ db, clock, domain: new KnownDomain({ chainId: chain.chainId, genesisHash: chain.genesisHash, contract: chain.contracts.channel }) });
    this.#redeemer = new Redeemer({ vouchers: this.vouchers, actions, contract: chain.contracts.channel, gasPrice, creditOf, clock, log });
    this.#checkpointer = new Checkpointer({ ...modules, table: this.#table });
    this.#ticking = this.#tick();
  }

  /** @param accounts of this wallet @param held what the keys process signs for now */
  step(accounts: readonly Bytes[], held: { readonly unlocked: boolean; readonly ids: ReadonlySet<Hex> }): Promise<void> {
    this.#stepping = this.#stepping.then(() => this.#follow(accounts.map(toHex), held));
    return this.#stepping;
  }

  has(stream: Hex): boolean {
    return this.#streams.has(stream);
  }

  /** @throws STREAM_UNKNOWN until the index has told of it */
  of(stream: Hex): OwnStream {
    const own = this.#streams.get(stream);
    if (own === undefined) throw new CodedError('STREAM_UNKNOWN', 'This stream is not among those of this wallet.', { help: 'Wait until the index has reached the head, or check the link.' });
    return own;
  }

  earningsOf(stream: Hex): Earnings {
    return this.vouchers.earningsOf(this.#modules.index.channelsOfStream(stream));
  }

  /** How often it is written on the chain how far the stream is; null for never. */
  checkpointsOf(stream: Hex): CheckpointPlan | null {
    return this.#table.checkpointsOf(stream, this.#modules.clock.now());
  }

  /** Before the sheet can be signed that gives the permission: the stream need not be known yet. */
  chooseCheckpoints(stream: Hex, plan: CheckpointPlan | null): void {
    this.#table.setCheckpoints(stream, plan);
  }

  /** Remembered over restarts. @throws STREAM_UNKNOWN, STREAM_ENDED, WALLET_LOCKED, PUBLISHER_ELSEWHERE */
  async setOn(id: Hex, on: boolean): Promise<void> {
    const own = this.of(id);
    const stream = this.#modules.index.stream(id);
    if (on && stream !== null && !own.isOn) {
      if (stream.status === 'ended') throw new CodedError('STREAM_ENDED', 'This stream has ended and takes no more messages.', { help: 'Register a new one.' });
      if (!this.#isHeld(id)) throw new CodedError('WALLET_LOCKED', 'The key of this stream opens with the wallet.', { help: 'Unlock the wallet once; publishing goes on when it is locked again.' });
      await this.#refuseElsewhere(own, stream);
    }
    await own.setOn(on);
  }

  /** @throws FILE_MISSING, NO_PERMISSION, MQTT_REFUSED, BAD_COLUMNS, COLUMNS_MISSING, WALLET_LOCKED when a password cannot be kept */
  async addSource(id: Hex, settings: SourceSettings, password: string | null): Promise<void> {
    const own = this.of(id);
    await checkSource(settings, password, own.schema);
    await own.addSource(settings, password);
  }

  /**
   * No further key goes to this channel, also after a restart.
   * @returns the first epoch that it cannot read, and when that begins @throws STREAM_UNKNOWN, CHANNEL_UNKNOWN, COLUMNS_MISSING
   */
  async revoke(id: Hex, channel: Hex): Promise<{ readonly actsAt: Millis; readonly epoch: number }> {
    const known = this.#modules.index.channelsOfStream(id).some((one) => one.id === channel);
    if (!known) throw new CodedError('CHANNEL_UNKNOWN', 'This stream has no such subscriber.', { help: 'Look at the list of its subscribers.' });
    return this.of(id).revoke(channel);
  }

  /** Everything is written down. */
  async close(): Promise<void> {
    this.#abort.abort();
    await Promise.all([this.#stepping, this.#ticking]);
    await Promise.all([...this.#streams.values()].map((own) => own.close()));
  }

  async #follow(accounts: readonly Hex[], held: { readonly unlocked: boolean; readonly ids: ReadonlySet<Hex> }): Promise<void> {
    const { index, log } = this.#modules;
    this.#isHeld = (id) => held.ids.has(id);
    for (const stream of accounts.flatMap((account) => index.streamsOf(account))) {
      if (this.#abort.signal.aborted) return;
      const facts = this.#factsOf(stream);
      try {
        const own = this.#streams.get(stream.id) ?? new OwnStream({ id: stream.id, folder: this.#folderOf(stream.id) }, { ...this.#modules, table: this.#table, vouchers: this.vouchers }, facts);
        this.#streams.set(stream.id, own);
        await own.update(facts);
        if (!held.unlocked) continue;
        await this.#redeemer.step(stream, index.channelsOfStream(stream.id));
        if (stream.status === 'registered') await this.#checkpointer.step(stream, own.anchors);
      } catch (error) {
        // one that cannot be opened keeps no other one from being published
        log.error('a stream cannot be published', { stream: stream.id, code: faultOf(error).code }, error);
      }
    }
  }

  #factsOf(stream: StreamEntry): OwnStreamFacts {
    const { index, texts } = this.#modules;
    return { stream, text: texts.textOf(stream.id).metadata, isHeld: this.#isHeld(stream.id), channels: index.channelsOfStream(stream.id) };
  }

  #folderOf(stream: Hex): string {
    const folder = join(this.#options.folder, stream.slice(2, 18));
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return folder;
  }

  /** Gateways that have newer messages than this disk, of a moment ago, were sent them by another run. @throws PUBLISHER_ELSEWHERE */
  async #refuseElsewhere(own: OwnStream, stream: StreamEntry): Promise<void> {
    const { asker, index, clock } = this.#modules;
    if (own.schemaOrNull === null) return; // nothing can have been published
    await asker.ask(stream, stream.gateways.flatMap((id) => index.gateway(id) ?? []));
    const next = Number(await own.position());
    const newest = Math.max(-1, ...stream.gateways.map((id) => asker.answerOf(id, stream.id)?.headSeq ?? -1));
    const lastAt = asker.measureOf(stream.id)?.lastAt ?? null;
    if (newest < next || lastAt === null || clock.now() - lastAt >= ELSEWHERE_MILLIS) return;
    throw new CodedError('PUBLISHER_ELSEWHERE', 'Another run of this publisher sent messages a moment ago.', { help: 'Stop it there first: two that publish at once make a fork. If there is none, try again in a minute.', meta: { seq: newest } });
  }

  async #tick(): Promise<void> {
    const { clock, log, onChange } = this.#modules;
    const { signal } = this.#abort;
    while (!signal.aborted) {
      await clock.sleep(millis(TICK_MILLIS), signal);
      for (const own of this.#streams.values()) {
        await own.tick().catch((error: unknown) => {
          if (!isCoded(error)) log.error('a stream cannot be looked at', { stream: own.id }, error);
          else log.warn('a stream waits', { stream: own.id, code: error.code });
        });
      }
      const shown = toTaggedJson([...this.#streams.values()].map((own) => [own.status, own.shown]));
      if (shown !== this.#shown) onChange();
      this.#shown = shown;
    }
  }
}
