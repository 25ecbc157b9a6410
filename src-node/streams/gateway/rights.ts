/** Who may do what with a stream, by the state of the head (docs/protocol/11 §4.13): read again in every block. */
import { equal, type Bytes } from '../../base/bytes.ts';
import { toSeconds, type Clock } from '../../base/clock.ts';
import type { ChannelRecord, StreamPlan, StreamRecord } from '../stream-chain.ts';
import type { ChainFacts } from './chain-facts.ts';
import { refusal } from './refusal.ts';
import type { TicketRecord } from './store.ts';

export interface ReadingRight {
  readonly stream: StreamRecord;
  readonly channel: ChannelRecord;
  readonly plan: StreamPlan;
}

export class Rights {
  readonly #gatewayId: Bytes;
  readonly #facts: ChainFacts;
  readonly #clock: Clock;

  constructor(options: { readonly gatewayId: Bytes }, modules: { readonly facts: ChainFacts; readonly clock: Clock }) {
    this.#gatewayId = options.gatewayId;
    this.#facts = modules.facts;
    this.#clock = modules.clock;
  }

  /** A stream, whether it names this gateway or not. @throws CHAIN_UNREACHABLE */
  record(streamId: Bytes): Promise<StreamRecord | null> {
    return this.#facts.stream(streamId);
  }

  /** A stream that names this gateway. @throws stream_unknown, stream_elsewhere */
  async stream(streamId: Bytes): Promise<StreamRecord> {
    const record = await this.#facts.stream(streamId);
    if (record === null) throw refusal('stream_unknown');
    if (!record.gateways.some((id) => equal(id, this.#gatewayId))) throw refusal('stream_elsewhere');
    return record;
  }

  /** @throws stream_unknown, stream_elsewhere, stream_retired, or `otherwise` when the address is not the publisher's */
  async publishing(streamId: Bytes, address: Bytes, otherwise: 'ticket_forged' | 'publisher_only' = 'publisher_only'): Promise<StreamRecord> {
    const record = await this.stream(streamId);
    if (!equal(record.publisher, address)) throw refusal(otherwise);
    if (record.status === 'ended') throw refusal('stream_retired');
    return record;
  }

  /** That a ticket is for this stream. @throws not_subscribed, publisher_only */
  named({ action, streams }: Pick<TicketRecord, 'action' | 'streams'>, streamId: Bytes): void {
    if (!streams.some((stream) => equal(stream, streamId))) throw refusal(action === 'publish' ? 'publisher_only' : 'not_subscribed');
  }

  /** That a ticket is the publisher's. @throws as `named` and `publishing` */
  async own(ticket: Pick<TicketRecord, 'action' | 'streams' | 'address'>, streamId: Bytes): Promise<void> {
    this.named(ticket, streamId);
    await this.publishing(streamId, ticket.address);
  }

  /** @throws stream_unknown, stream_elsewhere, channel_unknown, not_subscribed, ticket_forged, channel_closed */
  async reading(streamId: Bytes, channelId: Bytes, address: Bytes): Promise<ReadingRight> {
    const stream = await this.stream(streamId);
    const channel = await this.#facts.channel(channelId);
    if (channel === null) throw refusal('channel_unknown');
    if (!equal(channel.streamId, streamId)) throw refusal('not_subscribed');
    if (!equal(channel.payerKey, address)) throw refusal('ticket_forged');
    if (!this.#isOpen(channel)) throw refusal('channel_closed');
    const plan = await this.#facts.plan(streamId, channel.planHash);
    if (plan === null) throw refusal('not_subscribed');
    return { stream, channel, plan };
  }

  /** The right of a channel of this stream, whoever asks; null when it gives none now. @throws CHAIN_UNREACHABLE */
  async open(streamId: Bytes, channelId: Bytes): Promise<ReadingRight | null> {
    const [stream, channel] = await Promise.all([this.#facts.stream(streamId), this.#facts.channel(channelId)]);
    if (stream === null || channel === null || !equal(channel.streamId, streamId) || !this.#isOpen(channel)) return null;
    const plan = await this.#facts.plan(streamId, channel.planHash);
    return plan === null ? null : { stream, channel, plan };
  }

  /** Whether the channel was paid out: it comes back in no way. @throws CHAIN_UNREACHABLE */
  async isClosed(channelId: Bytes): Promise<boolean> {
    return (await this.#facts.channel(channelId))?.status === 'closed';
  }

  #isOpen(channel: ChannelRecord): boolean {
    return channel.status === 'open' && channel.expirySeconds > toSeconds(this.#clock.now());
  }
}
