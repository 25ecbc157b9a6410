import type { Bytes } from '../../base/bytes.ts';
import { KnownDomain } from '../../contracts/typed-data.ts';
import type { StreamChain } from '../stream-chain.ts';

/** What the signatures that a gateway checks and makes hold for: batches, vouchers, tickets and receipts of one chain. */
export class GatewayDomains {
  readonly stream: KnownDomain;
  readonly channel: KnownDomain;
  readonly gateway: KnownDomain;

  constructor({ chainId, genesisHash, contracts }: Pick<StreamChain, 'chainId' | 'genesisHash' | 'contracts'>) {
    const known = (contract: Bytes): KnownDomain => new KnownDomain({ chainId, genesisHash, contract });
    this.stream = known(contracts.stream);
    this.channel = known(contracts.channel);
    this.gateway = known(contracts.gateway);
  }
}
