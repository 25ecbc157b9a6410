/** The calls that are about no single stream: who the gateway is, tickets, vouchers, and what its users and its operator want to know. */
import { equal } from '../../base/bytes.ts';
import { jsonOf } from './checked.ts';
import type { GatewayCore } from './gateway-core.ts';
import type { Gauge } from './metrics.ts';
import { refusal } from './refusal.ts';
import type { Route } from './route.ts';
import type { Holder } from './tickets.ts';
import {
  channelAnswerSchema, healthAnswerSchema, helloSchema, ticketAnswerSchema, ticketRequestSchema, usageAnswerSchema, voucherSchema, type ChannelAnswer, type HealthAnswer, type Hello, type UsageAnswer,
} from './wire.ts';

/** What is open. */
export interface Connections {
  readonly count: number;
  readonly waitingBytes: number;
}

export class GatewayRoutes {
  readonly #core: GatewayCore;
  readonly #connections: () => Connections;
  readonly #startedAt = performance.now();

  constructor(core: GatewayCore, modules: { readonly connections: () => Connections }) {
    this.#core = core;
    this.#connections = modules.connections;
  }

  all(): readonly Route[] {
    return [
      { method: 'GET', path: '/v1/hello', summary: 'Who this gateway is, and a nonce for a ticket.', ticket: 'none', gives: helloSchema, refuses: [], run: () => Promise.resolve({ body: helloSchema.encode(this.#hello()) }) },
      {
        method: 'POST', path: '/v1/ticket', summary: 'A ticket for what was signed.', ticket: 'none', takes: ticketRequestSchema, gives: ticketAnswerSchema,
        refuses: ['wrong_chain', 'wrong_gateway', 'nonce_unknown', 'ticket_forged', 'ticket_expired', 'stream_unknown', 'stream_elsewhere', 'stream_retired', 'channel_unknown', 'channel_closed', 'not_subscribed'],
        run: async (call) => ({ body: ticketAnswerSchema.encode(await this.#core.giveTicket(jsonOf(call, ticketRequestSchema))) }),
      },
      {
        method: 'POST', path: '/v1/channels/{id}/voucher', summary: 'Takes a voucher; one that is not higher is answered with the best.', ticket: 'subscribe', takes: voucherSchema, gives: channelAnswerSchema,
        refuses: ['not_subscribed', 'channel_unknown', 'channel_closed', 'voucher_forged', 'voucher_invalid', 'voucher_over_deposit'],
        run: async (call) => {
          const { id, holder } = call;
          const voucher = jsonOf(call, voucherSchema);
          if (!equal(voucher.channelId, id)) throw refusal('bad_request', { why: 'channelId' });
          if (!equal(holder.entitlement, id)) throw refusal('not_subscribed');
          return { body: channelAnswerSchema.encode(await this.#core.voucher(voucher)) };
        },
      },
      {
        method: 'GET', path: '/v1/channels/{id}/voucher', summary: 'What is owed, and the best voucher that is known.', ticket: 'subscribe', gives: channelAnswerSchema, refuses: ['not_subscribed', 'channel_closed'],
        run: async ({ id, holder }) => {
          if (!equal(holder.entitlement, id)) throw refusal('not_subscribed');
          return { body: channelAnswerSchema.encode(await this.#channel(holder)) };
        },
      },
      { method: 'GET', path: '/v1/usage', summary: "What the ticket's holder has used, and what it may.", ticket: 'any', gives: usageAnswerSchema, refuses: [], run: async ({ holder }) => ({ body: usageAnswerSchema.encode(await this.#usage(holder)) }) },
      { method: 'GET', path: '/v1/health', summary: 'Whether the gateway is well.', ticket: 'none', gives: healthAnswerSchema, refuses: [], run: () => Promise.resolve({ body: healthAnswerSchema.encode(this.#health()) }) },
      { method: 'GET', path: '/metrics', summary: 'Counters for Prometheus.', ticket: 'none', gives: null, refuses: [], run: () => Promise.resolve({ body: this.#core.metrics.text(this.#gauges()) }) },
    ];
  }

  #hello(): Hello {
    const { chain, gatewayId, clock, nonces } = this.#core;
    const head = chain.head();
    return { protocol: 1, gatewayId, chainId: chain.chainId, genesisHash: chain.genesisHash, head: head === null ? null : { number: head.number, time: head.timeMillis }, time: clock.now(), nonce: nonces.draw() };
  }

  async #channel({ streams, entitlement, address }: Holder): Promise<ChannelAnswer> {
    const [streamId] = streams;
    if (streamId === undefined) throw refusal('not_subscribed');
    const right = await this.#core.rights.reading(streamId, entitlement, address);
    return (await this.#core.host(streamId)).account(right).answer(right.channel);
  }

  async #usage(holder: Holder): Promise<UsageAnswer> {
    const { quotas } = this.#core;
    const { ticket = '' } = this.#core.holderOnly(holder);
    const channel = holder.action === 'subscribe' ? await this.#channel(holder) : null;
    return { ...this.#core.usage(holder), action: holder.action, streams: [...holder.streams], expSeconds: holder.expirySeconds, sockets: quotas.socketsOf(ticket), limits: quotas.limits, channel };
  }

  #health(): HealthAnswer {
    const { chain, engine, streams, stopping } = this.#core;
    const head = chain.head();
    const faults = [...(head === null ? ['the chain has no head'] : []), ...(stopping.signal.aborted ? ['stopping'] : [])];
    return { ok: faults.length === 0, engine: engine.kind, head: head?.number ?? null, streams: streams.length, sockets: this.#connections().count, uptimeSeconds: Math.floor((performance.now() - this.#startedAt) / 1000), faults };
  }

  #gauges(): readonly Gauge[] {
    const { streams, chain } = this.#core;
    const connections = this.#connections();
    return [
      { name: 'streams', help: 'Streams that are open.', value: streams.length },
      { name: 'sockets', help: 'Connections that are open.', value: connections.count },
      { name: 'waiting_bytes', help: 'Bytes that slow connections have not taken yet.', value: connections.waitingBytes },
      { name: 'ring_bytes', help: 'Bytes of batches that are kept in memory.', value: streams.reduce((sum, { tail }) => sum + tail.ringBytes, 0) },
      { name: 'chain_head', help: 'Number of the newest block.', value: Number(chain.head()?.number ?? 0n) },
      { name: 'resident_bytes', help: 'Memory of the process.', value: process.memoryUsage.rss() },
    ];
  }
}
