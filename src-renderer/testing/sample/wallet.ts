import type { AccountView, Movement, PendingMovement, WalletView } from '../../../src-node/api/contract/index.ts';
import { CPC, DAY, hashOf, HOUR, LIANHE, MAIN, milli, MINUTE, PURCHASES, STAKING, VOLTA_LAB } from './addresses.ts';
import type { SampleOptions } from './options.ts';

export const HEAD = 15_702_104;
const DEPOSIT = 200_000n * CPC;

const accountsOf = (rnode: SampleOptions['rnode']): readonly AccountView[] => [
  { address: MAIN, name: 'Main', source: 'seed', path: "m/44'/337'/0'/0/0", balance: 62_650_733_600_000_000_000_000n, inEscrow: 640n * CPC, inBonds: 340n * CPC, staked: 0n, withdrawable: milli(477_600) },
  { address: STAKING, name: 'RNode 1', source: 'seed', path: "m/44'/337'/0'/0/1", balance: milli(412_880) + (rnode === 'outside' ? DEPOSIT : 0n), inEscrow: 0n, inBonds: 0n, staked: rnode === 'outside' ? 0n : DEPOSIT, withdrawable: 0n },
  { address: PURCHASES, name: 'Purchases', source: 'keystore', path: null, balance: milli(3_205_680), inEscrow: milli(1_915_680), inBonds: 0n, staked: 0n, withdrawable: 0n },
];

export function sampleWallet({ wallet, empty, network, now, rnode }: SampleOptions): WalletView {
  if (wallet === 'none') return { state: 'none', accounts: [], defaultAccount: null, backedUp: false, locksAt: null, faucet: false, chainId: null, asOfBlock: null };
  const fresh: readonly AccountView[] = [{ address: MAIN, name: 'Main', source: 'seed', path: "m/44'/337'/0'/0/0", balance: 0n, inEscrow: 0n, inBonds: 0n, staked: 0n, withdrawable: 0n }];
  return { state: wallet, accounts: empty ? fresh : accountsOf(rnode), defaultAccount: MAIN, backedUp: true, locksAt: wallet === 'unlocked' ? now + 15 * MINUTE : null, faucet: network === 'practice', chainId: network === 'practice' ? 4181 : 337, asOfBlock: HEAD };
}

/** A payment that waits, in the states that it may be in. */
export function samplePending({ now, pending }: SampleOptions): readonly PendingMovement[] {
  if (pending === 'none') return [];
  const gasPrice = (pending === 'sent' ? 20n : 22n) * 10n ** 9n;
  return [{
    activity: 'pending', kind: 'send', title: '', from: MAIN, state: pending, to: LIANHE, amount: -milli(1_250_500), feeAtMost: 21_000n * gasPrice, gasPrice, nonce: 41, hash: hashOf(`pending ${pending}`), since: now - 3 * MINUTE, canReplace: true,
    problem: null,
  }];
}

export function sampleMovements({ empty, now }: SampleOptions): readonly Movement[] {
  if (empty) return [];
  const rows: readonly (readonly [Movement['kind'], string | null, string | null, bigint, Movement['state'], number])[] = [
    ['self', null, MAIN, 0n, 'ok', 40 * MINUTE],
    ['out', null, LIANHE, -milli(96_000), 'ok', 90 * MINUTE],
    ['call', 'PDEscrow.withdraw', null, milli(477_600), 'ok', 2 * HOUR],
    ['call', 'PDEscrow.confirm', VOLTA_LAB, 0n, 'ok', 2 * HOUR + 12 * MINUTE],
    ['out', null, LIANHE, -12_000n * CPC, 'ok', 4 * HOUR],
    ['call', 'PDListing.publish', null, -340n * CPC, 'ok', 9 * HOUR],
    ['out', null, VOLTA_LAB, -milli(1_250_500), 'failed', 26 * HOUR],
    ['call', 'Rnode.joinRnode', null, -200_000n * CPC, 'ok', 3 * DAY],
    ['in', null, LIANHE, 200_100n * CPC, 'ok', 3 * DAY + 4 * HOUR],
    ['deploy', null, null, 0n, 'ok', 20 * DAY],
    ['in', null, VOLTA_LAB, 378_000_000_000_000n, 'ok', 21 * DAY],
  ];
  return rows.map(([kind, method, counterparty, amount, state, ago], index) => ({
    id: hashOf(`movement ${index}`), kind, method, counterparty, amount, fee: amount < 0n || kind === 'self' ? 420_000_000_000_000n : null, state, hash: hashOf(`movement ${index}`),
    block: HEAD - Math.floor(ago / 10_000), at: now - ago, nonce: 40 - index, replacement: index === 0 ? { outcome: 'cancelled', kind: 'send' } : index === 1 ? { outcome: 'too-late', kind: 'send' } : null,
  }));
}

export const SAMPLE_WORDS = 'orbit velvet canyon tissue lumber ridge afford spoon kitten harbor maple script anchor deny walnut pulse ivory chunk saddle boring fancy umbrella noble lantern'.split(' ');
