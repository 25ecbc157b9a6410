/** The calls about one stream: what it is, its batches, its keys, its sample. */
import { z } from 'zod';
import { equal, type Bytes } from '../../base/bytes.ts';
import { millis } from '../../base/clock.ts';
import { BatchesReading, batchesQuery } from './batches-answer.ts';
import { checked, jsonOf, whole } from './checked.ts';
import type { GatewayCore } from './gateway-core.ts';
import { RECENT_INTERVAL_MILLIS } from './recent-counts.ts';
import { refusal } from './refusal.ts';
import type { Route, RouteAnswer, TicketCall } from './route.ts';
import { epochAt, startOfEpoch } from './stream-epochs.ts';
import {
  batchesAnswerSchema, cursorAnswerSchema, doneSchema, keysAnswerSchema, keysRequestSchema, peekAnswerSchema, peekKeyRequestSchema, publishRequestSchema, receiptSchema, streamFactsSchema,
  subscribersAnswerSchema, type PeekAnswer, type StreamFacts,
} from './wire.ts';

const BYTES_TYPE = 'application/octet-stream';
const PEEK_BATCHES = 64;
const PEEK_BYTES = 1024 * 1024;

const publishQuery = z.object({ gap: z.literal('allow').optional() });
const atQuery = z.object({ ts: whole });
const keysQuery = z.object({ from: whole, to: whole });

export class StreamRoutes {
  readonly #core: GatewayCore;
  readonly #reading: BatchesReading;

  constructor(core: GatewayCore) {
    this.#core = core;
    this.#reading = new BatchesReading(core);
  }

  all(): readonly Route[] {
    return [
      {
        method: 'GET', path: '/v1/streams/{id}', summary: 'What anyone may know of a stream.', ticket: 'none', gives: streamFactsSchema, refuses: ['stream_unknown', 'stream_elsewhere'],
        run: async ({ id }) => ({ body: streamFactsSchema.encode(await this.#facts(id)) }),
      },
      {
        method: 'POST', path: '/v1/streams/{id}/batches', summary: 'Publishes one signed batch; the same again gives the same receipt.', ticket: 'publish', query: publishQuery, takes: publishRequestSchema, takesBytes: true, gives: receiptSchema,
        refuses: ['publisher_only', 'batch_too_large', 'batch_invalid', 'batch_forged', 'batch_out_of_order', 'batch_conflict', 'stream_retired', 'log_restored', 'log_full', 'quota_bytes'],
        run: (call) => this.#publish(call),
      },
      {
        method: 'GET', path: '/v1/streams/{id}/batches', summary: 'Reads on from a cursor, and waits for more when asked to.', ticket: 'subscribe', query: batchesQuery, gives: batchesAnswerSchema,
        refuses: ['not_subscribed', 'channel_closed', 'stream_retired', 'pay_required', 'deposit_used', 'cursor_invalid', 'cursor_too_old', 'quota_bytes'],
        run: (call) => this.#reading.read(call),
      },
      {
        method: 'GET', path: '/v1/streams/{id}/at', summary: 'The cursor of a time.', ticket: 'any', query: atQuery, gives: cursorAnswerSchema, refuses: ['not_subscribed'],
        run: async ({ id, query, holder }) => {
          this.#core.rights.named(holder, id);
          const stream = await this.#core.host(id);
          return { body: { cursor: stream.cursor(await stream.placeAt(millis(checked(atQuery, query).ts))) } };
        },
      },
      {
        method: 'GET', path: '/v1/streams/{id}/keys', summary: "Envelopes with this subscriber's keys.", ticket: 'subscribe', query: keysQuery, gives: keysAnswerSchema, refuses: ['not_subscribed', 'epoch_unavailable'],
        run: async ({ id, query, holder }) => {
          this.#core.rights.named(holder, id);
          await this.#core.rights.reading(id, holder.entitlement, holder.address);
          const { from, to } = checked(keysQuery, query);
          const envelopes = (await this.#core.host(id)).envelopes(holder.entitlement, from, to);
          if (envelopes.length === 0) throw refusal('epoch_unavailable');
          return { body: keysAnswerSchema.encode({ envelopes: [...envelopes] }) };
        },
      },
      {
        method: 'POST', path: '/v1/streams/{id}/keys', summary: 'Brings the keys of one subscriber.', ticket: 'publish', takes: keysRequestSchema, gives: doneSchema, refuses: ['publisher_only', 'channel_unknown'],
        run: async (call) => {
          const { id, holder } = call;
          const keys = jsonOf(call, keysRequestSchema);
          await this.#core.rights.own(holder, id);
          if ((await this.#core.rights.open(id, keys.channelId)) === null) throw refusal('channel_unknown');
          await (await this.#core.host(id)).putEnvelope(keys);
          return { body: { done: true } };
        },
      },
      {
        method: 'GET', path: '/v1/streams/{id}/subscribers', summary: 'Whom the publisher seals keys for.', ticket: 'publish', gives: subscribersAnswerSchema, refuses: ['publisher_only'],
        run: async ({ id, holder }) => {
          await this.#core.rights.own(holder, id);
          return { body: subscribersAnswerSchema.encode({ subscribers: [...(await (await this.#core.host(id)).subscribers())] }) };
        },
      },
      {
        method: 'POST', path: '/v1/streams/{id}/peek-key', summary: 'Makes one epoch public.', ticket: 'publish', takes: peekKeyRequestSchema, gives: doneSchema, refuses: ['publisher_only'],
        run: async (call) => {
          const { id, holder } = call;
          const key = jsonOf(call, peekKeyRequestSchema);
          await this.#core.rights.own(holder, id);
          await (await this.#core.host(id)).putPeekKey(key);
          return { body: { done: true } };
        },
      },
      {
        method: 'GET', path: '/v1/streams/{id}/peek', summary: 'A free sample: batches of the public epoch, and its keys.', ticket: 'none', gives: peekAnswerSchema, refuses: ['stream_unknown', 'epoch_unavailable', 'quota_peek'],
        run: async ({ id, request }) => ({ body: peekAnswerSchema.encode(await this.#peek(id, request.network)) }),
      },
    ];
  }

  async #facts(id: Bytes): Promise<StreamFacts> {
    const record = await this.#core.rights.stream(id);
    const stream = await this.#core.host(id);
    const { first, next } = await stream.bounds();
    const { last, nextSeq } = stream.tail;
    return {
      ...record,
      gateways: [...record.gateways],
      epoch: epochAt(record, this.#core.clock.now()),
      first,
      next,
      tail: last === null || nextSeq === null ? null : { nextSeq, batchHash: last.hash, generation: last.generation, epoch: last.epoch, time: last.timeMillis, header: last.header },
      recent: { intervalMillis: RECENT_INTERVAL_MILLIS, frames: [...stream.tail.recent(this.#core.clock.now())] },
      retentionMillis: stream.retentionMillis,
      limits: this.#core.quotas.limits,
      peek: stream.peekKey !== null,
    };
  }

  async #publish(call: TicketCall): Promise<RouteAnswer> {
    const { id, query, request, holder } = call;
    const isBytes = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase() === BYTES_TYPE;
    const bytes = isBytes ? call.body : jsonOf(call, publishRequestSchema).batch;
    if (!equal(bytes.subarray(4, 36), id)) throw refusal('batch_invalid', { why: 'streamId' });
    const { receipt } = await this.#core.publish(bytes, holder, this.#core.consumer(request.network, holder), { gap: checked(publishQuery, query).gap !== undefined });
    return { body: receiptSchema.encode(await receipt) };
  }

  async #peek(id: Bytes, network: string): Promise<PeekAnswer> {
    const record = await this.#core.rights.stream(id);
    const stream = await this.#core.host(id);
    const key = stream.peekKey;
    if (key === null) throw refusal('epoch_unavailable');
    this.#core.quotas.use('peeksPerDay', 1, this.#core.consumer(network));
    const reader = stream.reader(await stream.placeAt(startOfEpoch(record, key.epoch)));
    const batches: Bytes[] = [];
    for (let bytes = 0; ; ) {
      const items = await reader.next(PEEK_BATCHES);
      for (const item of items) {
        const { entry } = item;
        bytes += entry.batch.length;
        const isOver = entry.generation !== key.generation ? entry.generation > key.generation : entry.epoch > key.epoch;
        if (isOver || batches.length >= PEEK_BATCHES || bytes > PEEK_BYTES) return { ...key, batches };
        if (entry.epoch === key.epoch && entry.generation === key.generation) batches.push(entry.batch);
        reader.passed(item);
      }
      if (items.length === 0) return { ...key, batches };
    }
  }
}
