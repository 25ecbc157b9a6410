/** A sale in preparation: what the seller said and how far the machine is. Survives restarts. */
import type { Bytes, Hex } from '../../base/bytes.ts';
import type { Millis } from '../../base/clock.ts';
import type { ErrorJson } from '../../base/errors.ts';
import type { Category } from '../categories.ts';
import type { Locator } from '../pdp/locator.ts';
import type { FileProfile } from './profile-file.ts';

export interface DraftDescription {
  readonly title: string;
  readonly titleZh?: string | undefined;
  readonly summary: string;
  readonly description: string;
  readonly category: Category;
  readonly tags: readonly string[];
  readonly personalData: boolean;
  readonly preview: boolean;
}

export interface DraftTerms {
  readonly price: bigint;
  readonly bond: bigint;
  readonly licenceId: string;
  readonly seller: Bytes;
}

/** What stands in the places and on the next signature. */
export interface PackedVersion {
  readonly seller: Bytes;
  readonly versionSalt: Bytes;
  readonly dataRoot: Bytes;
  readonly keyCommit: Bytes;
  readonly chunkCount: number;
  readonly totalBytes: number;
  readonly manifest: { readonly locators: readonly Locator[]; readonly sha256: string };
}

export interface Publication {
  readonly proposal: string;
  readonly listing: Hex;
  readonly metaHash: Hex;
  readonly metadata: Bytes;
}

export interface DraftRecord {
  readonly id: string;
  readonly state: 'draft' | 'packing' | 'verifying' | 'packed' | 'signing' | 'published' | 'failed';
  readonly file: { readonly path: string; readonly name: string; readonly bytes: number };
  readonly profile: FileProfile | null;
  readonly description: DraftDescription | null;
  readonly places: readonly Locator['scheme'][];
  /** The seller has said that buyers can fetch it only while this computer is on (docs/protocol/11 §4.14). */
  readonly onlyThisComputer: boolean;
  readonly terms: DraftTerms | null;
  /** Drawn anew whenever packing starts over; public. */
  readonly packing: { readonly versionSalt: Bytes; readonly seller: Bytes } | null;
  readonly packed: PackedVersion | null;
  readonly publication: Publication | null;
  readonly error: ErrorJson | null;
  readonly updatedAt: Millis;
}
