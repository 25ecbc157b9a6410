/** The storage places in the form that descriptions of streams ask for. */
import { hexOf } from './base/bytes.ts';
import { sha256 } from './crypto/hash.ts';
import { metadataLocators, metadataUri } from './market/metadata.ts';
import type { Connector } from './otp/connector.ts';
import type { TextPlaces } from './streams/ports.ts';

export function textPlaces(connectors: readonly Connector[]): TextPlaces {
  const nearestFirst = metadataLocators(`0x${'00'.repeat(32)}`).flatMap(({ scheme }) => connectors.find((connector) => connector.scheme === scheme) ?? []);
  return {
    uriOf: metadataUri,
    put: async (text) => {
      for (const connector of connectors) await connector.put(hexOf(sha256(text)), text);
    },
    sources: nearestFirst.map((connector) => async (hash, maxBytes, signal) => {
      const locator = metadataLocators(hash).find(({ scheme }) => scheme === connector.scheme);
      if (locator === undefined) throw new TypeError(`no locator for ${connector.scheme}`);
      return connector.get(locator, maxBytes, signal);
    }),
  };
}
