import { procedures } from './procedures.ts';
import { activityView } from './proposal-view.ts';

export const actionProcedures = {
  confirm: procedures.actions.confirm.handler(async ({ context, input }) => {
    const { keys, network, changed, step } = context.services;
    if (input.password !== undefined) {
      await keys.call('unlock', { password: input.password });
      changed('wallet');
    }
    const record = await network().wallet.proposals.confirm(input.id);
    step();
    return activityView(record);
  }),
  get: procedures.actions.get.handler(({ context, input }) => activityView(context.services.network().wallet.outbox.get(input.id))),
  list: procedures.actions.list.handler(({ context, input }) => context.services.network().wallet.outbox.list(input.limit).map(activityView)),
};
