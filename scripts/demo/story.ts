/** A first sale between two programs that share a JSON-RPC address and an IPFS connection, checked to the base unit. */
import { copyFileSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { exportChainFile, importChainFile } from '../../src-node/chain-tools.ts';
import { balance, feesOf, rpc } from './json-rpc.ts';
import { sha256Of } from './large-file.ts';
import { sign, startProgram, StoryError, until, type Program } from './program.ts';

const CPC = 10n ** 18n;
const PRICE = 25n * CPC;
const BOND = 10n * CPC;
const MONEY = 1_000n * CPC;
const FEE_BPS = 50n;
/** What a large file is waited for at: a megabyte a second. */
const SLOWEST_BYTES_A_MILLI = 1000;
const PASSWORD = 'a story of two programs';

export interface StoryOptions {
  /** An empty folder. */
  readonly folder: string;
  /** The real file that is sold. */
  readonly file: string;
  readonly name: string;
  readonly onStep: (text: string) => void;
}

export interface StoryResult {
  readonly txs: readonly string[];
  /** SHA-256 of the file sold and of the file bought. */
  readonly sha256: readonly [string, string];
}

export async function tellStory({ folder, file, name, onStep }: StoryOptions): Promise<StoryResult> {
  const source = join(folder, 'seller-files', name);
  mkdirSync(join(folder, 'seller-files'), { recursive: true });
  copyFileSync(file, source);
  const patience = 60_000 + statSync(source).size / SLOWEST_BYTES_A_MILLI;
  const programs: Program[] = [];
  try {
    const seller = await startProgram({ dataDir: join(folder, 'seller'), ipfsPeers: [] });
    programs.push(seller);
    await seller.api.app.chooseNetwork({ network: 'practice' });
    const sellerAddress = await newWallet(seller);
    const { rpcUrl: url } = await seller.api.node.state();
    if (url === null) throw new StoryError('The seller serves no JSON-RPC.');
    onStep('seller: practice network runs, wallet made, keystore proved');

    const buyer = await startProgram({ dataDir: join(folder, 'buyer'), ipfsPeers: seller.ipfsAddresses });
    programs.push(buyer);
    await buyer.api.app.chooseNetwork({ network: 'practice', remoteUrl: url });
    const buyerAddress = await newWallet(buyer);
    onStep('buyer: reads the chain by JSON-RPC, IPFS connected, wallet made');

    await fund(seller, sellerAddress, url);
    await fund(buyer, buyerAddress, url);
    await until('both see the market', async () => ((await Promise.all([seller, buyer].map(({ api }) => api.market.status()))).every(({ contracts }) => contracts === 'ready') ? true : null));
    onStep('both have practice CPC and see the market contracts');

    const publishTx = await publish(seller, source, sellerAddress, patience);
    const delivery = await until('the delivery account answers', async () => (await seller.api.orders.desk()).deliveryAccounts.find(({ state }) => state === 'on') ?? null);
    await seller.api.wallet.lock();
    onStep('seller: file profiled, packed, stored twice, published under bond; the wallet is locked from here on');

    const { order, txs: buyTx } = await buy(buyer, buyerAddress);
    onStep('buyer: found it, paid into escrow');
    await until('the buyer has every byte and said ready', async () => {
      const { state, copy } = await buyer.api.orders.get({ id: order });
      return state !== 'funded' && copy.state !== 'fetching' && copy.state !== 'none' ? true : null;
    }, patience);
    moveAway(folder, seller);
    onStep('buyer: ciphertext fetched and checked, ready; the seller’s files are moved away');
    const verified = await until('the key came and everything verified', async () => {
      const view = await buyer.api.orders.get({ id: order });
      return view.copy.state === 'verified' ? view : null;
    }, patience);
    const sold = await sha256Of(join(folder, 'moved', 'seller-files', name));
    const bought = await sha256Of(join(verified.copy.folder ?? '', name));
    if (sold !== bought) throw new StoryError('The bought file differs from the sold one.');
    if ((await seller.api.wallet.view()).state !== 'locked') throw new StoryError('The seller’s wallet was opened for the key.');
    onStep('buyer: key received, file opened, every unit verified, bytes equal');

    const confirmTx = await sign(buyer, await buyer.api.orders.prepare({ id: order, action: 'confirm' }));
    await until('the seller sees the income', async () => ((await seller.api.orders.desk()).withdrawable > 0n ? true : null));
    await seller.api.wallet.unlock({ password: PASSWORD });
    const withdrawTx = await sign(seller, await seller.api.orders.prepareWithdraw({ account: sellerAddress }));
    onStep('buyer confirmed, seller withdrew');

    const listed = await Promise.all([seller, buyer].map(async ({ api }) => (await api.actions.list({ limit: 200 })).flatMap(({ transactions }) => transactions.map(({ hash }) => hash))));
    const txs = [...new Set(listed.flat())];
    if (![...publishTx, ...buyTx, ...confirmTx, ...withdrawTx].every((hash) => txs.includes(hash))) throw new StoryError('A signed transaction is missing from the list of actions.');
    const income = PRICE - (PRICE * FEE_BPS) / 10_000n;
    await expectBalance(url, sellerAddress, MONEY - BOND - delivery.balance + income - (await feesOf(url, txs, sellerAddress)), 'seller');
    await expectBalance(url, delivery.address, delivery.balance - (await feesOf(url, txs, delivery.address)), 'delivery account');
    await expectBalance(url, buyerAddress, MONEY - PRICE - (await feesOf(url, txs, buyerAddress)), 'buyer');
    onStep('balances, states and receipts agree to the base unit, read by JSON-RPC');

    const head = await rpc<{ number: string; hash: string }>(url, 'eth_getBlockByNumber', ['latest', false]);
    for (const program of programs.splice(0).reverse()) await program.close();
    await checkExport(folder, join(folder, 'seller'), Number(head.number));
    onStep('chain exported, imported into an empty directory, heads equal');
    return { txs, sha256: [sold, bought] };
  } finally {
    for (const program of programs.reverse()) await program.close();
  }
}

async function newWallet({ api }: Program): Promise<string> {
  const { draftId, words, ask } = await api.wallet.draftSeed();
  const { defaultAccount } = await api.wallet.create({ draftId, password: PASSWORD, answers: ask.map((position) => ({ position, word: words[position] ?? '' })) });
  if (defaultAccount === null) throw new StoryError('The new wallet has no account.');
  return defaultAccount;
}

async function fund({ api }: Program, account: string, url: string): Promise<void> {
  await until('the faucet gives', async () => api.wallet.faucet({ account, amount: MONEY }).then(() => true, () => null));
  await until('the money is there', async () => ((await balance(url, account)) === MONEY ? true : null));
}

async function publish(seller: Program, path: string, account: string, patience: number): Promise<readonly string[]> {
  const { api } = seller;
  const { id } = await api.publish.createDraft({ path });
  await api.publish.describe({ id, description: { title: 'A table of the demonstration', summary: 'Sold once, to show how a sale goes.', description: '', category: 'science', tags: ['demo'], personalData: false, preview: true } });
  await api.publish.setTerms({ id, terms: { price: PRICE, bond: BOND, licenceId: 'PD-OPEN-BY', seller: account } });
  await api.publish.pack({ id });
  await until('the file is packed', async () => {
    const { state, error } = await api.publish.draft({ id });
    if (state === 'failed') throw new StoryError(`Packing failed: ${error?.message ?? 'no reason'}`);
    return state === 'packed' ? true : null;
  }, patience);
  const txs = await sign(seller, await api.publish.prepare({ id }));
  await until('the description is out', async () => ((await api.publish.draft({ id })).state === 'published' ? true : null));
  return txs;
}

async function buy(buyer: Program, account: string): Promise<{ readonly order: string; readonly txs: readonly string[] }> {
  const { api } = buyer;
  const listing = await until('the buyer finds the listing', async () => (await api.market.search({ text: 'demonstration', sort: 'relevance', offset: 0, limit: 1 })).listings[0] ?? null);
  const proposal = await api.market.prepareBuy({ listing: listing.id, planId: 0, buyer: account });
  const txs = await sign(buyer, proposal);
  const { subject } = await api.actions.get({ id: proposal.id });
  if (subject === null) throw new StoryError('The purchase made no order.');
  await until('the order is in the index', async () => api.orders.get({ id: subject.id }).then(() => true, () => null));
  return { order: subject.id, txs };
}

/** Source, stored objects and IPFS blocks of the seller: what the buyer opens from here on is the buyer's own. */
function moveAway(folder: string, seller: Program): void {
  mkdirSync(join(folder, 'moved'));
  renameSync(join(folder, 'seller-files'), join(folder, 'moved', 'seller-files'));
  renameSync(join(seller.dataDir, 'objects'), join(folder, 'moved', 'objects'));
  renameSync(join(seller.dataDir, 'ipfs', 'blocks'), join(folder, 'moved', 'blocks'));
}

async function expectBalance(url: string, address: string, expected: bigint, who: string): Promise<void> {
  const found = await balance(url, address);
  if (found !== expected) throw new StoryError(`The ${who} should have ${expected}, has ${found} base units.`);
}

async function checkExport(folder: string, sellerDir: string, atLeast: number): Promise<void> {
  const file = join(folder, 'chain.rlp');
  const exported = await exportChainFile({ network: 'practice', dataDir: sellerDir, file });
  const imported = await importChainFile({ network: 'practice', dataDir: join(folder, 'import'), file });
  if (exported.head < atLeast || imported.hash !== exported.hash || imported.stateRoot !== exported.stateRoot) throw new StoryError('The imported chain ends in another block than the exported one.');
}
