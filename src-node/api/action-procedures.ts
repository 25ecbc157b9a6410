import { procedures } from './procedures.ts';
import { activityView } from './proposal-view.ts';
import type { Services } from './services.ts';

/** For a sheet that asked for the password. @throws WRONG_PASSWORD, THROTTLED */
export async function unlockWith({ keys, changed }: Services, password: string | undefined): Promise<void> {
  if (password === undefined) return;
  await keys.call('unlock', { password });
  changed('wallet');
}

export const actionProcedures = {
  confirm: procedures.actions.confirm.handler(async ({ context, input }) => {
    const { network, step } = context.services;
    await unlockWith(context.services, input.password);
    const record = await network().wallet.requests.confirm(input.id);
    step();
    return activityView(record);
  }),
  get: procedures.actions.get.handler(({ context, input }) => activityView(context.services.network().wallet.outbox.get(input.id))),
  list: procedures.actions.list.handler(({ context, input }) => context.services.network().wallet.outbox.list(input.limit).map(activityView)),
};
