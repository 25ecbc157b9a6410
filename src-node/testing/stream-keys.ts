/** Keys of a stream's publisher and of a reader, in memory: where no keys process holds them. */
import { concat, type Bytes } from '../base/bytes.ts';
import { ticketDigest, voucherDigest, type TypedDomain, type VoucherMessage } from '../contracts/typed-data.ts';
import { eciesOpen } from '../crypto/ecies.ts';
import { addressOf, publicKeyOf, sign } from '../crypto/secp256k1.ts';
import type { SubscriberKeys } from '../streams/client/keys.ts';
import { batchDigest } from '../streams/format/batch.ts';
import { envelopeContext, openEnvelope } from '../streams/format/envelope.ts';
import { rangeNodes } from '../streams/format/ggm.ts';
import type { PublisherKeys } from '../streams/publisher/keys.ts';
import type { StreamChain } from '../streams/stream-chain.ts';

type ChainFacts = Pick<StreamChain, 'chainId' | 'genesisHash' | 'contracts'>;

/** As typed data is signed: v 27 or 28. */
export function typedSignature(digest: Bytes, secret: Bytes): Bytes {
  const signature = sign(digest, secret);
  return concat(signature.subarray(0, 64), Uint8Array.of(27 + (signature[64] ?? 0)));
}

function domainOf({ chainId, genesisHash, contracts }: ChainFacts, contract: keyof ChainFacts['contracts']): TypedDomain {
  return { chainId, genesisHash, contract: contracts[contract] };
}

/** @param root of the tree of epoch keys, the same for all generations */
export function publisherKeysOf(secret: Bytes, root: Bytes, chain: ChainFacts): PublisherKeys {
  return {
    address: addressOf(secret),
    nodes: (_generation, from, to) => Promise.resolve(rangeNodes(root, from, to)),
    signBatch: (fields) => Promise.resolve(typedSignature(batchDigest(fields, domainOf(chain, 'stream')), secret)),
    signTicket: (ticket) => Promise.resolve(typedSignature(ticketDigest(domainOf(chain, 'gateway'), ticket), secret)),
  };
}

export function subscriberKeysOf(secret: Bytes, streamId: Bytes, chain: ChainFacts, onVoucher: (voucher: VoucherMessage) => void = () => undefined): SubscriberKeys {
  const context = envelopeContext(chain.chainId, streamId);
  return {
    publicKey: publicKeyOf(secret),
    signTicket: (ticket) => Promise.resolve(typedSignature(ticketDigest(domainOf(chain, 'gateway'), ticket), secret)),
    signVoucher: (voucher) => {
      onVoucher(voucher);
      return Promise.resolve(typedSignature(voucherDigest(domainOf(chain, 'channel'), voucher), secret));
    },
    openEnvelope: (sealed) => openEnvelope(sealed, (bytes) => Promise.resolve().then(() => eciesOpen(bytes, secret, context))),
  };
}
