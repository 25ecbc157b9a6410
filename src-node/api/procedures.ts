/** The implementer of the contract: every failure leaves as a coded error, unknown ones included. */
import { implement, ORPCError } from '@orpc/server';
import { isCoded } from '../base/errors.ts';
import { faultOf } from '../base/files.ts';
import type { Logger } from '../base/logger.ts';
import { contract } from './contract/index.ts';
import type { Services } from './services.ts';

export interface ApiContext {
  readonly services: Services;
  readonly log: Logger;
}

export const procedures = implement(contract)
  .$context<ApiContext>()
  .use(async ({ next, context, path }) => {
    try {
      return await next();
    } catch (error) {
      if (error instanceof ORPCError) throw error;
      if (!isCoded(error)) context.log.error('procedure failed', { path: path.join('.') }, error);
      throw new ORPCError('CODED', { status: 400, message: 'coded error', data: faultOf(error).toJSON(), defined: true });
    }
  });
