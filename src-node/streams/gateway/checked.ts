/** Takes apart what a request says, within the bounds of its schema. */
import { z } from 'zod';
import { refusal } from './refusal.ts';
import type { RouteCall } from './route.ts';

/** A whole number in an address. */
export const whole = z.string().regex(/^[0-9]{1,15}$/).transform(Number);

/** @throws bad_request */
export function jsonOf<Schema extends z.ZodType>({ body }: Pick<RouteCall, 'body'>, schema: Schema): z.infer<Schema> {
  let json: unknown;
  try {
    json = JSON.parse(Buffer.from(body).toString('utf8'));
  } catch (error) {
    throw refusal('bad_request', { why: 'JSON' }, error);
  }
  return checked(schema, json);
}

/** @throws bad_request */
export function checked<Schema extends z.ZodType>(schema: Schema, value: unknown): z.infer<Schema> {
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw refusal('bad_request', { why: parsed.error.issues[0]?.path.join('.') ?? '' });
  return parsed.data;
}
