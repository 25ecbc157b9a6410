/** From a file to a listing. A draft survives restarts; every step may be done again until the signature. */
import { z } from 'zod';
import type { ErrorJson } from '../../base/errors.ts';
import { addressSchema, amountSchema, idSchema, procedure, type, type Amount, type Address, type Time } from './base.ts';
import { CATEGORIES, type Column } from './market.ts';
import type { Proposal } from './proposal.ts';

export const describeSchema = z.object({
  title: z.string().trim().min(3).max(120),
  titleZh: z.string().trim().max(120).optional(),
  summary: z.string().trim().max(300),
  description: z.string().max(20_000),
  category: z.enum(CATEGORIES),
  tags: z.array(z.string().trim().min(1).max(40)).max(12),
  personalData: z.boolean(),
  preview: z.boolean(),
});
export type Description = z.infer<typeof describeSchema>;

export const termsSchema = z.object({
  price: amountSchema,
  bond: amountSchema,
  licenceId: z.string().max(20),
  seller: addressSchema,
});

export interface DraftView {
  readonly id: string;
  readonly state: 'reading' | 'draft' | 'packing' | 'storing' | 'verifying' | 'packed' | 'signing' | 'published' | 'failed';
  readonly file: { readonly name: string; readonly bytes: number };
  readonly profile: { readonly format: string; readonly rows: number | null; readonly columns: readonly Column[]; readonly preview: { readonly header: readonly string[]; readonly rows: readonly (readonly string[])[] } | null; readonly problem: string | null } | null;
  readonly description: Description | null;
  readonly places: readonly { readonly id: 'folder' | 'ipfs'; readonly label: string; readonly chosen: boolean; /** Answers while this computer is off. */ readonly outside: boolean; readonly tested: boolean; readonly problem: ErrorJson | null }[];
  /** The seller's tick that buyers can fetch the data only while this computer is on. */
  readonly onlyThisComputer: boolean;
  readonly terms: { readonly price: Amount; readonly bond: Amount; readonly licenceId: string; readonly seller: Address } | null;
  /** Work done in bytes of the file; `rate` in bytes a second over the last seconds. */
  readonly progress: { readonly done: number; readonly total: number; readonly rate: number | null } | null;
  readonly error: ErrorJson | null;
  readonly listing: string | null;
  readonly updatedAt: Time;
}

export interface UploadView {
  readonly id: string;
  readonly name: string;
  readonly bytes: number;
  readonly arrived: number;
}

export interface Licence {
  readonly id: string;
  readonly title: string;
  readonly grants: readonly string[];
  readonly limits: readonly string[];
  readonly text: string;
}

export const publish = {
  licences: procedure.output(type<readonly Licence[]>()),
  drafts: procedure.output(type<readonly DraftView[]>()),
  draft: procedure.input(z.object({ id: idSchema })).output(type<DraftView>()),
  /** Headless: reserves `uploadId` for `PUT /files/{uploadId}`, or finds the interrupted upload of the same file. @throws FILE_EMPTY, FILE_TOO_LARGE, DISK_FULL */
  beginUpload: procedure.input(z.object({ name: z.string().min(1).max(255), bytes: z.number().int().min(0), modified: z.number().int().min(0) })).output(type<{ readonly uploadId: string }>()),
  /** Files that did not arrive whole. They go on when the same file is chosen again. */
  uploads: procedure.output(type<readonly UploadView[]>()),
  /** Throws away what has arrived of it. @throws UPLOAD_UNKNOWN */
  discardUpload: procedure.input(z.object({ id: idSchema })).output(type<{ readonly discarded: true }>()),
  /** @throws FILE_EMPTY, FILE_MISSING, NO_PERMISSION, UPLOAD_INCOMPLETE */
  createDraft: procedure.input(z.union([z.object({ path: z.string().min(1).max(4096) }), z.object({ uploadId: idSchema })])).output(type<DraftView>()),
  describe: procedure.input(z.object({ id: idSchema, description: describeSchema })).output(type<DraftView>()),
  choosePlaces: procedure.input(z.object({ id: idSchema, places: z.array(z.enum(['folder', 'ipfs'])).min(1).max(2), onlyThisComputer: z.boolean() })).output(type<DraftView>()),
  setTerms: procedure.input(z.object({ id: idSchema, terms: termsSchema })).output(type<DraftView>()),
  /** Starts (or resumes) packing, storing and checking; progress is in the draft. @throws DISK_FULL, WALLET_LOCKED */
  pack: procedure.input(z.object({ id: idSchema })).output(type<DraftView>()),
  /** One sheet for listing, bond, version and price. @throws DRAFT_INCOMPLETE, TOO_FEW_PLACES */
  prepare: procedure.input(z.object({ id: idSchema })).output(type<Proposal>()),
  /** @throws DRAFT_SIGNED while its listing is on its way */
  discard: procedure.input(z.object({ id: idSchema })).output(type<{ readonly discarded: true }>()),
};
