/**
 * A request that writes records to one partition (Produce 3 to 7, records of format 2), made in one piece. The client's own way copies every
 * byte eight times on it, which is most of what a gateway does while it writes large batches.
 */
import { asBuffer, type Bytes } from '../../../base/bytes.ts';
import { crc32c } from '../../../crypto/crc32c.ts';
import type { LogRecord } from '../engine.ts';

export interface ProduceOptions {
  readonly topic: string;
  readonly partition: number;
  readonly acks: -1;
  /** For the cluster, in ms. */
  readonly timeout: number;
  readonly producerId: bigint;
  readonly producerEpoch: number;
  /** Of the first record. */
  readonly firstSequence: number;
  /** At least one. */
  readonly records: readonly LogRecord[];
}

const MAGIC = 2;
/** From "last offset delta" to the records, with the attributes before it and the number of records at its end. */
const HEAD_BYTES = 40;
/** Before what the CRC covers: offset, length, leader's epoch, magic, CRC. */
const PREFIX_BYTES = 21;
/** Behind the length: leader's epoch, magic, CRC. */
const COUNTED_PREFIX_BYTES = 9;

export function producePayload({ topic, partition, acks, timeout, producerId, producerEpoch, firstSequence, records }: ProduceOptions): Buffer {
  const times = records.map(({ timeMillis }) => timeMillis);
  const [first, last] = [Math.min(...times), Math.max(...times)];
  const bodies = records.map((record, i) => bodyBytes(record, i, record.timeMillis - first));
  const recordBytes = bodies.reduce((sum, body) => sum + varintBytes(body) + body, 0);
  const batchBytes = PREFIX_BYTES + HEAD_BYTES + recordBytes;
  const out = new Writer(Buffer.allocUnsafe(2 + 2 + 4 + 4 + 2 + topic.length + 4 + 4 + 4 + batchBytes));
  out.int16(-1); // no transaction
  out.int16(acks);
  out.int32(timeout);
  out.int32(1);
  out.int16(topic.length);
  out.bytes(Buffer.from(topic, 'latin1')); // names of topics are ASCII
  out.int32(1);
  out.int32(partition);
  out.int32(batchBytes);
  out.int64(0n);
  out.int32(COUNTED_PREFIX_BYTES + HEAD_BYTES + recordBytes);
  out.int32(0);
  out.int8(MAGIC);
  const crcAt = out.at;
  out.int32(0);
  out.int16(0);
  out.int32(records.length - 1);
  out.int64(BigInt(first));
  out.int64(BigInt(last));
  out.int64(producerId);
  out.int16(producerEpoch);
  out.int32(firstSequence);
  out.int32(records.length);
  records.forEach(({ key, value, timeMillis }, i) => {
    out.varint(bodies[i] ?? 0);
    out.int8(0);
    out.varint(timeMillis - first);
    out.varint(i);
    out.varint(key.length);
    out.bytes(key);
    out.varint(value.length);
    out.bytes(value);
    out.varint(0);
  });
  out.buffer.writeUInt32BE(crc32c(out.buffer.subarray(crcAt + 4)), crcAt);
  return out.buffer;
}

/** Of a record behind its length: attributes, time, offset, key, value, no headers. */
function bodyBytes({ key, value }: LogRecord, index: number, delta: number): number {
  return 2 + varintBytes(delta) + varintBytes(index) + varintBytes(key.length) + key.length + varintBytes(value.length) + value.length;
}

/** Of a number that is not negative: it stands doubled, seven bits a byte. */
function varintBytes(value: number): number {
  let bytes = 1;
  for (let rest = 2 * value; rest > 127; rest = Math.floor(rest / 128)) bytes += 1;
  return bytes;
}

class Writer {
  readonly buffer: Buffer;
  at = 0;

  constructor(buffer: Buffer) {
    this.buffer = buffer;
  }

  int8(value: number): void {
    this.at = this.buffer.writeInt8(value, this.at);
  }

  int16(value: number): void {
    this.at = this.buffer.writeInt16BE(value, this.at);
  }

  int32(value: number): void {
    this.at = this.buffer.writeInt32BE(value, this.at);
  }

  int64(value: bigint): void {
    this.at = this.buffer.writeBigInt64BE(value, this.at);
  }

  varint(value: number): void {
    let rest = 2 * value;
    for (; rest > 127; rest = Math.floor(rest / 128)) this.at = this.buffer.writeUInt8(128 + (rest % 128), this.at);
    this.at = this.buffer.writeUInt8(rest, this.at);
  }

  bytes(value: Bytes): void {
    this.buffer.set(asBuffer(value), this.at);
    this.at += value.length;
  }
}
