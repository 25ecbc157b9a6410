import { fromHex } from '../base/bytes.ts';
import { LICENCES } from '../market/licences.ts';
import type { Market } from '../market/market.ts';
import type { DraftRecord } from '../market/publish/draft.ts';
import { checksummed, parseAddress } from './address.ts';
import type { DraftView } from './contract/publish.ts';
import { deliveryTransfer, missingDeliveryMoney } from './delivery-procedures.ts';
import { marketOf } from './market-procedures.ts';
import { procedures } from './procedures.ts';
import { addressField, amountField, proposalView } from './proposal-view.ts';
import type { Services } from './services.ts';

export const publishProcedures = {
  licences: procedures.publish.licences.handler(() => LICENCES),
  drafts: procedures.publish.drafts.handler(async ({ context }) => {
    const market = marketOf(context.services.network());
    return Promise.all(market.publisher.drafts().map((draft) => draftView(draft, market, context.services)));
  }),
  draft: procedures.publish.draft.handler(({ context, input }) => withMarket(context.services, ({ publisher }) => publisher.draft(input.id))),
  beginUpload: procedures.publish.beginUpload.handler(async ({ context, input }) => ({ uploadId: (await marketOf(context.services.network()).uploads.begin(input)).id })),
  uploads: procedures.publish.uploads.handler(async ({ context }) => {
    const begun = await marketOf(context.services.network()).uploads.list();
    return begun.map(({ id, name, bytes, arrived }) => ({ id, name, bytes, arrived }));
  }),
  discardUpload: procedures.publish.discardUpload.handler(async ({ context, input }) => {
    await marketOf(context.services.network()).uploads.discard(input.id);
    return { discarded: true as const };
  }),
  createDraft: procedures.publish.createDraft.handler(({ context, input }) => withMarket(context.services, ({ publisher }) => ('path' in input ? publisher.draftFromPath(input.path) : publisher.draftFromUpload(input.uploadId)))),
  describe: procedures.publish.describe.handler(({ context, input }) => withMarket(context.services, ({ publisher }) => publisher.describe(input.id, input.description))),
  choosePlaces: procedures.publish.choosePlaces.handler(({ context, input }) => withMarket(context.services, ({ publisher }) => publisher.choosePlaces(input.id, input.places, input.onlyThisComputer))),
  setTerms: procedures.publish.setTerms.handler(({ context, input }) =>
    withMarket(context.services, ({ publisher }) => publisher.setTerms(input.id, { ...input.terms, seller: parseAddress(input.terms.seller) })),
  ),
  pack: procedures.publish.pack.handler(({ context, input }) => withMarket(context.services, ({ publisher }) => publisher.pack(input.id))),
  prepare: procedures.publish.prepare.handler(async ({ context, input }) => {
    const { services } = context;
    const network = services.network();
    const market = marketOf(network);
    const { draft, terms, listing, proposal, payload, deliveryKey, deliveryCap } = await market.publisher.publication(input.id);
    const money = await missingDeliveryMoney(network.reader, deliveryKey);
    const prepared = await network.wallet.proposals.prepare({
      id: proposal,
      kind: 'publish',
      title: draft.description?.title ?? '',
      account: terms.seller,
      calls: [{ to: fromHex(market.contracts.addresses.listings), value: terms.bond, payload }, ...deliveryTransfer(deliveryKey, money)],
      subject: { kind: 'listing', id: listing },
      permissions: [],
    });
    return proposalView(prepared, {
      fields: [{ key: 'title', value: { kind: 'text', text: draft.description?.title ?? '' } }, amountField('price', terms.price), amountField('bond', terms.bond), { key: 'licence', value: { kind: 'licence', id: terms.licenceId } }, { key: 'listing', value: { kind: 'hash', hash: listing } }, addressField('delivery-account', fromHex(deliveryKey), network.wallet), amountField('delivery-cap', deliveryCap)],
      notes: [
        { key: 'publish-bond', tone: 'info', values: { millis: market.contracts.parameters.listings.unbondDelay * 1000 } },
        { key: 'publish-wrong-data', tone: 'warn', values: {} },
        { key: 'publish-public', tone: 'info', values: {} },
        { key: 'delivery-does', tone: 'info', values: { cap: deliveryCap } },
      ],
      valueReason: 'bond',
      valuePart: { amount: money, reason: 'delivery' },
    }, network.wallet);
  }),
  discard: procedures.publish.discard.handler(async ({ context, input }) => {
    await marketOf(context.services.network()).publisher.discard(input.id);
    return { discarded: true as const };
  }),
};

async function withMarket(services: Services, work: (market: Market) => DraftRecord | Promise<DraftRecord>): Promise<DraftView> {
  const market = marketOf(services.network());
  return draftView(await work(market), market, services);
}

async function draftView(draft: DraftRecord, market: Market, services: Services): Promise<DraftView> {
  const progress = market.publisher.progressOf(draft.id);
  const spent = progress === null ? 0 : services.clock.now() - progress.startedAt;
  const { profile, terms, packed } = draft;
  return {
    id: draft.id,
    state: draft.state,
    file: { name: draft.file.name, bytes: draft.file.bytes },
    profile: profile === null ? null : { format: profile.format, rows: profile.rows, columns: profile.columns, preview: profile.preview, problem: profile.problem },
    description: draft.description === null ? null : { ...draft.description, tags: [...draft.description.tags] },
    places: await services.network().market.places(draft.places),
    onlyThisComputer: draft.onlyThisComputer,
    terms: terms === null ? null : { price: terms.price, bond: terms.bond, licenceId: terms.licenceId, seller: checksummed(terms.seller) },
    progress: progress !== null
      ? { done: progress.done, total: progress.total, rate: spent < 500 ? null : ((progress.done - progress.doneAtStart) * 1000) / spent }
      : packed === null ? null : { done: packed.totalBytes, total: packed.totalBytes, rate: null },
    error: draft.error,
    listing: draft.publication?.listing ?? null,
    updatedAt: draft.updatedAt,
  };
}
