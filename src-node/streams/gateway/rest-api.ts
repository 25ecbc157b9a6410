/** The REST calls of a gateway (docs/protocol/11 §4.13). No call keeps anything of its client: cursors say where to go on. */
import type { Bytes } from '../../base/bytes.ts';
import type { GatewayCore } from './gateway-core.ts';
import { GatewayRoutes, type Connections } from './gateway-routes.ts';
import { openApiOf } from './openapi.ts';
import { refusal, toRefusal } from './refusal.ts';
import { JSON_TYPE, refusalResponse } from './refusal-response.ts';
import type { GatewayRequest, GatewayResponse, Route, RouteAnswer, RouteCall, TicketRoute } from './route.ts';
import { StreamRoutes } from './stream-routes.ts';
import { MAX_BATCH_BYTES } from './wire.ts';
import { hashSchema } from './wire-codecs.ts';

const NO_ID = new Uint8Array(32);
const MAX_BODY_BYTES = 64 * 1024;
/** A batch in JSON. */
const MAX_BATCH_BODY_BYTES = Math.ceil((MAX_BATCH_BYTES * 4) / 3) + 1024;
const ID = /^(?:0x)?[0-9a-f]{64}$/;

export class RestApi {
  readonly #core: GatewayCore;
  readonly #routes: readonly Route[];
  readonly #description: string;

  constructor(core: GatewayCore, modules: { readonly connections: () => Connections }) {
    this.#core = core;
    this.#routes = [...new GatewayRoutes(core, modules).all(), ...new StreamRoutes(core).all()];
    this.#description = JSON.stringify(openApiOf(this.#routes));
  }

  /** Never rejects. */
  async answer(request: GatewayRequest): Promise<GatewayResponse> {
    this.#core.metrics.add('requests');
    try {
      this.#core.quotas.use('requestsPerSecond', 1, this.#core.consumer(request.network));
      return await this.#answered(request);
    } catch (error) {
      const refused = toRefusal(error);
      this.#core.metrics.refused(refused.code);
      if (refused.code === 'internal') this.#core.logger.error('a request failed', { method: request.method }, error);
      return refusalResponse(refused);
    }
  }

  /** The holder that a request of the old paths proves, and its stream; undefined when the path is none of them. */
  oldPath({ target }: Pick<GatewayRequest, 'target'>): { readonly streamId: Bytes; readonly query: URLSearchParams } | undefined {
    if (!this.#core.oldPaths) return undefined;
    const { path, query } = partsOf(target);
    const id = path.slice(1);
    return ID.test(id) ? { streamId: idOf(id), query } : undefined;
  }

  async #answered(request: GatewayRequest): Promise<GatewayResponse> {
    const { path, query } = partsOf(request.target);
    if (path === '/v1/openapi.json' && request.method === 'GET') return { status: 200, headers: { 'content-type': JSON_TYPE }, body: this.#description };
    const found = this.#find(request, path);
    const { route } = found;
    const asked = { id: found.id, query: Object.fromEntries(query), request };
    const limit = route.takesBytes === true ? MAX_BATCH_BODY_BYTES : MAX_BODY_BYTES;
    if (Number(request.headers['content-length'] ?? 0) > limit) throw refusal('body_too_large', { limit });
    const answer = route.ticket === 'none' ? await route.run({ ...asked, body: await request.body(limit) }) : await this.#proved(route, asked, limit);
    if (route.gives === null) return { status: 200, headers: { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' }, body: String(answer.body) };
    return { status: 200, headers: { 'content-type': JSON_TYPE, ...answer.headers }, body: JSON.stringify(answer.body) };
  }

  #find(request: GatewayRequest, path: string): { readonly route: Route; readonly id: Bytes } {
    const old = this.oldPath(request);
    const [, id] = /^\/v1\/(?:streams|channels)\/([^/]+)/.exec(path) ?? [];
    const template = old !== undefined ? '/v1/streams/{id}/batches' : id === undefined ? path : path.replace(id, '{id}');
    const named = this.#routes.filter((route) => route.path === template);
    if (named.length === 0) throw refusal('not_found');
    const route = named.find(({ method }) => method === request.method);
    if (route === undefined) throw refusal('method_not_allowed');
    if (old !== undefined) return { route, id: old.streamId };
    if (id !== undefined && !ID.test(id)) throw refusal('bad_request', { why: 'id' });
    return { route, id: id === undefined ? NO_ID : idOf(id) };
  }

  async #proved(route: TicketRoute, asked: Omit<RouteCall, 'body'>, limit: number): Promise<RouteAnswer> {
    const { request } = asked;
    const claim = this.#core.tickets.claimed(request.headers); // nothing of the body is read for a ticket that is not known
    const body = await request.body(limit);
    const holder = this.#core.tickets.proved(claim, { ...request, body });
    this.#core.quotas.use('requestsPerSecond', 1, this.#core.holderOnly(holder));
    this.#core.usage(holder).requests++;
    if (route.ticket === 'publish' && holder.action !== 'publish') throw refusal('publisher_only');
    if (route.ticket === 'subscribe' && holder.action !== 'subscribe') throw refusal('not_subscribed');
    return route.run({ ...asked, body, holder });
  }
}

function partsOf(target: string): { readonly path: string; readonly query: URLSearchParams } {
  const at = target.indexOf('?');
  return at < 0 ? { path: target, query: new URLSearchParams() } : { path: target.slice(0, at), query: new URLSearchParams(target.slice(at + 1)) };
}

function idOf(text: string): Bytes {
  return hashSchema.parse(text.startsWith('0x') ? text : `0x${text}`);
}
