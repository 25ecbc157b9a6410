/**
 * A mandate is what a person signed once on a sheet so that a later step needs no second sheet: these methods of this contract
 * for this order or listing, up to this much gas and value, until then. It is checked here, where the key is, and nowhere else.
 */
import { z } from 'zod';
import { equal, hexOf, type Bytes } from '../base/bytes.ts';
import type { Millis } from '../base/clock.ts';
import { CodedError } from '../base/errors.ts';
import { bytesSchema } from '../base/schema.ts';

/** Uses whose transaction may still be replaced. */
export const MAX_REMEMBERED = 64;

export const mandateSchema = z.object({
  id: z.string().min(1).max(80),
  account: bytesSchema(20),
  chainId: z.bigint().positive(),
  contract: bytesSchema(20),
  /** Four-byte selectors. */
  methods: z.array(bytesSchema(4)).min(1).max(8),
  /** The call's first argument must be this order or listing; null where the methods carry none that is known in advance. */
  subject: bytesSchema(32).nullable(),
  maxValue: z.bigint().nonnegative(),
  maxGas: z.bigint().positive(),
  maxGasPrice: z.bigint().positive(),
  /** How many transactions it still covers. */
  uses: z.number().int().min(0).max(100_000),
  /** Nonces that took the latest uses: of all transactions of one nonce the chain takes one, so another with it is the same use. */
  usedNonces: z.array(z.bigint().nonnegative()).max(MAX_REMEMBERED).default([]),
  expiresAtMillis: z.number().int().positive(),
});
export type Mandate = z.infer<typeof mandateSchema>;

/** As a person signs it: nothing of it is used. */
export const newMandateSchema = mandateSchema.omit({ usedNonces: true });
export type NewMandate = z.infer<typeof newMandateSchema>;

export interface MandatedCall {
  readonly account: Bytes;
  readonly chainId: bigint;
  readonly nonce: bigint;
  readonly to: Bytes | null;
  readonly value: bigint;
  readonly gasLimit: bigint;
  readonly gasPrice: bigint;
  readonly payload: Bytes;
}

/** @throws MANDATE_REFUSED naming the first rule that does not hold */
export function checkMandate(mandate: Mandate, call: MandatedCall, now: Millis): void {
  const rules: readonly (readonly [boolean, string])[] = [
    [now < mandate.expiresAtMillis, 'it has run out'],
    [mandate.uses > 0 || mandate.usedNonces.includes(call.nonce), 'it is used up'],
    [equal(call.account, mandate.account), 'another account'],
    [call.chainId === mandate.chainId, 'another chain'],
    [call.to !== null && equal(call.to, mandate.contract), 'another contract'],
    [call.value <= mandate.maxValue, 'more money than agreed'],
    [call.gasLimit <= mandate.maxGas, 'a higher fee than agreed'],
    [call.payload.length >= 4 && mandate.methods.some((method) => equal(method, call.payload.subarray(0, 4))), 'another method'],
    [mandate.subject === null || equal(mandate.subject, call.payload.subarray(4, 36)), 'another order or listing'],
    [call.gasPrice <= mandate.maxGasPrice, 'a higher fee than agreed'],
  ];
  const broken = rules.find(([holds]) => !holds);
  if (broken === undefined) return;
  throw new CodedError('MANDATE_REFUSED', `The standing permission does not cover this transaction: ${broken[1]}.`, {
    help: 'Sign it yourself on a sheet.',
    // With all else right, a lower price would do.
    meta: { rule: broken[1], method: hexOf(call.payload.subarray(0, 4)), ...(broken === rules.at(-1) ? { maxGasPrice: mandate.maxGasPrice.toString() } : {}) },
  });
}
