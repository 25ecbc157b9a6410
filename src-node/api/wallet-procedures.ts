import { fromHex, toHex } from '../base/bytes.ts';
import { CodedError } from '../base/errors.ts';
import type { KeysStatus } from '../keys/calls.ts';
import type { Movement } from '../wallet/history.ts';
import { outcomeOf } from '../wallet/attempts.ts';
import { draftTransfer } from '../wallet/transfer.ts';
import { checksummed, parseAddress } from './address.ts';
import type { ActionKind } from './contract/proposal.ts';
import type { AccountView, Movement as MovementView, WalletView } from './contract/wallet.ts';
import { withdrawableOf } from './credits.ts';
import { procedures } from './procedures.ts';
import { pendingMovements } from './pending-view.ts';
import { addressField, amountField, proposalView } from './proposal-view.ts';
import { prepareReplacement, replacementOffer } from './replacement-procedures.ts';
import type { NetworkServices, Services, WalletServices } from './services.ts';

export const walletProcedures = {
  view: procedures.wallet.view.handler(({ context }) => walletView(context.services)),
  draftSeed: procedures.wallet.draftSeed.handler(({ context }) => context.services.keys.call('draftSeed', {})),
  create: procedures.wallet.create.handler(({ context, input }) => afterKeys(context.services, (keys) => keys.call('createWallet', input))),
  importSeed: procedures.wallet.importSeed.handler(({ context, input }) => afterKeys(context.services, async (keys) => {
      await keys.call('importSeed', input);
      await recoverAccounts(context.services);
    })),
  importKeystore: procedures.wallet.importKeystore.handler(({ context, input }) => afterKeys(context.services, (keys) => keys.call('importKeystore', input))),
  addAccount: procedures.wallet.addAccount.handler(({ context, input }) =>
    afterKeys(context.services, async (keys) => {
      const { accounts } = await keys.call('addAccount', {});
      const added = accounts.at(-1);
      if (added !== undefined) context.services.network().wallet.labels.rename(fromHex(added.address), input.name);
    }),
  ),
  rename: procedures.wallet.rename.handler(({ context, input }) => afterLabel(context.services, ({ labels }) => labels.rename(parseAddress(input.address), input.name))),
  setDefault: procedures.wallet.setDefault.handler(({ context, input }) => afterLabel(context.services, ({ labels }) => labels.setDefaultAccount(parseAddress(input.address)))),
  unlock: procedures.wallet.unlock.handler(({ context, input }) => afterKeys(context.services, (keys) => keys.call('unlock', input))),
  lock: procedures.wallet.lock.handler(({ context }) => afterKeys(context.services, (keys) => keys.call('lock', {}))),
  movements: procedures.wallet.movements.handler(({ context, input }) => {
    const { wallet } = context.services.network();
    const found = wallet.history.movements(input.account === undefined ? null : parseAddress(input.account), input.before === undefined ? null : fromHex(input.before), input.limit);
    const last = found.at(-1);
    return { entries: found.map((movement) => movementView(movement, wallet)), next: found.length < input.limit || last === undefined ? null : toHex(last.hash) };
  }),
  faucet: procedures.wallet.faucet.handler(async ({ context, input }) => {
    const { faucet } = context.services.network().wallet;
    if (faucet === null) throw new CodedError('NO_FAUCET', 'This network has no faucet: its CPC are real.', { help: 'Receive CPC from someone who has some.' });
    return { hash: toHex(await faucet.give(parseAddress(input.account), input.amount)) };
  }),
  prepareSend: procedures.wallet.prepareSend.handler(async ({ context, input }) => {
    const { wallet, reader } = context.services.network();
    const [from, to] = [parseAddress(input.from), parseAddress(input.to)];
    const prepared = await wallet.proposals.prepare(await draftTransfer({ from, to, amount: input.amount }, reader));
    const isContract = (await reader.codeOf(to)).length > 0;
    const fields = [addressField('to', to, wallet), amountField('amount', prepared.value)];
    return proposalView(prepared, { fields, notes: isContract ? [{ key: 'to-contract', tone: 'warn', values: {} }] : [], valueReason: 'value' }, wallet);
  }),
  pending: procedures.wallet.pending.handler(async ({ context, input }) => pendingMovements(context.services, input.account === undefined ? null : parseAddress(input.account))),
  replacementOffer: procedures.wallet.replacementOffer.handler(({ context, input }) => replacementOffer(context.services.network(), input.activity, input.purpose)),
  prepareReplacement: procedures.wallet.prepareReplacement.handler(({ context, input }) => prepareReplacement(context.services.network(), input.activity, input.purpose, input.gasPrice)),
};

/** How far apart two used accounts of one seed may lie (docs/protocol/11 §4.25). */
const GAP_LIMIT = 50;

/** Runs a call that changes what the keys process holds, then shows the wallet as it is. */
async function afterKeys(services: Services, work: (keys: Services['keys']) => Promise<unknown>): Promise<WalletView> {
  const before = await services.keys.call('status', {});
  await work(services.keys);
  const after = await services.keys.call('status', {});
  // An account that joined late has a past that was not looked at.
  if (services.hasNetwork() && after.accounts.length !== before.accounts.length) services.network().wallet.history.reset();
  services.changed('wallet');
  services.changed('app');
  services.step();
  return walletView(services);
}

/** Adds the accounts of the words that were used before: up to the last one among the next fifty with a balance or a transaction. */
async function recoverAccounts(services: Services): Promise<void> {
  if (!services.hasNetwork()) return;
  const { reader } = services.network();
  const upcoming = await services.keys.call('upcomingAccounts', { count: GAP_LIMIT });
  const used = await Promise.all(upcoming.map(async (address) => (await reader.nonceOf(fromHex(address))) > 0n || (await reader.balanceOf(fromHex(address))) > 0n));
  for (let i = 0; i <= used.lastIndexOf(true); i++) await services.keys.call('addAccount', {});
}

async function afterLabel(services: Services, work: (wallet: WalletServices) => void): Promise<WalletView> {
  work(services.network().wallet);
  services.changed('wallet');
  return walletView(services);
}

async function walletView(services: Services): Promise<WalletView> {
  const keys = await services.keys.call('status', {});
  const network = services.hasNetwork() ? services.network() : null;
  const fallback = keys.accounts[0];
  const chosen = network?.wallet.labels.defaultAccount ?? (fallback === undefined ? null : fromHex(fallback.address));
  return {
    state: !keys.exists ? 'none' : keys.unlocked ? 'unlocked' : 'locked',
    accounts: network === null ? [] : await accountViews(keys, network),
    defaultAccount: chosen === null ? null : checksummed(chosen),
    backedUp: keys.hasSeed,
    locksAt: keys.locksAtMillis,
    faucet: network?.wallet.faucet != null,
    chainId: network === null ? null : Number(network.reader.chainId),
    asOfBlock: network === null ? null : Number(network.reader.head()?.number ?? 0n),
  };
}

async function accountViews(keys: KeysStatus, network: NetworkServices): Promise<readonly AccountView[]> {
  const { reader, wallet, market, streams } = network;
  const register = await wallet.staking.register();
  return Promise.all(
    keys.accounts.map(async ({ address: text, source, path }, i) => {
      const address = fromHex(text);
      const holdings = market.holdings(address);
      const { inDeposits, inBonds } = streams.current()?.holdings(toHex(address)) ?? { inDeposits: 0n, inBonds: 0n };
      return {
        address: checksummed(address),
        name: wallet.labels.nameOf(address) ?? defaultName(i),
        source,
        path,
        balance: await reader.balanceOf(address),
        withdrawable: await withdrawableOf(network, address),
        inEscrow: holdings.inEscrow + inDeposits,
        inBonds: holdings.inBonds + inBonds,
        staked: register?.members.find((member) => toHex(member.address) === toHex(address))?.deposit ?? 0n,
      };
    }),
  );
}

function defaultName(index: number): string {
  return index === 0 ? 'Main' : `Account ${index + 1}`;
}

function movementView(movement: Movement, wallet: WalletServices): MovementView {
  const { names } = wallet;
  const { target, selector, counterparty } = movement;
  const contract = target === null ? null : names.contractOf(target);
  const method = target === null || selector === null ? null : names.methodOf(target, selector);
  return {
    id: `${toHex(movement.hash)}:${toHex(movement.account).slice(2, 10)}`,
    kind: movement.kind,
    method: contract !== null && method !== null ? `${contract}.${method}` : counterparty !== null && names.isDelivery(counterparty) ? 'Delivery.fees' : null,
    counterparty: movement.counterparty === null ? null : checksummed(movement.counterparty),
    amount: movement.amount,
    fee: movement.fee,
    state: movement.ok ? 'ok' : 'failed',
    hash: toHex(movement.hash),
    block: Number(movement.block),
    at: movement.at,
    nonce: Number(movement.nonce),
    replacement: replacementView(movement, wallet),
  };
}

function replacementView({ hash, fee }: Movement, { outbox }: WalletServices): MovementView['replacement'] {
  const entry = fee === null ? null : outbox.entryOf(hash);
  const outcome = entry === null ? null : outcomeOf(entry);
  return entry === null || outcome === null ? null : { outcome, kind: outbox.get(entry.action).kind as ActionKind };
}
