/** mini: a network of one proposer that never leaves its default committee (docs/protocol/02 §1, §4). */
import { CPC, type NetworkData } from './network-data.ts';

export const MINI: NetworkData = {
  name: 'mini',
  chainId: 40n,
  networkId: 1,
  dpor: { periodMillis: 3_000, termLen: 1, viewLen: 3, faulty: 1, maxInitBlockNumber: 2_147_483_647n, impeachTimeoutMillis: 3_000 },
  contracts: {
    rnode: '0xe2a55b44997df93e161d3fd2ee1118f1aab8a263',
    admission: '0x33bbca30ed34c87620c1f5a841a625da37f480e8',
    campaign: '0x24e5d352a595dc92c4ffe428dc29a0c0768b881d',
    rpt: '0x275ac81051d8ee4738441ee3cb6f6fbfff7830a2',
    network: '0xe7a90236868af31eda37595debc854ff1e0c2bf6',
  },
  candidates: [
    '0xe94b7b6c5a0e526a4d97f9768ad6097bde25c62a',
  ],
  proposers: [
    '0xe94b7b6c5a0e526a4d97f9768ad6097bde25c62a',
  ],
  validators: [
    '0x7b2f052a372951d02798853e39ee56c895109992',
    '0x2f0176cc3a8617b6ddea6a501028fa4c6fc25ca1',
    '0xe4d51117832e84f1d082e9fc12439b771a57e7b2',
    '0x32bd7c33bb5060a85f361caf20c0bda9075c5d51',
  ],
  genesis: {
    timeMillis: 1_492_009_146_000n,
    alloc: [
      ['0x7b2f052a372951d02798853e39ee56c895109992', 800_000_000n * CPC],
      ['0xe94b7b6c5a0e526a4d97f9768ad6097bde25c62a', 300_000n * CPC],
    ],
  },
};
