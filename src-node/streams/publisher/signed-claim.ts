/**
 * What a gateway says of batches that nobody here has seen counts only with what the publisher's key signed of them: a listed gateway
 * could stop the stream everywhere by a word otherwise.
 */
import { equal, type Bytes } from '../../base/bytes.ts';
import type { Millis } from '../../base/clock.ts';
import { CodedError, isCoded } from '../../base/errors.ts';
import type { TypedDomain } from '../../contracts/typed-data.ts';
import { BATCH_HEADER_BYTES, decodeBatchHeader, nextSeq, verifyBatchHeader } from '../format/batch.ts';
import type { StreamPosition } from '../format/seal-run.ts';
import type { StreamFacts } from '../gateway/wire.ts';
import type { OutboxPlace } from './outbox.ts';

export interface ClaimDomain {
  readonly streamId: Bytes;
  /** Accounts that the chain ever named for it, 20 bytes each, that of now last. */
  readonly publishers: readonly Bytes[];
  /** Of PDStream. */
  readonly domain: TypedDomain;
}

/** Where a stream ends at a gateway. */
export interface ProvedTail extends StreamPosition {
  /** When its last batch was closed, as the publisher signed it. */
  readonly closedAt: Millis;
}

/** Behind the last batch of a gateway, which an account of before may have signed; null while it has none. @throws BAD_TAIL */
export function provedTail(tail: StreamFacts['tail'], by: ClaimDomain): ProvedTail | null {
  if (tail === null) return null;
  const signed = by.publishers.reduce<SignedPlace | null>((found, publisher) => found ?? signedBatch(tail.header, publisher, by), null);
  if (signed?.nextSeq === tail.nextSeq && equal(signed.hash, tail.batchHash)) return { nextSeq: tail.nextSeq, prevBatchHash: tail.batchHash, closedAt: signed.closedAt };
  throw new CodedError('BAD_TAIL', 'A gateway says that the stream ends elsewhere than its publisher ever signed.', { help: 'Take it off the list if the stream is yours, and tell its operator. The other gateways are not touched by it.', meta: { nextSeq: tail.nextSeq.toString() } });
}

/**
 * Of a refused batch and the header that the gateway shows for what it has instead.
 * @returns whether another batch was signed for numbers of it @throws BAD_CONFLICT when that is not shown
 */
export function requireConflict(refused: OutboxPlace, header: unknown, by: ClaimDomain): void {
  const publisher = by.publishers.at(-1); // who holds a key of before stops nobody
  const signed = publisher !== undefined && typeof header === 'string' && header.length <= MAX_HEADER_TEXT ? signedBatch(new Uint8Array(Buffer.from(header, 'base64')), publisher, by) : null;
  if (signed !== null && signed.firstSeq < refused.nextSeq && refused.firstSeq < signed.nextSeq && !equal(signed.hash, refused.hash)) return;
  throw new CodedError('BAD_CONFLICT', 'A gateway says that it has another batch under numbers of this one, and shows none that this publisher signed. Nothing is sent to it.', { help: 'Take it off the list of the stream, and tell its operator. The other gateways are not touched by it.', meta: { firstSeq: refused.firstSeq.toString() } });
}

const MAX_HEADER_TEXT = 4 * Math.ceil(BATCH_HEADER_BYTES / 3);

interface SignedPlace extends Omit<OutboxPlace, 'number'> {
  readonly closedAt: Millis;
}

function signedBatch(header: Bytes, publisher: Bytes, { streamId, domain }: ClaimDomain): SignedPlace | null {
  try {
    const decoded = decodeBatchHeader(header);
    verifyBatchHeader(decoded, domain, publisher);
    return equal(decoded.fields.streamId, streamId) ? { firstSeq: decoded.fields.firstSeq, nextSeq: nextSeq(decoded.fields), hash: decoded.hash, closedAt: decoded.fields.timeMillis } : null;
  } catch (error) {
    if (isCoded(error, 'BAD_BATCH')) return null;
    throw error;
  }
}
