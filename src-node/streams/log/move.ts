import { equal, type Bytes } from '../../base/bytes.ts';
import type { Millis } from '../../base/clock.ts';
import { CodedError } from '../../base/errors.ts';
import type { LogEngine, StoredRecord, StreamLog } from './engine.ts';
import type { KafkaEngine } from './kafka/kafka-engine.ts';

export interface MoveOptions {
  readonly streamId: Bytes;
  readonly retentionMillis: Millis;
  /** How many records are to be moved, and how many are there. */
  readonly onProgress?: (moved: bigint, all: bigint) => void;
}

const LIMITS = { maxRecords: 10_000, maxBytes: 2 * 1024 * 1024 } as const;
/** A cluster refuses more than 64 MiB that wait; a key with its value has at most 128 KiB. */
const PUTS_AT_ONCE = 256;
const TABLES = ['keys', 'checkpoints'] as const;

/**
 * Moves a stream to the Kafka cluster; every record keeps its offset, so that cursors stay good. Nothing may be appended meanwhile. When it
 * breaks off it goes on where it stopped; the stream can be opened there only when all is there. The old log stays as it is.
 * @throws LOG_DAMAGED when the cluster holds something else under this stream, or records between what is there and the rest are no longer kept
 */
export async function moveStream(from: LogEngine, to: Pick<KafkaEngine, 'receive' | 'finishMove'>, { streamId, retentionMillis, onProgress }: MoveOptions): Promise<void> {
  const source = await from.open(streamId, { retentionMillis });
  const { first, next: end } = await source.bounds();
  const target = await to.receive(streamId, { retentionMillis, first });
  try {
    let { next } = await target.bounds();
    await needSame(source, target, next);
    while (next < end) {
      const { records } = await source.read(next, LIMITS);
      await appendAt(target, records, next);
      next += BigInt(records.length);
      onProgress?.(next - first, end - first);
    }
    for (const name of TABLES) await copyTable(source, target, name);
    if ((await source.bounds()).next !== end || (await target.bounds()).next !== end) throw differs();
    await to.finishMove(streamId);
  } finally {
    await target.close();
  }
}

/** What is there already must reach to what is here, and its newest record must be the one that stands here. */
async function needSame(source: StreamLog, target: StreamLog, next: bigint): Promise<void> {
  const { first, next: end } = await source.bounds();
  if (next > end || next < first) throw differs();
  if (next === first || (await target.bounds()).first === next) return;
  const one = { maxRecords: 1, maxBytes: 1 };
  const [here, there] = await Promise.all([source.read(next - 1n, one), target.read(next - 1n, one)]);
  if (!isSame(here.records[0], there.records[0])) throw differs();
}

async function appendAt(target: StreamLog, records: readonly StoredRecord[], next: bigint): Promise<void> {
  const offsets = await target.append(records);
  if (offsets.some((offset, i) => offset !== next + BigInt(i))) throw differs();
}

async function copyTable(source: StreamLog, target: StreamLog, name: (typeof TABLES)[number]): Promise<void> {
  const [here, there] = await Promise.all([source.table(name), target.table(name)]);
  const missing = here.entries('').filter(([key, value]) => !equal(value, there.get(key) ?? new Uint8Array(0)));
  for (let i = 0; i < missing.length; i += PUTS_AT_ONCE) await Promise.all(missing.slice(i, i + PUTS_AT_ONCE).map(([key, value]) => there.put(key, value)));
}

function isSame(a: StoredRecord | undefined, b: StoredRecord | undefined): boolean {
  return a !== undefined && b !== undefined && a.timeMillis === b.timeMillis && equal(a.key, b.key) && equal(a.value, b.value);
}

function differs(): CodedError {
  return new CodedError('LOG_DAMAGED', 'The Kafka cluster holds other records under this stream, or something was appended while it was moved.', { help: 'Stop what writes to the stream; remove its topics from the cluster, then move it again.' });
}
