/** The contract, implemented: what both carriers serve. */
import { implement } from '@orpc/server';
import { actionProcedures } from './action-procedures.ts';
import { appProcedures } from './app-procedures.ts';
import { contract } from './contract/index.ts';
import { gatewayProcedures } from './gateway-procedures.ts';
import { gatewayProposals } from './gateway-proposals.ts';
import { marketProcedures } from './market-procedures.ts';
import { nodeProcedures } from './node-procedures.ts';
import { orderProcedures } from './order-procedures.ts';
import type { ApiContext } from './procedures.ts';
import { publishProcedures } from './publish-procedures.ts';
import { requestProcedures } from './request-procedures.ts';
import { rnodeProcedures } from './rnode-procedures.ts';
import { streamDeskProcedures } from './stream-desk-procedures.ts';
import { streamProcedures } from './stream-procedures.ts';
import { streamProposals } from './stream-proposals.ts';
import { streamReadingProcedures } from './stream-reading-procedures.ts';
import { walletProcedures } from './wallet-procedures.ts';

export const router = implement(contract).$context<ApiContext>().router({
  app: appProcedures,
  node: nodeProcedures,
  wallet: walletProcedures,
  actions: actionProcedures,
  requests: requestProcedures,
  market: marketProcedures,
  publish: publishProcedures,
  orders: orderProcedures,
  rnode: rnodeProcedures,
  streams: { ...streamProcedures, ...streamReadingProcedures },
  streamDesk: { ...streamProposals, ...streamDeskProcedures },
  gateway: { ...gatewayProcedures, ...gatewayProposals },
});
