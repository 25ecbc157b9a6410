import { equal, toHex, type Bytes } from '../../base/bytes.ts';
import { CodedError } from '../../base/errors.ts';
import type { NetworkConfig } from '../../networks/network-config.ts';
import { NETWORK_NAMES, network } from '../../networks/network.ts';
import { testChain } from '../chains.ts';

/** The network whose first block has this hash. @throws UNKNOWN_NETWORK */
export async function networkOf(genesisHash: Bytes): Promise<NetworkConfig> {
  for (const name of NETWORK_NAMES) {
    const config = network(name);
    if (equal((await testChain(config)).genesisHash, genesisHash)) return config;
  }
  throw new CodedError('UNKNOWN_NETWORK', `No network begins with the block ${toHex(genesisHash)}.`, { help: 'Use a file of one of the networks that this program knows.' });
}
