/** Reading by request: a cursor says where to go on, and nothing of its client is kept. */
import { z } from 'zod';
import type { ChannelAccount } from './channel-account.ts';
import { checked, whole } from './checked.ts';
import type { GatewayCore } from './gateway-core.ts';
import type { HostedStream } from './hosted-stream.ts';
import type { Consumer } from './quotas.ts';
import { refusal } from './refusal.ts';
import type { RouteAnswer, TicketCall } from './route.ts';
import type { StreamReader } from './stream-reader.ts';
import type { Holder } from './tickets.ts';
import { batchesAnswerSchema, HEADERS, MAX_BATCHES, MAX_WAIT_MILLIS, type BatchesAnswer } from './wire.ts';

/** Bytes of batches in one answer, but for the first. */
const MAX_ANSWER_BYTES = 2 * 1024 * 1024;

export const batchesQuery = z.object({
  cursor: z.string().max(128).default('earliest'),
  max: whole.pipe(z.number().min(1).max(MAX_BATCHES)).default(MAX_BATCHES),
  waitMs: whole.pipe(z.number().max(MAX_WAIT_MILLIS)).default(0),
});

interface ReadingTerms {
  readonly stream: HostedStream;
  readonly max: number;
  readonly deposit: bigint;
  readonly account: ChannelAccount;
  readonly consumer: Consumer;
  readonly holder: Holder;
}

export class BatchesReading {
  readonly #core: GatewayCore;

  constructor(core: GatewayCore) {
    this.#core = core;
  }

  /** What there is from a cursor on, after waiting for it when that is asked for. */
  async read({ id, query, request, holder }: TicketCall): Promise<RouteAnswer> {
    this.#core.rights.named(holder, id);
    const { cursor, max, waitMs } = checked(batchesQuery, query);
    const right = await this.#core.rights.reading(id, holder.entitlement, holder.address);
    const stream = await this.#core.host(id);
    const account = stream.account(right);
    const reader = stream.reader(await stream.placeOf(cursor));
    if (reader.atEnd && right.stream.status === 'ended') throw refusal('stream_retired');
    if (reader.atEnd && waitMs > 0) {
      await reader.grown(AbortSignal.any([request.signal, this.#core.stopping.signal, AbortSignal.timeout(waitMs)]));
      await this.#core.rights.reading(id, holder.entitlement, holder.address); // it may have ended while it waited
    }
    const items = await this.#items(reader, { stream, max, deposit: right.channel.deposit, account, consumer: this.#core.consumer(request.network, holder), holder });
    return { body: batchesAnswerSchema.encode({ items, next: stream.cursor(reader.place) }), headers: { [HEADERS.owed]: account.owed.toString() } };
  }

  /** What may be given now. Nothing at all for a reason is refused with that reason. */
  async #items(reader: StreamReader, { stream, max, deposit, account, consumer, holder }: ReadingTerms): Promise<BatchesAnswer['items']> {
    const { quotas, metrics } = this.#core;
    const items: BatchesAnswer['items'] = [];
    let bytes = 0;
    let batches = 0;
    for (;;) {
      const found = await reader.next(max - batches);
      for (const item of found) {
        const { entry, gap } = item;
        const admission = account.admit(entry, deposit);
        if (admission === 'unpaid') {
          items.push({ gap: { from: gap?.from ?? entry.firstSeq, to: entry.endSeq - 1n, reason: 'unpaid' } });
          reader.passed(item);
          continue;
        }
        if (admission === 'serve' && bytes + entry.batch.length > MAX_ANSWER_BYTES && batches > 0) return items;
        const hasSome = items.length > 0;
        if (admission !== 'serve') {
          if (hasSome) return items;
          if (admission === 'deposit') throw refusal('deposit_used');
          throw refusal('pay_required', { owed: account.owed.toString(), signed: account.signed.toString(), window: account.plan.window, epochTo: account.plan.kind === 'period' ? entry.epoch : null });
        }
        if (hasSome && quotas.wait('readBytesPerSecond', entry.batch.length, consumer) > 0) return items;
        quotas.use('readBytesPerSecond', entry.batch.length, consumer);
        if (gap !== null) {
          items.push({ gap });
          metrics.add('gaps');
        }
        items.push({ offset: entry.offset, batch: entry.batch });
        reader.passed(item);
        account.delivered(entry);
        stream.outbound.add(entry.batch.length);
        bytes += entry.batch.length;
        batches++;
        this.#core.countRead(holder, entry.batch.length, Number(entry.endSeq - entry.firstSeq));
      }
      if (found.length === 0 || batches >= max || items.length >= 2 * MAX_BATCHES) return items;
    }
  }
}
