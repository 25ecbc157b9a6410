/** testnet: the public test network as the reference configures it (docs/protocol/02 §1, §4). */
import { CPC, type NetworkData } from './network-data.ts';

export const TESTNET: NetworkData = {
  name: 'testnet',
  chainId: 43n,
  networkId: 2,
  dpor: { periodMillis: 3_000, termLen: 4, viewLen: 3, faulty: 1, maxInitBlockNumber: 240n, impeachTimeoutMillis: 6_000 },
  contracts: {
    rnode: '0xf0f87e064c76674fe7c4ddcee3603afc67998658',
    admission: '0x82102c2a09dee47d1ddcf298aef7877f99d787c4',
    campaign: '0x2b11ca41a28571e22e242299dc308f08edd7f011',
    rpt: '0x7a174062c5c8551649a86ae1b8a84282d901c2c3',
  },
  candidates: [
    '0x2a15146f434c0205cfae639de2ac4bb543539b24',
    '0xb436e2feffa76c30beb9d89e825281baa9956d4c',
    '0xf675b1e939892cad974a17da6bcd1cceae3b73dd',
    '0xe7a992e4187e95f28f8f69d44487fb16c465071c',
    '0x7326d5248928b87f63a80e424a1c6d39cb334624',
    '0x2661177788fe63888e93cf18b5e4e31306a01170',
  ],
  proposers: [
    '0x2a15146f434c0205cfae639de2ac4bb543539b24',
    '0xb436e2feffa76c30beb9d89e825281baa9956d4c',
    '0xf675b1e939892cad974a17da6bcd1cceae3b73dd',
    '0xe7a992e4187e95f28f8f69d44487fb16c465071c',
  ],
  validators: [
    '0x177b2a835f27a8989dfca814b37d08c54e1de889',
    '0x832062f84f982050c820b5ec986c1825d000ec8e',
    '0x2da372d6026573aa5e1863ba3fa724a231c477d6',
    '0x08e86c815665de506a210ff4b8e8572b8c201009',
  ],
  genesis: {
    timeMillis: 1_492_009_146_000n,
    alloc: [
      ['0x2661177788fe63888e93cf18b5e4e31306a01170', 300_000n * CPC],
      ['0x2a15146f434c0205cfae639de2ac4bb543539b24', 300_000n * CPC],
      ['0x7326d5248928b87f63a80e424a1c6d39cb334624', 300_000n * CPC],
      ['0xb436e2feffa76c30beb9d89e825281baa9956d4c', 300_000n * CPC],
      ['0xe7a992e4187e95f28f8f69d44487fb16c465071c', 300_000n * CPC],
      ['0xe83a71428655b9f52ff6dc556e2b37043f39f194', 2n ** 256n - 9n],
      ['0xf675b1e939892cad974a17da6bcd1cceae3b73dd', 300_000n * CPC],
    ],
  },
};
