import type { Clock } from '../../base/clock.ts';
import type { CodedError } from '../../base/errors.ts';
import type { StreamRow } from '../client/row.ts';
import type { StreamEvent } from '../client/stream-event.ts';
import { verifiedRow } from '../client/verified-row.ts';
import type { ReaderState } from '../client/reader-store.ts';
import type { DailyCaps } from '../daily-caps.ts';
import type { StreamChain } from '../stream-chain.ts';
import { GapKeeper, gapReason } from './gap-keeper.ts';
import { GatewayWatch } from './gateway-watch.ts';
import type { LiveSource } from './live-window.ts';
import { LiveWindows } from './live-windows.ts';
import type { ReadChannel } from './read-channel.ts';
import { ReadingMeter } from './reading-meter.ts';
import { ReadingPhase } from './reading-phase.ts';
import type { ReadingTable } from './reading-table.ts';
import { RowRing } from './row-ring.ts';
import type { ReadingGap, ReadingView, SpendView } from './views.ts';

export interface StatusOptions {
  readonly channel: ReadChannel;
  readonly state: ReaderState;
  readonly gaps: readonly ReadingGap[];
}

export interface StatusModules {
  readonly chain: Pick<StreamChain, 'stream' | 'gateway'>;
  readonly caps: Pick<DailyCaps, 'of'>;
  readonly table: Pick<ReadingTable, 'setGaps'>;
  readonly clock: Clock;
  /** Whether it is read now, and whether somebody wants that. */
  readonly isRunning: () => boolean;
  readonly isWanted: () => boolean;
  /** Something changed that a page shows. */
  readonly onChange: () => void;
}

/** How the reading of one channel stands, by what it tells of itself; windows look on here. */
export class ReadingStatus implements LiveSource {
  readonly windows: LiveWindows;
  readonly meter: ReadingMeter;
  readonly phase: ReadingPhase;
  readonly gaps: GapKeeper;
  readonly #modules: StatusModules;
  readonly #gateways: GatewayWatch;
  readonly #ring = new RowRing();
  /** As the index told it last. */
  channel: ReadChannel;

  constructor({ channel, state, gaps }: StatusOptions, modules: StatusModules) {
    const now = modules.clock.now();
    this.#modules = modules;
    this.channel = channel;
    this.windows = new LiveWindows(this, modules);
    this.meter = new ReadingMeter(state, now);
    this.phase = new ReadingPhase(now);
    this.gaps = new GapKeeper(channel.channel.id, gaps, { ...modules, onGap: (gap) => this.#showGap(gap) });
    this.#gateways = new GatewayWatch(modules);
  }

  reading(): ReadingView {
    const { clock, isRunning, isWanted } = this.#modules;
    const now = clock.now();
    const { problem, name } = this.phase;
    const facts = { isRunning: isRunning(), isOpen: this.channel.channel.status === 'open', isWanted: isWanted(), lastArrived: this.meter.lastArrived };
    return {
      state: this.phase.state(facts, now), problem: problem === null ? null : problem.toJSON(), gateway: name === 'connected' ? this.#gateways.current : null,
      gatewaysReady: this.#gateways.ready(now), ...this.meter.measured(this.channel, now), gaps: this.gaps.all(now), at: now,
    };
  }

  spend(): SpendView {
    const { clock, caps } = this.#modules;
    return this.meter.spend(this.channel, caps.of(this.channel.channel.id), clock.now());
  }

  rows(): ReturnType<RowRing['rows']> {
    return this.#ring.rows(this.#modules.clock.now());
  }

  /** Time passes. */
  tick(): void {
    const silence = this.phase.silence(this.meter.lastArrived, this.#modules.clock.now());
    if (silence !== null) this.gaps.begin(silence.reason, silence.from);
    this.gaps.save();
    this.windows.touch();
  }

  to(phase: ReadingPhase['name'], problem: CodedError | null): void {
    if (this.phase.to(phase, problem, this.#modules.clock.now())) this.changed();
  }

  changed(): void {
    this.windows.touch();
    this.#modules.onChange();
  }

  row(row: StreamRow, columns: Parameters<typeof verifiedRow>[1]): void {
    const now = this.#modules.clock.now();
    const shown = verifiedRow(row, columns);
    this.meter.row(row, now);
    this.phase.waitsForKey(false);
    this.#ring.add(shown, row.record.body.length, now);
    this.gaps.end();
    this.windows.row(shown);
  }

  event(event: StreamEvent): void {
    const now = this.#modules.clock.now();
    switch (event.type) {
      case 'batch':
        return this.meter.batch();
      case 'connected':
        this.to('connected', null);
        void this.#lookRound(event.endpoint);
        return;
      case 'disconnected':
        if (event.error.code === 'BAD_BATCH') this.meter.refused();
        this.#gateways.failed(event.endpoint, now);
        return this.to('connecting', event.error);
      case 'keys':
        this.phase.waitsForKey(true);
        return this.windows.touch();
      case 'gap': {
        const { from, to, reason } = event.gap;
        return this.gaps.add({ fromSeq: Number(from), toSeq: Number(to), from: this.meter.lastArrived ?? now, to: now, reason: gapReason(reason, event.gateway) });
      }
      case 'fork': {
        const seq = Number(event.fork.firstSeq);
        this.meter.refused();
        return this.gaps.add({ fromSeq: seq, toSeq: seq, from: now, to: now, reason: 'fork' });
      }
      case 'paid':
        this.meter.paid(event.amount, now);
        this.phase.paid();
        return this.windows.touch();
      case 'budget':
        return this.changed();
      case 'paused':
        this.phase.stopped(event.why, now);
        return this.changed();
    }
  }

  /** Which gateway it is, and which others there are. */
  async #lookRound(endpoint: string): Promise<void> {
    if (await this.#gateways.connected(this.channel.channel.streamId, endpoint)) this.windows.touch();
  }

  #showGap(gap: ReadingGap): void {
    this.windows.gap(gap);
    this.windows.touch();
  }
}
