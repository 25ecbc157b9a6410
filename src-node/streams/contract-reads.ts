/** Views of the contracts of streams over the chain reader, beside what `chain-view` reads. */
import { fromHex, toHex, type Bytes, type Hex } from '../base/bytes.ts';
import type { ChainReader } from '../chain/reader.ts';
import * as channels from '../contracts/bindings/pd-channel.gen.ts';
import * as gateways from '../contracts/bindings/pd-gateway.gen.ts';
import * as streams from '../contracts/bindings/pd-stream.gen.ts';
import type { StreamAddresses } from '../contracts/deploy.ts';
import { revertError } from '../contracts/revert-errors.ts';

const NOBODY = new Uint8Array(20);

export class StreamReads {
  readonly #reader: ChainReader;
  readonly #contracts: StreamAddresses;

  constructor(modules: { readonly reader: ChainReader; readonly contracts: StreamAddresses }) {
    this.#reader = modules.reader;
    this.#contracts = modules.contracts;
  }

  /** Nonce that the owner's next stream has to name. */
  async streamNonce(owner: Bytes): Promise<bigint> {
    return streams.decodeNoncesResult(await this.#read(this.#contracts.stream, streams.encodeNonces(toHex(owner))));
  }

  async channelNonce(payer: Bytes): Promise<bigint> {
    return channels.decodeNoncesResult(await this.#read(this.#contracts.channel, channels.encodeNonces(toHex(payer))));
  }

  async gatewayNonce(owner: Bytes): Promise<bigint> {
    return gateways.decodeNoncesResult(await this.#read(this.#contracts.gateway, gateways.encodeNonces(toHex(owner))));
  }

  /** Credit of an account: what was redeemed for it, and what came back of deposits. */
  async channelCredit(account: Bytes): Promise<bigint> {
    return channels.decodeBalancesResult(await this.#read(this.#contracts.channel, channels.encodeBalances(toHex(account))));
  }

  /** Credit of an account: bonds that have left. */
  async gatewayCredit(account: Bytes): Promise<bigint> {
    return gateways.decodeBalancesResult(await this.#read(this.#contracts.gateway, gateways.encodeBalances(toHex(account))));
  }

  async #read(to: Hex, data: Bytes): Promise<Bytes> {
    const outcome = await this.#reader.call({ from: NOBODY, to: fromHex(to), data, value: 0n });
    if (!outcome.ok) throw revertError(outcome.data);
    return outcome.data;
  }
}
