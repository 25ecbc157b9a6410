/**
 * A whole sale between two accounts, driven as a person would who comes back after every stop: look at what stands, do the next
 * step. Prints one JSON line per fact. Arguments: data directory, number of the journal write to die after, speed of the clock.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { MessageChannel } from 'node:worker_threads';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/message-port';
import type { ApiClient } from '../api/contract/index.ts';
import { millis } from '../base/clock.ts';
import { openNodeLog } from '../node-log.ts';
import { startNode } from '../node.ts';
import { watchJournals } from './journal-kill.ts';
import { scaledClock } from './scaled-clock.ts';

const [, , dataDir = '', killAt = '0', speed = '1', origin = '0'] = process.argv;
const say = (fact: Readonly<Record<string, unknown>>): void => void process.stdout.write(`${JSON.stringify(fact, (_key, value: unknown) => (typeof value === 'bigint' ? value.toString() : value))}\n`);
watchJournals(Number(killAt), (write) => say({ write }));

const PASSWORD = 'correct horse';
const WORDS = `${'abandon '.repeat(23)}art`;
const CPC = 10n ** 18n;
const file = join(dataDir, 'table.csv');
if (!existsSync(file)) writeFileSync(file, `name,value\n${Array.from({ length: 150_000 }, (_, i) => `row ${i},${(i * 37) % 1000}`).join('\n')}`);

const node = await startNode(
  { dataDir, version: 'test', carrier: 'headless', rpcPort: 0, ipfsPort: null, ipfsPeers: [], keysCost: 'light', workers: 2 },
  { log: openNodeLog(dataDir, 'debug'), clock: scaledClock(Number(speed), millis(Number(origin))) },
);
say({ keysPid: node.keysPid() });
const { port1, port2 } = new MessageChannel();
node.connect(port2);
const api: ApiClient = createORPCClient(new RPCLink({ port: port1 }));
port1.start();

async function until<T>(what: string, ask: () => Promise<T | null | false>): Promise<T> {
  const end = Date.now() + 60_000;
  for (;;) {
    const answer = await ask().catch(() => null);
    if (answer !== null && answer !== false) return answer;
    if (Date.now() > end) {
      say({ failed: what });
      process.exit(1);
    }
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** Signs under the proposal's own id: where that was done before, nothing happens twice. */
async function sign(what: string, propose: () => Promise<{ readonly id: string }>, isDone: () => Promise<boolean>): Promise<void> {
  await until(what, async () => {
    if (await isDone()) return true;
    // Final counts too: the index follows a moment later, and a person who sees it done does not do it again.
    const begun = (await api.actions.list({ limit: 50 })).some(({ kind, state }) => kind === what && state !== 'failed');
    if (!begun) await api.actions.confirm({ id: (await propose()).id });
    return false;
  });
}

if ((await api.app.status()).network === null) await api.app.chooseNetwork({ network: 'practice' });
if ((await api.app.status()).wallet === 'none') await api.wallet.importSeed({ words: WORDS, password: PASSWORD });
await api.wallet.unlock({ password: PASSWORD });
if ((await api.wallet.view()).accounts.length < 2) await api.wallet.addAccount({ name: 'Buyer' });
const [seller = '', buyer = ''] = (await api.wallet.view()).accounts.map(({ address }) => address);
for (const account of [seller, buyer]) {
  await until('funded', async () => {
    const found = (await api.wallet.view()).accounts.find(({ address }) => address === account);
    if (found !== undefined && (found.balance > 0n || found.inBonds > 0n || found.inEscrow > 0n)) return true;
    await api.wallet.faucet({ account, amount: 1000n * CPC }).catch(() => undefined);
    return false;
  });
}
await until('market', async () => (await api.market.status()).contracts === 'ready');

const listed = async (): Promise<string | null> => (await api.market.search({ text: 'killed', sort: 'newest', offset: 0, limit: 1 })).listings[0]?.id ?? null;
const draft = await until('draft', async () => (await api.publish.drafts())[0] ?? (await api.publish.createDraft({ path: file })));
if (draft.description === null) await api.publish.describe({ id: draft.id, description: { title: 'Killed and sold', summary: 'Survives.', description: '', category: 'other', tags: [], personalData: false, preview: false } });
if ((await api.publish.draft({ id: draft.id })).terms === null) await api.publish.setTerms({ id: draft.id, terms: { price: 20n * CPC, bond: 10n * CPC, licenceId: 'PD-EVAL', seller } });
await until('packed', async () => {
  const { state } = await api.publish.draft({ id: draft.id });
  if (state === 'draft' || state === 'failed') await api.publish.pack({ id: draft.id });
  return ['packed', 'signing', 'published'].includes(state);
});
await sign('publish', () => api.publish.prepare({ id: draft.id }), async () => ['signing', 'published'].includes((await api.publish.draft({ id: draft.id })).state));
const listing = await until('listed', listed);

const placed = async (): Promise<string | null> => (await api.orders.list({ role: 'buyer', state: 'all' }))[0]?.id ?? null;
await sign('buy', () => api.market.prepareBuy({ listing, planId: 0, buyer }), async () => (await placed()) !== null);
const order = await until('placed', placed);
await until('verified', async () => (await api.orders.get({ id: order })).copy.state === 'verified');
await sign('confirm-order', () => api.orders.prepare({ id: order, action: 'confirm' }), async () => (await api.orders.get({ id: order })).state === 'settled');
await sign('withdraw', () => api.orders.prepareWithdraw({ account: seller }), async () => (await api.orders.desk()).withdrawable === 0n && (await api.orders.desk()).earned > 0n);

const { reader } = node.services.network();
const view = await api.orders.get({ id: order });
const transactions = async (address: string): Promise<bigint> => reader.nonceOf(new Uint8Array(Buffer.from(address.slice(2), 'hex')));
await until('quiet', async () => (await api.actions.list({ limit: 50 })).every(({ state }) => state === 'final' || state === 'failed'));
say({
  done: {
    state: view.state, sha256: view.copy.sha256, sold: createHash('sha256').update(readFileSync(file)).digest('hex'),
    sellerTransactions: await transactions(seller), deliveryTransactions: await transactions((await api.orders.desk()).deliveryAccounts[0]?.address ?? seller), buyerTransactions: await transactions(buyer), orders: (await api.orders.list({ role: 'buyer', state: 'all' })).length, listings: (await api.orders.desk()).listings.length,
    failedActions: (await api.actions.list({ limit: 50 })).filter(({ state }) => state === 'failed').map(({ kind, error }) => `${kind}: ${error?.code ?? '?'}`),
  },
});
await node.close();
process.exit(0);
