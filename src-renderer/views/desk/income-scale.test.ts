import { describe, expect, it } from 'vitest';
import { dayLabel, scaleOf } from './income-scale.ts';

const CPC = 10n ** 18n;

describe('the scale of the income chart', () => {
  it('has few round lines and holds the largest sum', () => {
    const scales: readonly (readonly [readonly bigint[], readonly bigint[]])[] = [
      [[480n * CPC, 960n * CPC], [0n, 500n * CPC, 1000n * CPC]],
      [[5n * CPC], [0n, 2n * CPC, 4n * CPC, 6n * CPC]],
      [[CPC / 1000n], [0n, CPC / 2000n, CPC / 1000n]],
      [[0n], [0n, 1n]],
    ];
    for (const [amounts, lines] of scales) expect(scaleOf(amounts)).toEqual({ top: lines.at(-1), lines });
  });

  it('names days without a clock, in both languages', () => {
    expect([dayLabel('2025-11-23', 'en'), dayLabel('2025-11-23', 'zh')]).toEqual(['23\u00a0Nov', '11月23日']);
  });
});
