import type { AppStatus } from './contract/app.ts';
import { procedures } from './procedures.ts';
import type { Services } from './services.ts';

export const appProcedures = {
  status: procedures.app.status.handler(({ context }) => appStatus(context.services)),
  chooseNetwork: procedures.app.chooseNetwork.handler(async ({ context, input }) => {
    await context.services.chooseNetwork(input.network, input.remoteUrl ?? null);
    context.services.changed('app');
    return appStatus(context.services);
  }),
  answerOldChain: procedures.app.answerOldChain.handler(async ({ context, input }) => {
    await context.services.answerOldChain(input.keep);
    context.services.changed('app');
    return appStatus(context.services);
  }),
  saveSettings: procedures.app.saveSettings.handler(async ({ context, input }) => {
    const { profile, keys, changed } = context.services;
    const given = Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined));
    const settings = { ...profile.current.settings, ...given };
    await profile.change({ settings });
    await keys.call('configure', { autoLockMillis: settings.autoLockMinutes * 60_000 });
    changed('app');
    return settings;
  }),
  diagnostics: procedures.app.diagnostics.handler(({ context }) => context.services.diagnostics()),
  changes: procedures.app.changes.handler(async function* ({ context, signal }) {
    yield* context.services.changes(signal);
  }),
};

async function appStatus(services: Services): Promise<AppStatus> {
  const keys = await services.keys.call('status', {});
  const { network, settings } = services.profile.current;
  return {
    version: services.version,
    phase: network !== null && keys.exists ? 'ready' : 'first-hour',
    network: network?.name ?? null,
    wallet: !keys.exists ? 'none' : keys.unlocked ? 'unlocked' : 'locked',
    question: services.question(),
    settings,
    carrier: services.carrier,
    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  };
}
