/** dev: a developer network of four proposers and four validators (docs/protocol/02 §1, §4). */
import { CPC, type NetworkData } from './network-data.ts';

export const DEV: NetworkData = {
  name: 'dev',
  chainId: 41n,
  networkId: 1,
  dpor: { periodMillis: 3_000, termLen: 4, viewLen: 3, faulty: 1, maxInitBlockNumber: 180n, impeachTimeoutMillis: 3_000 },
  contracts: {
    rnode: '0xd4826927aa2dba7930117782ed183576ccebed93',
    admission: '0xa5e0ea2a14d91031986c2f25f6e724beeeb66781',
    campaign: '0xf26b6864749cde85a29afea57ffeae115b24b505',
    rpt: '0x7e9925bea4af2ebea96dd8ba9894d4503e6c0278',
    network: '0xe30363ffce7f560cb69b7d9254daeb35de8c0f84',
  },
  candidates: [
    '0xc05302acebd0730e3a18a058d7d1cb1204c4a092',
    '0xe94b7b6c5a0e526a4d97f9768ad6097bde25c62a',
    '0xef3dd127de235f15ffb4fc0d71469d1339df6465',
    '0x6e31e5b68a98dcd17264bd1ba547d0b3e874da1e',
    '0x3a18598184ef84198db90c28fdfdfdf56544f747',
    '0x22a672eab2b1a3ff3ed91563205a56ca5a560e08',
  ],
  proposers: [
    '0xc05302acebd0730e3a18a058d7d1cb1204c4a092',
    '0xe94b7b6c5a0e526a4d97f9768ad6097bde25c62a',
    '0xef3dd127de235f15ffb4fc0d71469d1339df6465',
    '0x6e31e5b68a98dcd17264bd1ba547d0b3e874da1e',
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
      ['0x0000000000000000000000000000000000000000', 0n],
      ['0x0000000000000000000000000000000000000001', 0n],
      ['0x0000000000000000000000000000000000000002', 0n],
      ['0x00000000000000000000000000000000000000ff', 0n],
      ['0x22a672eab2b1a3ff3ed91563205a56ca5a560e08', 300_000n * CPC],
      ['0x3a18598184ef84198db90c28fdfdfdf56544f747', 300_000n * CPC],
      ['0x6e31e5b68a98dcd17264bd1ba547d0b3e874da1e', 300_000n * CPC],
      ['0xb3801b8743dea10c30b0c21cae8b1923d9625f84', 800_000_000n * CPC],
      ['0xc05302acebd0730e3a18a058d7d1cb1204c4a092', 300_000n * CPC],
      ['0xe94b7b6c5a0e526a4d97f9768ad6097bde25c62a', 300_000n * CPC],
      ['0xef3dd127de235f15ffb4fc0d71469d1339df6465', 300_000n * CPC],
    ],
  },
};
