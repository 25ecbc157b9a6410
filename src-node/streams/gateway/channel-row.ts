/** What one instance of a gateway knows of a channel, as it stands in the stream's `keys` table. */
import { z } from 'zod';
import { utf8, type Bytes } from '../../base/bytes.ts';
import { SeqSet } from './seq-set.ts';
import { voucherSchema, type SignedVoucher } from './wire.ts';
import { pointSchema } from './wire-codecs.ts';

export interface ChannelRow {
  publicKey: Bytes | null;
  voucher: SignedVoucher | null;
  /** Frames that this instance delivered, whether others did too or not. */
  owed: bigint;
  readonly delivered: SeqSet;
  /** Epochs, both included, ascending. */
  paid: readonly (readonly [number, number])[];
  /** Frames of the largest batch that it delivered. */
  largest: number;
  forgiven: {
    /** Of what this instance forgave, that which it had in no span. */
    readonly unnamed: bigint;
    /** All that it forgave. */
    readonly units: bigint;
  };
}

const natural = z.string().regex(/^[0-9]{1,20}$/).transform((text) => BigInt(text));
const rowSchema = z.object({
  publicKey: pointSchema.nullable(),
  voucher: voucherSchema.nullable(),
  owed: natural,
  /** From, and behind the last. */
  delivered: z.array(z.tuple([natural, natural])),
  paid: z.array(z.tuple([z.int(), z.int()])),
  largest: z.int().min(0).default(0),
  forgiven: z.object({ unnamed: natural, units: natural }).default(nothingForgiven),
});

/** A row stays below what a table holds. Older spans go first: reading them again is then owed again. */
const MAX_SPANS = 500;

export function newRow(): ChannelRow {
  return { publicKey: null, voucher: null, owed: 0n, delivered: new SeqSet(), paid: [], largest: 0, forgiven: nothingForgiven() };
}

export function readRow(bytes: Bytes): ChannelRow {
  const row = rowSchema.parse(JSON.parse(Buffer.from(bytes).toString('utf8')));
  return { ...row, delivered: new SeqSet(row.delivered) };
}

export function rowBytes({ publicKey, voucher, owed, delivered, paid, largest, forgiven }: ChannelRow): Bytes {
  const row = {
    publicKey: publicKey === null ? null : pointSchema.encode(publicKey),
    voucher: voucher === null ? null : voucherSchema.encode(voucher),
    owed: owed.toString(),
    delivered: delivered.spans().slice(-MAX_SPANS).map(([from, end]) => [from.toString(), end.toString()]),
    paid: paid.slice(-MAX_SPANS),
    largest,
    forgiven: { unnamed: forgiven.unnamed.toString(), units: forgiven.units.toString() },
  };
  return utf8(JSON.stringify(row));
}

function nothingForgiven(): ChannelRow['forgiven'] {
  return { unnamed: 0n, units: 0n };
}
