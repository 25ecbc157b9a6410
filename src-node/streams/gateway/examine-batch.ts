/** What a gateway asks of a batch before it goes to a log, from the cheap to the dear. */
import type { Bytes } from '../../base/bytes.ts';
import type { Millis } from '../../base/clock.ts';
import { isCoded } from '../../base/errors.ts';
import type { TypedDomain } from '../../contracts/typed-data.ts';
import { decodeBatch, MAX_BATCH_BYTES, verifyBatch, type DecodedBatch } from '../format/batch.ts';
import type { StreamRecord } from '../stream-chain.ts';
import { refusal } from './refusal.ts';
import { epochAt } from './stream-epochs.ts';

/** Its size and form. @throws batch_too_large, batch_invalid */
export function readBatch(bytes: Bytes): DecodedBatch {
  if (bytes.length > MAX_BATCH_BYTES) throw refusal('batch_too_large', { bytes: bytes.length });
  try {
    return decodeBatch(bytes);
  } catch (error) {
    if (!isCoded(error, 'BAD_BATCH')) throw error;
    throw refusal('batch_invalid', { why: error.meta['why'] ?? null }, error);
  }
}

/** Its signature and frames, and that its time has come. @param by.domain of PDStream @throws batch_forged, batch_invalid */
export function examineBatch(batch: DecodedBatch, record: StreamRecord, by: { readonly domain: TypedDomain; readonly now: Millis }): void {
  const { fields } = batch;
  const firstSeq = fields.firstSeq.toString();
  try {
    verifyBatch(batch, by.domain, record.publisher);
  } catch (error) {
    if (!isCoded(error, 'BAD_BATCH')) throw error;
    const why = error.meta['why'] ?? null;
    throw refusal(why === 'framesRoot' ? 'batch_invalid' : 'batch_forged', { why, firstSeq }, error);
  }
  if (fields.generation > record.generation) throw refusal('batch_invalid', { why: 'generation', firstSeq });
  // readers pay by the epoch: none comes before its time, but for a clock that is a little off
  if (fields.epoch > epochAt(record, by.now) + 1) throw refusal('batch_invalid', { why: 'epoch', firstSeq });
}
