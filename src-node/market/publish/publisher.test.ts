import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { millis, systemClock } from '../../base/clock.ts';
import { silentLogger } from '../../base/logger.ts';
import type { ChainReader } from '../../chain/reader.ts';
import type { ContractReads } from '../contract-reads.ts';
import type { PackagePool } from '../pdp/pool.ts';
import type { Deliveries } from '../orders/deliveries.ts';
import type { MarketContracts, MarketKeys, StepState } from '../ports.ts';
import { openMarketStore } from '../store.ts';
import type { DraftRecord, PackedVersion } from './draft.ts';
import { DraftStore } from './draft-store.ts';
import { Publisher } from './publisher.ts';
import { Uploads } from './uploads.ts';

const root = mkdtempSync(join(tmpdir(), 'publisher-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const seller = new Uint8Array(20).fill(1);
const packed: PackedVersion = {
  seller, versionSalt: new Uint8Array(32).fill(2), dataRoot: new Uint8Array(32).fill(3), keyCommit: new Uint8Array(32).fill(4), chunkCount: 1, totalBytes: 5,
  manifest: { sha256: 'ab'.repeat(32), locators: [{ otp: 1, scheme: 'folder', where: { object: 'cd'.repeat(32) }, access: 'public' }] },
};

/** A publisher whose signed transaction is in a given state; chain and keys are asked for no more than a test needs. */
function publisher(sent: StepState = 'none', wantedPlaces = 0): { readonly publisher: Publisher; readonly store: DraftStore; readonly uploads: Uploads } {
  const folder = mkdtempSync(join(root, 'one-'));
  const store = new DraftStore({ db: openMarketStore(':memory:'), clock: systemClock });
  const uploads = new Uploads({ folder: join(folder, 'uploads') }, { store, freeBytes: () => Promise.resolve(1e9) });
  const modules = {
    store, uploads, keys: {} as MarketKeys, deliveries: { currentOf: () => Promise.resolve(`0x${'de'.repeat(20)}`) } as unknown as Deliveries, places: [], pool: null as unknown as PackagePool, clock: systemClock, log: silentLogger, onChange: () => undefined, onDescribed: () => undefined, sender: { stateOf: () => sent },
    reader: { chainId: 4181n, head: () => null } as unknown as ChainReader,
    contracts: { parameters: { escrow: { bondBps: 2000 } }, addresses: { fraud: `0x${'0a'.repeat(20)}`, listings: `0x${'0b'.repeat(20)}`, escrow: `0x${'0c'.repeat(20)}` } } as unknown as MarketContracts,
    reads: { listingNonce: () => Promise.resolve(0n) } as unknown as ContractReads,
  };
  return { publisher: new Publisher({ wantedPlaces }, modules), store, uploads };
}

function draft(store: DraftStore, change: Partial<DraftRecord> = {}): DraftRecord {
  return store.save({
    id: 'draft', state: 'packed', file: { path: '/nowhere/river.csv', name: 'river.csv', bytes: 5 }, profile: null, places: ['folder'], onlyThisComputer: false,
    description: { title: 'River', summary: '', description: '', category: 'environment', tags: [], personalData: false, preview: false },
    terms: { price: 10n ** 18n, bond: 10n ** 19n, licenceId: 'PD-COM-1', seller }, packing: null, packed, publication: null, error: null, updatedAt: millis(0), ...change,
  });
}

const publication = { proposal: 'publish:draft:0', listing: `0x${'ee'.repeat(32)}`, metaHash: `0x${'dd'.repeat(32)}`, metadata: new Uint8Array([1]) } as const;

describe('discarding a draft', () => {
  it('is refused while its listing is on its way', async () => {
    const { publisher: one, store } = publisher('under-way');
    draft(store, { state: 'signing', publication });
    await expect(one.discard('draft')).rejects.toMatchObject({ code: 'DRAFT_SIGNED' });
    expect(store.get('draft').state).toBe('signing');
  });

  it.each(['under-way', 'done'] as const)('is refused when the signature is %s and the draft does not say so yet', async (sent) => {
    const { publisher: one, store } = publisher(sent);
    draft(store, { publication });
    await expect(one.discard('draft')).rejects.toMatchObject({ code: 'DRAFT_SIGNED' });
  });

  it.each(['none', 'failed'] as const)('works when a sheet was shown and the signature is %s', async (sent) => {
    const { publisher: one, store } = publisher(sent);
    draft(store, { publication });
    await one.discard('draft');
    expect(store.list()).toEqual([]);
  });

  it('deletes the copy that the browser brought, and nothing else', async () => {
    const { publisher: one, store, uploads } = publisher();
    const { id } = await uploads.begin({ name: 'river.csv', bytes: 5, modified: 0 });
    const { path } = uploads.target(id);
    writeFileSync(path, 'river');
    const own = join(root, 'own.csv');
    writeFileSync(own, 'river');
    const { id: copied } = await one.draftFromUpload(id);
    const { id: named } = await one.draftFromPath(own);
    await one.discard(copied);
    await one.discard(named);
    expect([existsSync(path), existsSync(own), store.list()]).toEqual([false, true, []]);
  });
});

describe('places outside the seller’s computer', () => {
  it('are not asked for on a network for practice', async () => {
    const { publisher: one, store } = publisher('none', 0);
    draft(store);
    expect((await one.publication('draft')).listing).toMatch(/^0x[0-9a-f]{64}$/);
  });

  it('are asked for elsewhere: without them and without the tick nothing is published', async () => {
    const { publisher: one, store } = publisher('none', 2);
    draft(store);
    await expect(one.publication('draft')).rejects.toMatchObject({ code: 'TOO_FEW_PLACES' });
    expect(store.get('draft').publication).toBeNull();
  });

  it('may be done without when the seller says so, and the packed data stay', async () => {
    const { publisher: one, store } = publisher('none', 2);
    draft(store);
    expect(one.choosePlaces('draft', ['folder'], true)).toMatchObject({ onlyThisComputer: true, state: 'packed' });
    expect((await one.publication('draft')).draft.onlyThisComputer).toBe(true);
  });

  it('are said anew when the places change', () => {
    const { publisher: one, store } = publisher('none', 2);
    draft(store, { onlyThisComputer: true });
    expect(one.choosePlaces('draft', ['folder', 'ipfs'], false)).toMatchObject({ onlyThisComputer: false, packed: null, state: 'draft' });
  });
});
