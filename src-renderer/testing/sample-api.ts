/**
 * The whole contract answered from invented data, for pictures and accessibility tests of the pages. It behaves: what is
 * signed becomes final, settings are kept, words are checked. It is not part of the product.
 */
import { AsyncIteratorClass, ORPCError } from '@orpc/client';
import type { ActionKind, Activity, AppStatus, Proposal, Replacement, Settings, Topic, WalletView, ApiClient } from '../../src-node/api/contract/index.ts';
import { CPC, HOUR, milli } from './sample/addresses.ts';
import { sampleBlocks, sampleDiagnostics, sampleNode, sampleRNode, sampleStatus } from './sample/chain.ts';
import { sampleCards, sampleListing, sampleMarket } from './sample/listings.ts';
import { DEFAULTS, type SampleOptions } from './sample/options.ts';
import { sampleDesk, sampleNeeds, sampleOrders } from './sample/orders.ts';
import { amountField, sampleActivities, sampleProposal, type ProposalSeed } from './sample/proposals.ts';
import { SAMPLE_PASSWORD } from './sample/password.ts';
import { requestSeed, sampleRequestNeeds, sampleRequests } from './sample/requests.ts';
import { SAMPLE_LICENCES, sampleDrafts, sampleUploads } from './sample/publish.ts';
import { sampleStreamsApi } from './sample-streams-api.ts';
import { channelId } from './sample/streams.ts';
import { SAMPLE_WORDS, sampleMovements, samplePending, sampleWallet } from './sample/wallet.ts';

const STEP_MILLIS = 900;
const GWEI = 10n ** 9n;
const STATES = ['waiting', 'sent', 'mined', 'final'] as const;

export function refusal(code: string, message: string, help?: string): ORPCError<string, unknown> {
  return new ORPCError('CODED', { data: { code, message, ...(help === undefined ? {} : { help }), meta: {} } });
}

export function sampleApi(given: Partial<SampleOptions> = {}): ApiClient {
  const start: SampleOptions = { ...DEFAULTS, ...given };
  let options = start;
  let settings: Settings = sampleStatus(options).settings;
  let drafts = sampleDrafts(options);
  let uploads = sampleUploads(options);
  let activities = sampleActivities(options);
  const proposals = new Map<string, Proposal>();
  const listeners = new Set<(topics: readonly Topic[]) => void>();
  const changed = (...topics: readonly Topic[]): void => {
    for (const listener of listeners) listener(topics);
  };
  const status = (): AppStatus => ({ ...sampleStatus(options), settings });
  const wallet = (): WalletView => sampleWallet(options);
  const become = (next: Partial<SampleOptions>): void => {
    options = { ...options, ...next };
    changed('app', 'wallet', 'node');
  };
  const proposed = (seed: ProposalSeed): Proposal => {
    const proposal = sampleProposal(options, seed);
    proposals.set(proposal.id, proposal);
    return proposal;
  };
  const open = (password: string): WalletView => {
    if (password !== SAMPLE_PASSWORD) throw refusal('WRONG_PASSWORD', 'The password is wrong.');
    become({ wallet: 'unlocked' });
    return wallet();
  };
  const orderOf = (id: string) => {
    const order = sampleOrders(options).find((one) => one.id === id);
    if (order === undefined) throw refusal('ORDER_UNKNOWN', 'This order is not known here.', 'Check the id, or wait until the index has read its block.');
    return order;
  };
  const requestOf = (id: string) => {
    const request = sampleRequests(options).find((one) => one.id === id);
    if (request === undefined) throw refusal('REQUEST_WITHDRAWN', 'The program does not wait for this any more.');
    return request;
  };
  const answered = (): void => {
    options = { ...options, asked: 'nothing' };
    changed('requests');
  };
  const draftOf = (id: string) => {
    const draft = drafts.find((one) => one.id === id);
    if (draft === undefined) throw refusal('DRAFT_UNKNOWN', 'This draft does not exist any more.', 'Start a new one.');
    return draft;
  };
  const change = (id: string, next: Partial<(typeof drafts)[number]>) => {
    drafts = drafts.map((one) => (one.id === id ? { ...one, ...next } : one));
    changed('drafts');
    return draftOf(id);
  };
  const advance = (activity: Activity): void => {
    const next = STATES[STATES.indexOf(activity.state as (typeof STATES)[number]) + 1];
    if (next === undefined) return;
    const moved: Activity = { ...activity, state: next, transactions: activity.transactions.map((one) => (next === 'mined' || next === 'final' ? { ...one, block: 15_702_105, status: 'ok', fee: milli(1) } : one)) };
    activities = activities.map((one) => (one.id === moved.id ? moved : one));
    changed('activity');
    setTimeout(() => advance(moved), STEP_MILLIS);
  };

  /** The payment that waits, replaced; a moment later a block has it. */
  const replaced = (purpose: Replacement, from: string): Activity => {
    const hash = `0x${'7e'.repeat(32)}`;
    const activity: Activity = { id: 'pending', kind: 'send', title: '', from, state: purpose === 'cancel' ? 'cancelling' : 'replaced', transactions: [{ hash, nonce: 41, block: null, status: null, fee: null }], createdAt: options.now, tooLateToCancel: false, error: null, subject: null };
    activities = [activity, ...activities.filter(({ id }) => id !== activity.id)];
    options = { ...options, pending: purpose === 'cancel' ? 'cancelling' : 'replaced' };
    changed('activity');
    setTimeout(() => {
      const done: Activity = { ...activity, state: purpose === 'cancel' ? 'cancelled' : 'final', transactions: [{ hash, nonce: 41, block: 15_702_105, status: 'ok', fee: milli(1) }] };
      activities = activities.map((one) => (one.id === done.id ? done : one));
      options = { ...options, pending: 'none' };
      changed('activity');
    }, 2 * STEP_MILLIS);
    return activity;
  };

  const api = {
    ...sampleStreamsApi({ options: () => options, become: (next) => { options = { ...options, ...next }; }, changed, proposed, fail }),
    app: {
      status: () => Promise.resolve(status()),
      chooseNetwork: ({ network }: { network: 'practice' | 'mainnet' }) => { become({ network, chosen: true, phase: options.wallet === 'none' ? 'first-hour' : 'ready' }); return Promise.resolve({ ...status(), network }); },
      answerOldChain: () => { become({ question: null }); return Promise.resolve(status()); },
      saveSettings: (next: Parameters<ApiClient['app']['saveSettings']>[0]) => { settings = { ...settings, ...next } as Settings; changed('app'); return Promise.resolve(settings); },
      diagnostics: () => Promise.resolve(sampleDiagnostics(options)),
      changes: () => Promise.resolve(changes(listeners)),
    },
    node: {
      state: () => Promise.resolve(sampleNode(options)),
      blocks: ({ limit }: { limit: number }) => Promise.resolve(sampleBlocks(options, limit)),
    },
    wallet: {
      view: () => Promise.resolve(wallet()),
      draftSeed: () => Promise.resolve({ draftId: 'seed', words: SAMPLE_WORDS, ask: [3, 10, 18] }),
      create: ({ answers }: { answers: readonly { position: number; word: string }[] }) => {
        if (answers.some(({ position, word }) => SAMPLE_WORDS[position] !== word)) throw refusal('BACKUP_CHECK_FAILED', 'One of the words is wrong.');
        become({ wallet: 'unlocked', phase: 'ready', empty: true });
        return Promise.resolve(wallet());
      },
      importSeed: ({ words }: { words: string }) => {
        if (words.trim().split(/\s+/).length !== 24) throw refusal('BAD_WORDS', 'There must be 12 or 24 words.', 'Check that none is missing.');
        become({ wallet: 'unlocked', phase: 'ready' });
        return Promise.resolve(wallet());
      },
      importKeystore: () => { become({ wallet: 'unlocked', phase: 'ready' }); return Promise.resolve(wallet()); },
      addAccount: () => Promise.resolve(wallet()),
      rename: () => Promise.resolve(wallet()),
      setDefault: () => Promise.resolve(wallet()),
      unlock: ({ password }: { password: string }) => Promise.resolve(open(password)),
      lock: () => { become({ wallet: 'locked' }); return Promise.resolve(wallet()); },
      movements: ({ limit }: { limit: number }) => Promise.resolve({ entries: sampleMovements(options).slice(0, limit), next: null }),
      faucet: () => { become({ empty: false }); return Promise.resolve({ hash: '0x00' }); },
      pending: ({ account }: { account?: string | undefined }) => Promise.resolve(samplePending(options).filter(({ from }) => account === undefined || from === account)),
      replacementOffer: ({ purpose }: Parameters<ApiClient['wallet']['replacementOffer']>[0]) => Promise.resolve({ purpose: options.pending === 'cancelling' ? ('cancel' as const) : purpose, gasPrice: 25n * GWEI, leastPrice: 22n * GWEI, gasLimit: 21_000 }),
      prepareReplacement: ({ activity, purpose, gasPrice }: Parameters<ApiClient['wallet']['prepareReplacement']>[0]) => {
        const [first = fail('UNKNOWN_ACTION')] = samplePending(options).filter((one) => one.activity === activity);
        const cancels = purpose === 'cancel';
        const [to, amount] = cancels ? (['was-to', 'was-amount'] as const) : (['to', 'amount'] as const);
        return Promise.resolve(proposed({
          kind: purpose, from: first.from, to: cancels ? first.from : first.to, value: cancels ? 0n : -first.amount, gasPrice, notes: [{ key: `${purpose}-replaces`, tone: 'info', values: { fee: first.feeAtMost } }],
          fields: [{ key: to, value: { kind: 'address', address: first.to ?? '', name: null } }, amountField(amount, -first.amount), { key: 'number', value: { kind: 'count', count: first.nonce } }, { key: 'replaces', value: { kind: 'hash', hash: first.hash ?? '' } }],
        }));
      },
      prepareSend: ({ from, to, amount }: { from: string; to: string; amount: bigint | 'all' }) => {
        const value = amount === 'all' ? (wallet().accounts.find(({ address }) => address === from)?.balance ?? 0n) - milli(1) : amount;
        return Promise.resolve(proposed({ kind: 'send', from, to, value, fields: [{ key: 'to', value: { kind: 'address', address: to, name: null } }, amountField('amount', value)] }));
      },
    },
    actions: {
      confirm: ({ id, password }: Parameters<ApiClient['actions']['confirm']>[0]) => {
        if (options.wallet === 'locked') {
          if (password === undefined) throw refusal('WALLET_LOCKED', 'The wallet is locked.');
          open(password);
        }
        const proposal = proposals.get(id);
        if (proposal === undefined) throw refusal('PROPOSAL_EXPIRED', 'The proposal is too old.');
        const { kind } = proposal;
        if (kind === 'program') answered();
        if (kind === 'cancel' || kind === 'speed-up') return Promise.resolve(replaced(kind, proposal.from));
        const activity: Activity = { id: `activity-${id}`, kind, title: titleOf(proposal), from: proposal.from, state: 'waiting', transactions: [{ hash: `0x${'5e'.repeat(32)}`, nonce: 41, block: null, status: null, fee: null }], createdAt: options.now, tooLateToCancel: false, error: null, subject: proposal.kind === 'buy' ? { kind: 'order', id: sampleOrders(options)[0]?.id ?? '' } : proposal.kind === 'publish' ? { kind: 'listing', id: sampleCards(options)[7]?.id ?? '' } : proposal.kind === 'subscribe' ? { kind: 'channel', id: channelId('g15') } : null };
        activities = [activity, ...activities];
        setTimeout(() => advance(activity), STEP_MILLIS);
        return Promise.resolve(activity);
      },
      get: ({ id }: { id: string }) => Promise.resolve(activities.find((one) => one.id === id) ?? fail('ACTION_UNKNOWN')),
      list: ({ limit }: { limit: number }) => Promise.resolve(activities.slice(0, limit)),
    },
    requests: {
      list: () => Promise.resolve(sampleRequests(options)),
      prepare: ({ id }: { id: string }) => Promise.resolve(proposed(requestSeed(requestOf(id)))),
      signMessage: ({ id, password }: { id: string; password?: string | undefined }) => {
        requestOf(id);
        if (options.wallet === 'locked' && password === undefined) throw refusal('WALLET_LOCKED', 'The wallet is locked.');
        if (password !== undefined) open(password);
        answered();
        return Promise.resolve({ signed: true as const });
      },
      decline: ({ id }: { id: string }) => {
        requestOf(id);
        answered();
        return Promise.resolve({ declined: true as const });
      },
    },
    market: {
      status: () => Promise.resolve(sampleMarket(options)),
      prepareDeploy: ({ from }: { from: string }) => Promise.resolve(proposed({ kind: 'deploy-market', from, to: null, method: null, notes: [{ key: 'deploy-public', tone: 'info', values: {} }] })),
      useContracts: () => Promise.resolve(sampleMarket(options)),
      search: ({ text, category, sort, mine, open: taking, offset, limit }: Parameters<ApiClient['market']['search']>[0]) => {
        const words = text.toLowerCase();
        const fitting = sampleCards(options).filter((card) => (mine !== true || card.mine) && (taking !== true || card.status === 'live') && `${card.title ?? ''} ${card.summary ?? ''} ${card.tags.join(' ')}`.toLowerCase().includes(words));
        const categories: Record<string, number> = {};
        for (const card of fitting) categories[card.category] = (categories[card.category] ?? 0) + 1;
        const found = fitting.filter((card) => category === undefined || card.category === category);
        const sorted = sort === 'newest' ? found.toSorted((a, b) => b.createdAt - a.createdAt) : sort === 'price' ? found.toSorted((a, b) => Number((a.price ?? 0n) - (b.price ?? 0n))) : found;
        return Promise.resolve({ listings: sorted.slice(offset, offset + limit), total: sorted.length, categories });
      },
      listing: ({ id }: { id: string }) => Promise.resolve(sampleListing(options, id) ?? fail('LISTING_UNKNOWN')),
      prepareBuy: ({ listing, buyer }: { listing: string; buyer: string }) => {
        const view = sampleListing(options, listing) ?? fail('LISTING_UNKNOWN');
        const price = view.price ?? 0n;
        return Promise.resolve(proposed({
          kind: 'buy', from: buyer, contract: 'PDEscrow', method: 'place', value: price, reason: 'price',
          fields: [{ key: 'listing', value: { kind: 'text', text: view.title ?? '' } }, { key: 'seller', value: { kind: 'address', address: view.seller, name: null } }, amountField('price', price), { key: 'key-time', value: { kind: 'duration', millis: view.terms.keyMillis } }, { key: 'dispute-time', value: { kind: 'duration', millis: view.terms.disputeMillis } }],
          notes: [{ key: 'buy-no-key', tone: 'info', values: { millis: view.terms.keyMillis, price } }, { key: 'buy-wrong-data', tone: 'info', values: { refund: price + milli(100) + (price / 5n - milli(100)) / 2n, allowance: milli(100) } }, { key: 'buy-right', tone: 'info', values: {} }, { key: 'buy-silent', tone: 'info', values: { millis: view.terms.disputeMillis } }, { key: 'buy-public', tone: 'info', values: {} }],
          mandate: { methods: ['ready', 'confirm'], maxFee: milli(8), until: options.now + 96 * HOUR },
        }));
      },
    },
    publish: {
      licences: () => Promise.resolve(SAMPLE_LICENCES),
      drafts: () => Promise.resolve(drafts),
      draft: ({ id }: { id: string }) => Promise.resolve(draftOf(id)),
      beginUpload: () => Promise.resolve({ uploadId: 'upload' }),
      uploads: () => Promise.resolve(uploads),
      discardUpload: ({ id }: { id: string }) => { uploads = uploads.filter((one) => one.id !== id); changed('drafts'); return Promise.resolve({ discarded: true as const }); },
      createDraft: () => {
        const first = sampleDrafts({ ...options, empty: false })[0] ?? fail('DRAFT_UNKNOWN');
        const draft = { ...first, id: `draft-${drafts.length}`, description: null, terms: null };
        drafts = [draft, ...drafts];
        changed('drafts');
        return Promise.resolve(draft);
      },
      describe: ({ id, description }: Parameters<ApiClient['publish']['describe']>[0]) => Promise.resolve(change(id, { description })),
      choosePlaces: ({ id, places, onlyThisComputer }: Parameters<ApiClient['publish']['choosePlaces']>[0]) => Promise.resolve(change(id, { onlyThisComputer, places: draftOf(id).places.map((one) => ({ ...one, chosen: places.includes(one.id) })) })),
      setTerms: ({ id, terms }: Parameters<ApiClient['publish']['setTerms']>[0]) => Promise.resolve(change(id, { terms })),
      pack: ({ id }: { id: string }) => {
        const { bytes } = draftOf(id).file;
        setTimeout(() => change(id, { state: 'packed', progress: null }), 2 * STEP_MILLIS);
        return Promise.resolve(change(id, { state: 'packing', progress: { done: Math.floor(bytes / 2), total: bytes, rate: 248_000_000 } }));
      },
      prepare: ({ id }: { id: string }) => {
        const { description, terms } = draftOf(id);
        return Promise.resolve(proposed({ kind: 'publish', from: terms?.seller ?? '', contract: 'PDListing', method: 'publish', value: terms?.bond ?? 0n, reason: 'bond', fields: [{ key: 'title', value: { kind: 'text', text: description?.title ?? '' } }, amountField('price', terms?.price ?? 0n), amountField('bond', terms?.bond ?? 0n)], notes: [{ key: 'publish-bond', tone: 'info', values: { millis: 168 * HOUR } }, { key: 'publish-wrong-data', tone: 'warn', values: {} }, { key: 'publish-public', tone: 'info', values: {} }] }));
      },
      discard: ({ id }: { id: string }) => { drafts = drafts.filter((one) => one.id !== id); changed('drafts'); return Promise.resolve({ discarded: true as const }); },
    },
    orders: {
      list: ({ role, state }: Parameters<ApiClient['orders']['list']>[0]) => Promise.resolve(sampleOrders(options).filter((one) => one.role === role && (state === 'all' || (state === 'done') === (one.turn === 'nobody')))),
      get: ({ id }: { id: string }) => Promise.resolve(orderOf(id)),
      needsYou: () => Promise.resolve([...sampleRequestNeeds(options), ...sampleNeeds(options)]),
      desk: () => Promise.resolve(sampleDesk(options)),
      retry: ({ id }: { id: string }) => Promise.resolve(orderOf(id)),
      prepare: ({ id, action }: Parameters<ApiClient['orders']['prepare']>[0]) => {
        const order = orderOf(id);
        const kinds: Readonly<Partial<Record<typeof action, ActionKind>>> = { cancel: 'cancel-order', confirm: 'confirm-order' };
        const notes: Readonly<Partial<Record<typeof action, Proposal['notes']>>> = { confirm: [{ key: 'confirm-final', tone: 'warn', values: { price: order.price } }], prove: [{ key: 'prove-bad-unit', tone: 'info', values: { refund: order.proof?.refund ?? 0n } }] };
        return Promise.resolve(proposed({ kind: kinds[action] ?? (action as ActionKind), from: order.role === 'buyer' ? order.buyer : order.seller, contract: 'PDEscrow', method: action, fields: [{ key: 'listing', value: { kind: 'text', text: order.title ?? '' } }, { key: 'order', value: { kind: 'hash', hash: id } }, amountField('price', order.price)], notes: notes[action] ?? [] }));
      },
      prepareWithdraw: ({ account }: { account: string }) => Promise.resolve(proposed({ kind: 'withdraw', from: account, contract: 'PDEscrow', method: 'withdraw', fields: [amountField('amount', milli(477_600))], changes: [{ account, accountName: null, amount: milli(477_600), reason: 'earnings' }] })),
      prepareDelivery: ({ seller, action }: Parameters<ApiClient['orders']['prepareDelivery']>[0]) => Promise.resolve(proposed({ kind: action === 'top-up' || action === 'take-back' ? `delivery-${action}` : 'delivery-set', from: seller, contract: 'PDListing', method: 'setDeliveryKey', fields: [amountField('amount', milli(400))] })),
      prepareListing: ({ id, action, amount }: Parameters<ApiClient['orders']['prepareListing']>[0]) => {
        const kind: ActionKind = action === 'open' || action === 'close' ? 'open-until' : action;
        return Promise.resolve(proposed({ kind, contract: 'PDListing', method: action, value: action === 'bond' ? (amount ?? 0n) : 0n, fields: [{ key: 'listing', value: { kind: 'hash', hash: id } }], notes: [{ key: `listing-${action}`, tone: action === 'retire' ? 'warn' : 'info', values: {} }] }));
      },
    },
    rnode: {
      view: () => Promise.resolve(sampleRNode(options)),
      prepareJoin: ({ account }: { account: string }) => Promise.resolve(proposed({ kind: 'rnode-join', from: account, contract: 'Rnode', method: 'joinRnode', value: 200_000n * CPC, reason: 'deposit', fields: [amountField('deposit', 200_000n * CPC), { key: 'lock', value: { kind: 'duration', millis: 100 * 60_000 } }], notes: [{ key: 'rnode-locked', tone: 'warn', values: { millis: 100 * 60_000 } }] })),
      prepareQuit: ({ account }: { account: string }) => Promise.resolve(proposed({ kind: 'rnode-quit', from: account, contract: 'Rnode', method: 'quitRnode', fields: [amountField('deposit', 200_000n * CPC)] })),
    },
  } satisfies ApiClient;
  return withFaults(api, start);
}

function titleOf({ fields }: Proposal): string {
  const text = fields.find(({ key }) => key === 'listing' || key === 'title' || key === 'stream')?.value;
  return text?.kind === 'text' ? text.text : '';
}

function fail(code: string): never {
  throw refusal(code, 'This is not known here.');
}

/** Makes the named procedures fail or hang. */
function withFaults(api: ApiClient, { failing, hanging }: SampleOptions): ApiClient {
  if (failing.length === 0 && hanging.length === 0) return api;
  const named = (list: readonly string[], noun: string, name: string): boolean => list.includes(`${noun}.${name}`) || (list.includes('*') && noun !== 'app' && `${noun}.${name}` !== 'wallet.view');
  const nouns = Object.entries(api).map(([noun, procedures]) => [noun, Object.fromEntries(Object.entries(procedures as Record<string, (input: never) => Promise<unknown>>).map(([name, run]) => [name, (input: never) => {
    if (named(hanging, noun, name)) return new Promise(() => undefined);
    if (named(failing, noun, name)) return Promise.reject(refusal('CHAIN_UNREACHABLE', 'The chain does not answer.', 'Your money and data are where they were. It is tried again by itself.'));
    return run(input);
  }]))]);
  return Object.fromEntries(nouns) as ApiClient;
}

type Changes = Awaited<ReturnType<ApiClient['app']['changes']>>;

function changes(listeners: Set<(topics: readonly Topic[]) => void>): Changes {
  const next = (): Promise<IteratorResult<{ readonly topics: readonly Topic[] }, void>> => new Promise((resolve) => {
    const listener = (topics: readonly Topic[]): void => {
      listeners.delete(listener);
      resolve({ done: false, value: { topics } });
    };
    listeners.add(listener);
  });
  return new AsyncIteratorClass(next, () => Promise.resolve());
}
