/** The seller's side up to the listing: drafts, packing jobs, the one signature, and the description after it (docs/protocol/11 §4.4). */
import { randomUUID } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { fromHex, hexOf, toHex, type Bytes, type Hex } from '../../base/bytes.ts';
import { toSeconds, millis, type Clock } from '../../base/clock.ts';
import { CodedError } from '../../base/errors.ts';
import { faultOf, fileError } from '../../base/files.ts';
import type { Logger } from '../../base/logger.ts';
import type { ChainReader } from '../../chain/reader.ts';
import * as listings from '../../contracts/bindings/pd-listing.gen.ts';
import { listingId } from '../../contracts/terms.ts';
import { keccak256 } from '../../crypto/keccak.ts';
import { CATEGORIES } from '../categories.ts';
import type { ContractReads } from '../contract-reads.ts';
import { licenceHash, licenceOf } from '../licences.ts';
import { encodeMetadata, metadataHash, metadataUri } from '../metadata.ts';
import { isOutside, type Locator } from '../pdp/locator.ts';
import type { ObjectPlace } from '../pdp/place.ts';
import type { PackagePool } from '../pdp/pool.ts';
import { SUITE_1 } from '../pdp/suite.ts';
import type { Deliveries } from '../orders/deliveries.ts';
import type { MarketContracts, MarketKeys, MarketSender } from '../ports.ts';
import type { DraftDescription, DraftRecord, DraftTerms, PackedVersion } from './draft.ts';
import { metadataOf } from './draft-metadata.ts';
import type { DraftStore } from './draft-store.ts';
import { deliveryCapOf } from '../orders/delivery-limits.ts';
import { packDraft } from './packing.ts';
import { profileFile } from './profile-file.ts';
import { emptyFile, type Uploads } from './uploads.ts';

export interface PublisherModules {
  readonly store: DraftStore;
  readonly uploads: Uploads;
  readonly keys: MarketKeys;
  readonly deliveries: Deliveries;
  readonly places: readonly ObjectPlace[];
  readonly pool: PackagePool;
  readonly reader: ChainReader;
  readonly contracts: MarketContracts;
  readonly reads: ContractReads;
  readonly sender: Pick<MarketSender, 'stateOf'>;
  readonly clock: Clock;
  readonly log: Logger;
  readonly onChange: () => void;
  /** The description of this listing is in its places now. */
  readonly onDescribed: (listing: Hex) => void;
}

export interface PublisherOptions {
  /** Places outside this computer without which the seller is asked whether he means it; 0 on a network for practice. */
  readonly wantedPlaces: number;
}

export interface PackingProgress {
  readonly done: number;
  readonly total: number;
  readonly startedAt: number;
  readonly doneAtStart: number;
}

/** A listing takes orders for this long after the seller's program last said so. */
export const OPEN_MILLIS = 24 * 3_600_000;
const RETENTION_MILLIS = 365 * 24 * 3_600_000;

export class Publisher {
  readonly #options: PublisherOptions;
  readonly #modules: PublisherModules;
  readonly #jobs = new Map<string, { readonly abort: AbortController; readonly done: Promise<void> }>();
  readonly #progress = new Map<string, PackingProgress>();
  readonly #unwritten = new Map<string, Pick<DraftRecord, 'state' | 'error'>>();

  constructor(options: PublisherOptions, modules: PublisherModules) {
    this.#options = options;
    this.#modules = modules;
  }

  drafts(): readonly DraftRecord[] {
    return this.#modules.store.list().map((draft) => ({ ...draft, ...this.#unwritten.get(draft.id) }));
  }

  draft(id: string): DraftRecord {
    return { ...this.#modules.store.get(id), ...this.#unwritten.get(id) };
  }

  progressOf(id: string): PackingProgress | null {
    return this.#progress.get(id) ?? null;
  }

  isPacking(id: string): boolean {
    return this.#jobs.has(id);
  }

  /** @throws UPLOAD_INCOMPLETE, FILE_EMPTY, FILE_MISSING … */
  async draftFromUpload(uploadId: string): Promise<DraftRecord> {
    const { uploads } = this.#modules;
    const { path, name } = await uploads.whole(uploadId);
    const draft = await this.#newDraft(path, name);
    uploads.handOver(uploadId);
    return draft;
  }

  draftFromPath(path: string): Promise<DraftRecord> {
    return this.#newDraft(path, basename(path));
  }

  async #newDraft(path: string, name: string): Promise<DraftRecord> {
    const { store, clock, onChange } = this.#modules;
    const found = await stat(path).catch((error: unknown) => {
      throw fileError(error, path);
    });
    if (!found.isFile()) throw new CodedError('NOT_A_FILE', 'This is not a file.', { help: 'Choose a single file.' });
    if (found.size === 0) throw emptyFile();
    const profile = await profileFile(path, name, AbortSignal.timeout(60_000));
    const draft = store.save({
      id: randomUUID(), state: 'draft', file: { path, name, bytes: found.size }, profile, description: null, places: ['folder', 'ipfs'], onlyThisComputer: false, terms: null,
      packing: null, packed: null, publication: null, error: null, updatedAt: clock.now(),
    });
    onChange();
    return draft;
  }

  describe(id: string, description: DraftDescription): DraftRecord {
    return this.#edit(id, { description });
  }

  choosePlaces(id: string, places: readonly Locator['scheme'][], onlyThisComputer: boolean): DraftRecord {
    const draft = this.draft(id);
    const same = draft.places.length === places.length && draft.places.every((place) => places.includes(place));
    if (same && draft.onlyThisComputer === onlyThisComputer) return draft;
    return this.#edit(id, same ? { onlyThisComputer } : { places, onlyThisComputer, packing: null, packed: null, state: 'draft' });
  }

  setTerms(id: string, terms: DraftTerms): DraftRecord {
    const draft = this.draft(id);
    const sameSeller = draft.packed === null || hexOf(draft.packed.seller) === hexOf(terms.seller);
    return this.#edit(id, sameSeller ? { terms } : { terms, packing: null, packed: null, state: 'draft' });
  }

  #edit(id: string, change: Partial<DraftRecord>): DraftRecord {
    const draft = this.draft(id);
    if (draft.state === 'signing' || draft.state === 'published') throw signedAlready();
    if (this.#jobs.has(id)) throw new CodedError('DRAFT_BUSY', 'The file is being packed now.', { help: 'Wait until it is done, or stop it.' });
    const saved = this.#modules.store.change(id, change);
    this.#modules.onChange();
    return saved;
  }

  /** Starts the job, or goes on with it. Its end is seen in the draft. @throws DRAFT_INCOMPLETE */
  pack(id: string): DraftRecord {
    const draft = this.draft(id);
    const { terms } = draft;
    if (terms === null) throw incomplete('terms', 'the price and the selling account');
    if (!this.#jobs.has(id) && draft.packed === null) {
      const abort = new AbortController();
      this.#unwritten.delete(id);
      this.#jobs.set(id, { abort, done: this.#runPacking(draft, terms, abort.signal) });
    }
    return this.draft(id);
  }

  async #runPacking(draft: DraftRecord, terms: DraftTerms, signal: AbortSignal): Promise<void> {
    const { reader, clock, onChange } = this.#modules;
    const startedAt = clock.now();
    let doneAtStart: number | null = null;
    let lastShown = 0;
    const onProgress = (done: number, total: number): void => {
      doneAtStart ??= done;
      this.#progress.set(draft.id, { done, total, startedAt, doneAtStart });
      if (clock.now() - lastShown < 250 && done !== total) return;
      lastShown = clock.now();
      onChange();
    };
    try {
      await packDraft(draft, terms.seller, { ...this.#modules, chainId: reader.chainId }, signal, onProgress);
    } catch (error) {
      // A packing that the program's end interrupts goes on after the next start.
      if (!signal.aborted) this.#packingFailed(draft.id, faultOf(error));
    } finally {
      this.#jobs.delete(draft.id);
      this.#progress.delete(draft.id);
      onChange();
    }
  }

  #packingFailed(id: string, error: CodedError): void {
    const { store, log } = this.#modules;
    log.warn('packing stopped', { draft: id, code: error.code });
    const failure = { state: 'failed', error: error.toJSON() } as const;
    try {
      store.change(id, failure);
    } catch (fault) {
      // A full disk takes this note neither: it is told from memory until the next try.
      log.error('a failure could not be written down', { draft: id }, fault);
      this.#unwritten.set(id, failure);
    }
  }

  /** The call of `PDListing.publish` for a packed draft, and what belongs to it. @throws DRAFT_INCOMPLETE, DRAFT_SIGNED, TOO_FEW_PLACES, WALLET_LOCKED before the seller's first sale */
  async publication(id: string): Promise<{ readonly draft: DraftRecord; readonly terms: DraftTerms; readonly packed: PackedVersion; readonly listing: Hex; readonly proposal: string; readonly payload: Bytes; readonly deliveryKey: Hex; readonly deliveryCap: bigint }> {
    const { store, reader, contracts, reads, clock, deliveries, sender } = this.#modules;
    const draft = this.draft(id);
    const { description, terms, packed, publication } = draft;
    // Signed right before a stop: the draft learns it with the next block, and must not be published once more until then.
    if (publication !== null && ['under-way', 'done'].includes(sender.stateOf(publication.proposal))) throw signedAlready();
    if (description === null) throw incomplete('description', 'the description');
    if (terms === null) throw incomplete('terms', 'the price and the selling account');
    if (packed === null) throw incomplete('packed', 'the packed data');
    const licence = licenceOf(terms.licenceId);
    if (licence === null) throw incomplete('licence', 'the licence');
    if (packed.manifest.locators.filter(({ scheme }) => isOutside(scheme)).length < this.#options.wantedPlaces && !draft.onlyThisComputer) {
      throw new CodedError('TOO_FEW_PLACES', `The data lies in fewer than ${this.#options.wantedPlaces} places outside this computer.`, { help: 'Agree to it in the storage step, or add places.', meta: { wanted: this.#options.wantedPlaces } });
    }
    const nonce = await reads.listingNonce(terms.seller);
    const listing = listingId({ contract: contracts.addresses.listings, chainId: reader.chainId, creator: toHex(terms.seller), nonce });
    const metadata = encodeMetadata(metadataOf(draft, description, listing, packed, licence));
    const metaHash = metadataHash(metadata);
    const now = millis(Math.max(clock.now(), reader.head()?.timeMillis ?? 0));
    const deliveryKey = await deliveries.currentOf(toHex(terms.seller));
    const deliveryCap = deliveryCapOf(terms.bond, contracts.parameters);
    const payload = listings.encodePublish(
      { nonce, kind: 'Dataset', flags: description.personalData ? 1 : 0, category: CATEGORIES.indexOf(description.category), metaHash, metaUri: metadataUri(metaHash), openUntil: toSeconds(millis(now + OPEN_MILLIS)), keyTime: 0, disputeTime: 0, deliveryKey, deliveryCap, maxOpenPerBuyer: 8 },
      { dataRoot: toHex(packed.dataRoot), keyCommit: toHex(packed.keyCommit), versionSalt: toHex(packed.versionSalt), totalBytes: BigInt(packed.totalBytes), retentionUntil: toSeconds(millis(now + RETENTION_MILLIS)), chunkCount: packed.chunkCount, suite: SUITE_1.number },
      { planId: 0, kind: 'OneOff', price: terms.price, licenceHash: licenceHash(licence), active: true, payees: [toHex(terms.seller)], shares: [10_000] },
    );
    const proposal = `publish:${id}:${hexOf(keccak256(payload)).slice(0, 32)}`;
    store.change(id, { publication: { proposal, listing, metaHash, metadata }, error: null });
    return { draft, terms, packed, listing, proposal, payload, deliveryKey, deliveryCap };
  }

  /** Goes on with jobs that a stop of the program interrupted; needs the unlocked wallet. */
  async resume(): Promise<void> {
    const interrupted = this.drafts().filter(({ id, state }) => (state === 'packing' || state === 'verifying') && !this.#jobs.has(id));
    if (interrupted.length === 0 || !(await this.#modules.keys.isUnlocked())) return;
    for (const { id } of interrupted) this.pack(id);
  }

  /** Follows signed drafts: the description goes out when the publishing block has a child. */
  async step(): Promise<void> {
    const { store, sender, onChange } = this.#modules;
    for (const draft of store.list()) {
      if (draft.publication === null || draft.state === 'published') continue;
      const state = sender.stateOf(draft.publication.proposal);
      if (state === 'none' || (state === 'under-way' && draft.state === 'signing')) continue;
      if (state === 'done') await this.#uploadDescription(draft, draft.publication);
      const error = { code: 'TRANSACTION_FAILED', message: 'The contract refused the publication; only the fee was spent.', help: 'Open the draft and sign again.', meta: { reason: 'publication' } };
      store.change(draft.id, state === 'done' ? { state: 'published', error: null } : state === 'failed' ? { state: 'packed', publication: null, error } : { state: 'signing' });
      onChange();
    }
  }

  async #uploadDescription(draft: DraftRecord, { listing, metadata }: NonNullable<DraftRecord['publication']>): Promise<void> {
    const places = this.#modules.places.filter(({ scheme }) => draft.places.includes(scheme) || scheme === 'folder');
    const name = hexOf(fromHex(metadataHash(metadata)));
    for (const place of places) await place.put(name, metadata);
    this.#modules.onDescribed(listing);
  }

  /** @throws DRAFT_SIGNED while its listing is on its way: the description goes out from the draft */
  async discard(id: string): Promise<void> {
    const { store, sender, uploads, onChange } = this.#modules;
    const { state, publication } = this.draft(id);
    const sent = publication === null ? 'none' : sender.stateOf(publication.proposal);
    if (state === 'signing' || (state !== 'published' && (sent === 'under-way' || sent === 'done'))) {
      throw new CodedError('DRAFT_SIGNED', 'This draft is signed, and its listing is on its way to the chain.', { help: 'Its text goes out from this draft one block later. After that, retire the listing if you no longer want to sell.', meta: { reason: 'discard' } });
    }
    const job = this.#jobs.get(id);
    job?.abort.abort();
    await job?.done;
    const { file } = this.draft(id);
    store.delete(id);
    await uploads.discardCopy(file.path);
    onChange();
  }

  async close(): Promise<void> {
    const jobs = [...this.#jobs.values()];
    for (const { abort } of jobs) abort.abort();
    await Promise.all(jobs.map(({ done }) => done));
  }
}

function incomplete(reason: 'terms' | 'description' | 'packed' | 'licence', what: string): CodedError {
  return new CodedError('DRAFT_INCOMPLETE', `Still missing: ${what}.`, { help: 'Go back to that step.', meta: { reason } });
}

function signedAlready(): CodedError {
  return new CodedError('DRAFT_SIGNED', 'This draft is signed already and cannot change any more.', { help: 'Open the listing to change what can be changed there.' });
}
