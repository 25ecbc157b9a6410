/** The call that shows the chain what was wrong (docs/protocol/11 §4.7), out of the buyer's own copy. */
import { fromHex, type Bytes } from '../../base/bytes.ts';
import { CodedError, invariant } from '../../base/errors.ts';
import type { ChainReader } from '../../chain/reader.ts';
import * as escrow from '../../contracts/bindings/pd-escrow.gen.ts';
import { keyOpening, leafInput, pathInput, unitInput } from '../../contracts/proofs.ts';
import { merklePath } from '../../crypto/merkle.ts';
import type { ListingRecord } from '../index/listing.ts';
import type { OrderRecord } from '../index/order.ts';
import { chunkKey, unitNodes } from '../pdp/chunk.ts';
import { leafPath } from '../pdp/manifest.ts';
import type { MarketContracts, MarketKeys } from '../ports.ts';
import type { Copies } from './copies.ts';
import { deliveryOf, orderKeyFacts } from './order-facts.ts';
import type { PurchaseFault } from './purchase.ts';

export interface ProofModules {
  readonly keys: MarketKeys;
  readonly copies: Copies;
  readonly reader: ChainReader;
  readonly contracts: MarketContracts;
}

/** Calldata of the proof. @throws WALLET_LOCKED, DATA_UNAVAILABLE */
export async function proofCall(order: OrderRecord, listing: ListingRecord, fault: PurchaseFault, modules: ProofModules): Promise<Bytes> {
  const delivery = deliveryOf(order);
  if (delivery === null) throw new CodedError('ORDER_STATE', 'Without the seller’s key there is nothing to prove.', { meta: { reason: 'no-key' } });
  const { b, key } = await modules.keys.revealForProof(orderKeyFacts(order, modules.reader, modules.contracts), fromHex(order.id), delivery);
  const opening = keyOpening(b, { ephemeral: delivery.e, wrapped: delivery.w });
  if (fault.kind === 'wrong-key') return escrow.encodeProveWrongKey(order.id, opening);
  const manifest = await modules.copies.manifest(order, listing, AbortSignal.timeout(30_000));
  const index = fault.chunk ?? 0;
  const chunk = manifest.chunks[index];
  invariant(chunk, 'the fault names a chunk of the version');
  const leaf = leafInput(chunk.facts);
  const path = pathInput(leafPath(manifest, index));
  if (fault.kind === 'bad-key-leaf') return escrow.encodeProveBadKeyLeaf(order.id, opening, leaf, path);
  const { strip, ciphertext } = await modules.copies.chunk(order, manifest, index);
  const unit = fault.unit ?? 0;
  const { unitBytes } = manifest.suite;
  return escrow.encodeProveBadUnit(order.id, leaf, path, unitInput({
    index: unit,
    chunkKey: chunkKey(key, index, chunk.facts.salt),
    plainHash: strip.subarray(unit * 32, unit * 32 + 32),
    cipher: ciphertext.subarray(unit * unitBytes, (unit + 1) * unitBytes),
    path: merklePath(unitNodes(manifest.suite, ciphertext, strip), unit),
  }));
}
