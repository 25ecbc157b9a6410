import { GATEWAY_ERRORS } from './error-codes.ts';
import { errorAnswer, type toRefusal } from './refusal.ts';
import type { GatewayResponse } from './route.ts';
import { errorSchema } from './wire.ts';

export const JSON_TYPE = 'application/json; charset=utf-8';

/** What a refused request is answered with. */
export function refusalResponse(refused: ReturnType<typeof toRefusal>): GatewayResponse {
  const answer = errorAnswer(refused);
  const after = answer.retryAfterMillis === undefined ? {} : { 'retry-after': String(Math.ceil(answer.retryAfterMillis / 1000)) };
  return { status: GATEWAY_ERRORS[refused.code].status, headers: { 'content-type': JSON_TYPE, ...after }, body: JSON.stringify(errorSchema.encode(answer)) };
}
