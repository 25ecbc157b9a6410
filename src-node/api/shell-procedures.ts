/** What the shell asks the node for: never served to a window. */
import { implement, ORPCError } from '@orpc/server';
import { CodedError } from '../base/errors.ts';
import { faultOf } from '../base/files.ts';
import type { Hex } from '../base/bytes.ts';
import { shell } from './contract/shell.ts';
import { marketOf } from './market-procedures.ts';
import type { ApiContext } from './procedures.ts';

const procedures = implement(shell)
  .$context<ApiContext>()
  .use(async ({ next }) => {
    try {
      return await next();
    } catch (error) {
      if (error instanceof ORPCError) throw error;
      throw new ORPCError('CODED', { status: 400, message: 'coded error', data: faultOf(error).toJSON(), defined: true });
    }
  });

export const shellRouter = procedures.router({
  upload: procedures.upload.handler(({ context, input }) => marketOf(context.services.network()).uploads.target(input.uploadId)),
  opened: procedures.opened.handler(({ context, input }) => {
    const market = marketOf(context.services.network());
    const order = market.index.order(input.order as Hex);
    if (order === null) throw new CodedError('ORDER_UNKNOWN', 'This order is not in the index.');
    const { copy, files } = market.purchases.get(order.id);
    if (copy !== 'verified') throw new CodedError('NOT_OPENED', 'The data of this order is not opened yet.', { help: 'Wait for the key, or get the data again.' });
    return { folder: market.copies.filesFolder(order), files: files.map(({ path, bytes }) => ({ path, bytes })) };
  }),
});
