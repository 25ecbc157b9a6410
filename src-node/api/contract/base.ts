/**
 * The pieces every procedure is built from. Inputs come from outside and are validated here with size limits; outputs are
 * typed only. Money is `bigint` in the base unit (10^18 = 1 CPC), times are milliseconds since the epoch, bytes are "0x" hex.
 */
import { oc, type } from '@orpc/contract';
import { z } from 'zod';
import type { ErrorJson } from '../../base/errors.ts';

export { type };

/** Every failure that has a name arrives as this one error, with the coded error as data. */
export const procedure = oc.errors({ CODED: { data: type<ErrorJson>() } });

export const addressSchema = z.string().regex(/^0x[0-9a-fA-F]{40}$/);
export const hashSchema = z.string().regex(/^0x[0-9a-f]{64}$/);
/** Base units; at most 2^128 - 1, as in the contracts. */
export const amountSchema = z.bigint().nonnegative().max((1n << 128n) - 1n);
export const idSchema = z.string().min(1).max(80);
export const passwordSchema = z.string().min(1).max(1024);
export const nameSchema = z.string().trim().min(1).max(80);

/** "0x" + 40 hex digits, EIP-55 checksummed in outputs. */
export type Address = string;
/** "0x" + 64 lower-case hex digits. */
export type Hash = string;
/** Base units. */
export type Amount = bigint;
/** Milliseconds since the epoch. */
export type Time = number;
