/** The description of a gateway's REST calls (OpenAPI 3.1), made from the routes and the schemas that check them. */
import { z } from 'zod';
import { GATEWAY_ERRORS, type GatewayErrorCode } from './error-codes.ts';
import type { Route } from './route.ts';
import { errorSchema, HEADERS } from './wire.ts';

type Json = Readonly<Record<string, unknown>>;

const EVERYWHERE: readonly GatewayErrorCode[] = ['bad_request', 'host_refused', 'body_too_large', 'quota_rate', 'chain_unavailable', 'log_unavailable', 'stopping', 'internal'];
const WITH_TICKET: readonly GatewayErrorCode[] = ['ticket_required', 'ticket_unknown', 'ticket_expired', 'clock_skew', 'proof_forged', 'proof_replayed'];
const TICKET_HEADERS: readonly (readonly [name: string, pattern: string, description: string])[] = [
  [HEADERS.ticket, '^[A-Za-z0-9_-]{43}$', 'The ticket.'],
  [HEADERS.time, '^[0-9]{1,15}$', 'Milliseconds since 1970, within a minute of the gateway.'],
  [HEADERS.random, '^[0-9a-f]{32}$', '16 random bytes, other ones for every request.'],
  [HEADERS.proof, '^[0-9a-f]{130}$', 'Signature (r, s, v) by the client key over keccak-256 of "PDP1", the ticket, method, a space, path with query, SHA-256 of the body, u64 of the time and the random bytes.'],
];

export function openApiOf(routes: readonly Route[]): Json {
  const paths: Record<string, Record<string, Json>> = {};
  for (const route of routes) paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operationOf(route) };
  return {
    openapi: '3.1.0',
    info: { title: 'PDash gateway', version: '1', description: 'Encrypted live streams, docs/protocol/11 §4.13. The WebSocket at /v1/ws (subprotocol pdash.1) carries the same schemas.' },
    paths,
    components: { schemas: { Error: schemaOf(errorSchema) } },
  };
}

function operationOf(route: Route): Json {
  const content = { ...(route.takes === undefined ? {} : { 'application/json': { schema: schemaOf(route.takes) } }), ...(route.takesBytes === true ? { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } } : {}) };
  const answer = route.gives === null ? { 'text/plain': { schema: { type: 'string' } } } : { 'application/json': { schema: schemaOf(route.gives) } };
  return {
    summary: route.summary,
    parameters: [
      ...(route.path.includes('{id}') ? [{ name: 'id', in: 'path', required: true, schema: { type: 'string', pattern: '^(0x)?[0-9a-f]{64}$' } }] : []),
      ...queryOf(route),
      ...(route.ticket === 'none' ? [] : TICKET_HEADERS.map(([name, pattern, description]) => ({ name, in: 'header', required: true, description, schema: { type: 'string', pattern } }))),
    ],
    ...(Object.keys(content).length === 0 ? {} : { requestBody: { required: true, content } }),
    responses: { 200: { description: 'Done.', content: answer }, ...refusalsOf([...EVERYWHERE, ...(route.ticket === 'none' ? [] : WITH_TICKET), ...route.refuses]) },
  };
}

function queryOf({ query }: Route): readonly Json[] {
  if (query === undefined) return [];
  return Object.entries(query.shape).map(([name, schema]) => ({ name, in: 'query', required: !z.safeParse(schema as z.ZodType, undefined).success, schema: schemaOf(schema as z.ZodType) }));
}

/** One entry for each status, with the codes that have it. */
function refusalsOf(codes: readonly GatewayErrorCode[]): Json {
  const byStatus = Map.groupBy(new Set(codes), (code) => String(GATEWAY_ERRORS[code].status));
  return Object.fromEntries([...byStatus].map(([status, named]) => [status, { description: named.join(', '), content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } } }]));
}

/** What stands on the wire: the input of a codec. */
function schemaOf(schema: z.ZodType): Json {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return rest;
}
