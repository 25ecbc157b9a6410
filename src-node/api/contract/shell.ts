/** What the shell itself asks the node; served on the shell's own port only, never to a window. */
import { z } from 'zod';
import { hashSchema, idSchema, procedure, type } from './base.ts';

export const shell = {
  /** Where the bytes of an announced upload go. @throws UPLOAD_UNKNOWN */
  upload: procedure.input(z.object({ uploadId: idSchema })).output(type<{ readonly path: string; readonly bytes: number }>()),
  /** Opened files of a purchase. @throws ORDER_UNKNOWN, NOT_OPENED */
  opened: procedure.input(z.object({ order: hashSchema })).output(type<{ readonly folder: string; readonly files: readonly { readonly path: string; readonly bytes: number }[] }>()),
};
