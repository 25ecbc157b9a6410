/** The Open Transfer Protocol's connector (docs/protocol/11 §4.14): one way to reach a storage place. */
import type { Bytes } from '../base/bytes.ts';
import type { ErrorJson } from '../base/errors.ts';

export type OtpErrorCode = 'OBJECT_MISSING' | 'OBJECT_TOO_LARGE' | 'PLACE_UNREACHABLE' | 'PLACE_CHANGES' | 'BAD_LOCATOR';

/** Where an object lies; public, without secrets. */
export type ObjectLocator =
  | { readonly otp: 1; readonly scheme: 'folder'; readonly where: { readonly object: string }; readonly access: 'public' }
  | { readonly otp: 1; readonly scheme: 'ipfs'; readonly where: { readonly cid: string }; readonly access: 'public' };

export interface ConnectorTest {
  readonly ok: boolean;
  readonly latencyMillis: number;
  readonly problem: ErrorJson | null;
}

export interface Connector<Scheme extends ObjectLocator['scheme'] = ObjectLocator['scheme']> {
  readonly scheme: Scheme;
  /** Stores `object` durably under `name` (64 hex digits); again with the same bytes changes nothing. */
  put(name: string, object: Bytes): Promise<Extract<ObjectLocator, { scheme: Scheme }>>;
  /** @throws OBJECT_MISSING, OBJECT_TOO_LARGE, PLACE_UNREACHABLE, BAD_LOCATOR */
  get(locator: ObjectLocator, maxBytes: number, signal?: AbortSignal): Promise<Bytes>;
  /** Puts and gets a probe object: what must work before anything is published here. */
  test(): Promise<ConnectorTest>;
}
