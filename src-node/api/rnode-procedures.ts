import { equal, fromHex } from '../base/bytes.ts';
import { checksummed, parseAddress } from './address.ts';
import { procedures } from './procedures.ts';
import { addressField, amountField, proposalView } from './proposal-view.ts';

export const rnodeProcedures = {
  view: procedures.rnode.view.handler(async ({ context }) => {
    const { network, keys } = context.services;
    const { wallet } = network();
    const register = await wallet.staking.register();
    if (register === null) return { state: 'missing' as const, contract: null, threshold: null, lockMillis: null, enabled: false, members: [] };
    const { accounts } = await keys.call('status', {});
    const own = accounts.map(({ address }) => fromHex(address));
    return {
      state: 'ready' as const,
      contract: checksummed(register.contract),
      threshold: register.threshold,
      lockMillis: register.lockMillis,
      enabled: register.enabled,
      members: register.members.map(({ address, deposit, lockedAt, lockEndsAt }) => ({
        address: checksummed(address),
        name: wallet.labels.nameOf(address),
        deposit,
        lockedAt,
        lockEndsAt,
        mine: own.some((account) => equal(account, address)),
      })),
    };
  }),
  prepareJoin: procedures.rnode.prepareJoin.handler(async ({ context, input }) => {
    const { wallet } = context.services.network();
    const prepared = await wallet.proposals.prepare(await wallet.staking.draftJoin(parseAddress(input.account)));
    const register = await wallet.staking.register();
    const fields = [amountField('deposit', prepared.value), ...(register === null ? [] : [{ key: 'lock', value: { kind: 'duration' as const, millis: register.lockMillis } }])];
    return proposalView(prepared, { fields, notes: [{ key: 'rnode-locked', tone: 'warn', values: { millis: register?.lockMillis ?? 0 } }], valueReason: 'deposit' }, wallet);
  }),
  prepareQuit: procedures.rnode.prepareQuit.handler(async ({ context, input }) => {
    const { wallet } = context.services.network();
    const account = parseAddress(input.account);
    const prepared = await wallet.proposals.prepare(await wallet.staking.draftQuit(account));
    const register = await wallet.staking.register();
    const deposit = register?.members.find(({ address }) => equal(address, account))?.deposit ?? 0n;
    const back = { account: checksummed(account), accountName: wallet.labels.nameOf(account), amount: deposit, reason: 'refund' as const };
    return proposalView(prepared, { fields: [addressField('account', account, wallet), amountField('deposit', deposit)], notes: [], changes: [back], valueReason: 'value' }, wallet);
  }),
};
