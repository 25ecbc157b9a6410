/** A storage place as packages use it; connectors of `otp/` are passed in by the composition root. */
import type { Bytes } from '../../base/bytes.ts';
import type { Locator } from './locator.ts';

export interface ObjectPlace {
  readonly scheme: Locator['scheme'];
  /** Stores durably; the same name with the same bytes again changes nothing. @returns the address for metadata, without secrets */
  put(name: string, object: Bytes): Promise<Locator>;
  /** @throws OBJECT_MISSING, OBJECT_TOO_LARGE, PLACE_UNREACHABLE */
  get(locator: Locator, maxBytes: number, signal?: AbortSignal): Promise<Bytes>;
}
