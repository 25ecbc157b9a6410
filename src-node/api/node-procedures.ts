import { procedures } from './procedures.ts';

export const nodeProcedures = {
  state: procedures.node.state.handler(({ context }) => context.services.network().chain.state()),
  blocks: procedures.node.blocks.handler(({ context, input }) => context.services.network().chain.blocks(input.limit)),
};
