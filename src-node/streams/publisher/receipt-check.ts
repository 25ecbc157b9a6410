/** A receipt counts when the account signed it that the chain names for its gateway: it is what proves against the gateway that it has a batch. */
import { equal, type Bytes } from '../../base/bytes.ts';
import { millis } from '../../base/clock.ts';
import { CodedError } from '../../base/errors.ts';
import { receiptDigest } from '../../contracts/typed-data.ts';
import { typedSigner } from '../../crypto/typed-signer.ts';
import type { SignedReceipt } from '../gateway/wire.ts';
import type { StreamChain } from '../stream-chain.ts';
import type { OutboxPlace } from './outbox.ts';

export interface ReceiptCheckOptions {
  readonly gatewayId: Bytes;
  readonly streamId: Bytes;
}

/** What typed data holds of a time. */
const MAX_TIME = 2 ** 48;

export class ReceiptCheck {
  readonly #options: ReceiptCheckOptions;
  readonly #chain: Pick<StreamChain, 'gateway' | 'chainId' | 'genesisHash' | 'contracts'>;
  #signer: Bytes | null = null;

  constructor(options: ReceiptCheckOptions, modules: { readonly chain: Pick<StreamChain, 'gateway' | 'chainId' | 'genesisHash' | 'contracts'> }) {
    this.#options = options;
    this.#chain = modules.chain;
  }

  /** @throws BAD_RECEIPT, CHAIN_UNREACHABLE */
  async require({ ts, signature, ...receipt }: SignedReceipt, batch: OutboxPlace): Promise<void> {
    const { gatewayId, streamId } = this.#options;
    if (!equal(receipt.batchHash, batch.hash) || receipt.firstSeq !== batch.firstSeq || !equal(receipt.gatewayId, gatewayId) || !equal(receipt.streamId, streamId)) throw badReceipt('The gateway gave a receipt for another batch.');
    const { chainId, genesisHash, contracts } = this.#chain;
    const signer = ts < MAX_TIME ? typedSigner(receiptDigest({ chainId, genesisHash, contract: contracts.gateway }, { ...receipt, timeMillis: millis(ts) }), signature) : null;
    if (signer === null || !(await this.#isSigner(signer.address))) throw badReceipt('The gateway gave a receipt that the account did not sign which the chain names for it.');
  }

  async #isSigner(address: Bytes): Promise<boolean> {
    if (this.#signer !== null && equal(this.#signer, address)) return true;
    this.#signer = (await this.#chain.gateway(this.#options.gatewayId))?.signer ?? null; // the operator may have named another one
    return this.#signer !== null && equal(this.#signer, address);
  }
}

function badReceipt(message: string): CodedError {
  return new CodedError('BAD_RECEIPT', message, { help: 'Nothing is lost: it is sent again. If it stays so, take the gateway off the list of the stream and tell its operator.' });
}
