import type { Activity, Proposal, SheetField } from '../../../src-node/api/contract/index.ts';
import { addressOf, CPC, hashOf, HOUR, MAIN } from './addresses.ts';
import type { SampleOptions } from './options.ts';
import { HEAD, sampleWallet } from './wallet.ts';

export const GAS_PRICE = 20n * 10n ** 9n;

export interface ProposalSeed {
  readonly kind: Proposal['kind'];
  readonly from?: string;
  readonly to?: string | null;
  readonly contract?: string | null;
  readonly method?: string | null;
  readonly arguments?: Proposal['calls'][number]['arguments'];
  readonly value?: bigint;
  readonly gasPrice?: bigint;
  readonly fields?: readonly SheetField[];
  readonly notes?: Proposal['notes'];
  readonly changes?: Proposal['changes'];
  readonly reason?: Proposal['changes'][number]['reason'];
  readonly mandate?: Proposal['mandate'];
}

let count = 0;

export function sampleProposal(options: SampleOptions, seed: ProposalSeed): Proposal {
  const from = seed.from ?? MAIN;
  const account = sampleWallet(options).accounts.find(({ address }) => address === from);
  const plain = seed.method === undefined;
  const gas = plain ? 21_000 : 182_400;
  const gasPrice = seed.gasPrice ?? GAS_PRICE;
  const fee = BigInt(gas) * gasPrice;
  const value = seed.value ?? 0n;
  const mine = { account: from, accountName: account?.name ?? null };
  return {
    id: `proposal-${(count += 1)}`, kind: seed.kind, from, fromName: account?.name ?? null,
    calls: [{ to: seed.to === undefined ? addressOf('escrow') : seed.to, contract: seed.contract ?? null, method: seed.method ?? null, arguments: seed.arguments ?? [], value, gasLimit: gas, gasEstimate: gas, gasPrice, dataHex: plain ? '0x' : `0x${hashOf(seed.kind).slice(2, 10)}` }],
    changes: [...(value === 0n ? [] : [{ ...mine, amount: -value, reason: seed.reason ?? ('value' as const) }]), { ...mine, amount: -fee, reason: 'fee-at-most' }, ...(seed.changes ?? [])],
    fields: seed.fields ?? [], notes: seed.notes ?? [], totalAtMost: value + fee, feeAtMost: fee, balance: account?.balance ?? 0n, mandate: seed.mandate ?? null, simulatedOnBlock: HEAD, expiresAt: options.now + HOUR,
  };
}

export const amountField = (key: string, amount: bigint): SheetField => ({ key, value: { kind: 'amount', amount } });

export function sampleActivities({ now, empty }: SampleOptions): readonly Activity[] {
  if (empty) return [];
  const transaction = (word: string): Activity['transactions'][number] => ({ hash: hashOf(word), nonce: 40, block: HEAD - 300, status: 'ok', fee: CPC / 2000n });
  return [
    { id: 'running', kind: 'buy', title: 'Battery ageing, 240 cells', from: MAIN, state: 'sent', transactions: [{ hash: hashOf('movement 0'), nonce: 41, block: null, status: null, fee: null }], createdAt: now - 12_000, tooLateToCancel: false, error: null, subject: { kind: 'order', id: hashOf('order battery') } },
    { id: 'done', kind: 'withdraw', title: '', from: MAIN, state: 'final', transactions: [transaction('withdrawn')], createdAt: now - 2 * HOUR, tooLateToCancel: false, error: null, subject: null },
  ];
}
