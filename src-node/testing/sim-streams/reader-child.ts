/** A reader of every stream of a simulation, in a process of its own: WORLD READER. Ends well when it is told anything. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../../base/clock.ts';
import { toCoded } from '../../base/errors.ts';
import { systemFiles } from '../../base/files.ts';
import { openNodeLog } from '../../node-log.ts';
import { connectStream, type StreamEvent } from '../../streams/client/connect.ts';
import { FileReaderStore } from '../../streams/client/reader-store.ts';
import { StreamVerifier } from '../../streams/client/verify.ts';
import { onWord, say } from './say.ts';
import { SimChain } from './sim-chain.ts';
import { SIM_SCHEMA } from './sim-schema.ts';
import { readWorld } from './sim-world.ts';

const FLUSH_MILLIS = 50;
const WATCH_MILLIS = 100;

const [, , worldPath = '', number = ''] = process.argv;
const world = readWorld(worldPath);
const reader = Number(number);
const folder = join(world.folder, `reader-${reader}`);
mkdirSync(folder, { recursive: true });
const log = openNodeLog(folder, 'info');
const chain = new SimChain(world);
const end = new AbortController();
onWord(() => end.abort());

/** For how long this process was not let run, lately: what it could not know it cannot say. */
let late = 0;
let watched = performance.now();
setInterval(() => {
  const now = performance.now();
  late = 0.9 * late + Math.max(0, now - watched - WATCH_MILLIS);
  watched = now;
}, WATCH_MILLIS).unref();

class Telling {
  readonly #stream: number;
  #rows: (readonly [number, number, number])[] = [];
  #hole: bigint | null = null;
  #timer: NodeJS.Timeout | undefined;

  constructor(stream: number) {
    this.#stream = stream;
  }

  row(seq: bigint, row: number, sentAt: number): void {
    this.#rows.push([Number(seq), row, sentAt]);
    this.#timer ??= setTimeout(() => this.flush(), FLUSH_MILLIS);
  }

  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#rows.length > 0) say({ ...this.#place, type: 'rows', rows: this.#rows });
    this.#rows = [];
  }

  hole(from: bigint | null): void {
    if (from === this.#hole) return;
    this.#hole = from;
    say({ ...this.#place, type: 'hole', from: from === null ? null : Number(from) });
  }

  event(event: StreamEvent): void {
    this.flush();
    if (event.type === 'gap') say({ ...this.#place, type: 'gap', from: Number(event.gap.from), to: Number(event.gap.to), reason: event.gateway ?? event.gap.reason, late: Math.round(late + performance.now() - watched) });
    if (event.type === 'fork') say({ ...this.#place, type: 'fork', firstSeq: Number(event.fork.firstSeq) });
    if (event.type === 'paid') say({ ...this.#place, type: 'paid', units: Number(event.units), amount: Number(event.amount) });
    if (event.type === 'connected') say({ ...this.#place, type: 'connected', what: event.endpoint });
    if (event.type === 'disconnected') say({ ...this.#place, type: 'disconnected', what: `${event.endpoint}: ${event.error.code}` });
  }

  get #place(): { readonly stream: number; readonly reader: number; readonly at: number } {
    return { stream: this.#stream, reader, at: systemClock.now() };
  }
}

const tellings = Array.from({ length: world.streams }, (_, stream) => new Telling(stream));
watchHoles();
await Promise.all(tellings.map(read));
process.exit(0);

async function read(telling: Telling, stream: number): Promise<void> {
  const store = new FileReaderStore({ path: join(folder, `stream-${stream}.json`) }, { files: systemFiles });
  const options = { streamId: chain.streamId(stream), channelId: chain.channelId(stream, reader), begin: 'earliest', schema: SIM_SCHEMA, dailyCap: null, signal: end.signal } as const;
  try {
    for await (const { seq, row } of connectStream(options, { chain, keys: chain.subscriberKeys(stream, reader), store, clock: systemClock, log, onEvent: (event) => telling.event(event) })) telling.row(seq, Number(row?.['n']), Number(row?.['at']));
  } catch (error) {
    say({ type: 'fault', what: `reader ${reader} of stream ${stream}`, code: toCoded(error).code });
  }
  telling.flush();
}

/** When the client first has batches behind a hole is seen by nobody outside of it, so its verifier is watched. The first byte of a stream's id is its number. */
function watchHoles(): void {
  const feed = Reflect.get<StreamVerifier, 'feed'>(StreamVerifier.prototype, 'feed');
  StreamVerifier.prototype.feed = function (batch) {
    const news = feed.call(this, batch);
    tellings[batch[4] ?? 0]?.hole(news.missingFrom);
    return news;
  };
}
