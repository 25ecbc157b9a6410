import { describe, expect, it } from 'vitest';
import { fromHex } from '../base/bytes.ts';
import { ManualClock, millis } from '../base/clock.ts';
import type { ChainReader } from '../chain/reader.ts';
import type { ActionRecord } from './action.ts';
import type { Outbox } from './outbox.ts';
import { Proposals, type DraftProposal } from './proposals.ts';

const known: Pick<ChainReader, 'balanceOf' | 'gasPrice' | 'estimateGas' | 'head'> = {
  balanceOf: () => Promise.resolve(10n ** 18n), gasPrice: () => Promise.resolve(1n), estimateGas: () => Promise.resolve(21_000n), head: () => null,
};
const proposals = (before: Partial<ActionRecord> | null = null): Proposals => new Proposals({ reader: known as ChainReader, outbox: { find: () => before, findReplaced: () => null } as unknown as Outbox, clock: new ManualClock(millis(0)), explain: () => null, grant: () => Promise.resolve() });
const buy = (id: string, value: bigint, order: string): DraftProposal => ({
  id, kind: 'buy', title: '', account: fromHex('11'.repeat(20)), calls: [{ to: fromHex('22'.repeat(20)), value, payload: new Uint8Array(0) }], subject: { kind: 'order', id: order }, permissions: [],
});

describe('a sheet', () => {
  it('is void when another one of the same thing was prepared after it, and signs no other than it showed', async () => {
    const kept = proposals();
    await kept.prepare(buy('place:a', 1n, 'next'));
    await kept.prepare(buy('place:other', 1n, 'another'));
    await kept.prepare(buy('place:b', 100n, 'next'));
    expect(() => kept.get('place:a')).toThrow(expect.objectContaining({ code: 'PROPOSAL_EXPIRED' }));
    expect([kept.get('place:b').value, kept.get('place:other').value]).toEqual([100n, 1n]);
  });

  it('is a new action where the one before was dropped, so that it can be done at all', async () => {
    const failed = proposals({ error: { code: 'TRANSACTION_REFUSED', message: 'No.' }, entries: [] });
    expect((await failed.prepare(buy('place:a', 1n, 'next'))).id).not.toBe('place:a');
    expect((await proposals({ error: null, entries: [] }).prepare(buy('place:a', 1n, 'next'))).id).toBe('place:a');
  });
});
