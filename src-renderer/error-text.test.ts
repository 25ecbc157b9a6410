import { describe, expect, it } from 'vitest';
import { startI18n } from './models/i18n.ts';
import { errorText } from './ui/error-text.ts';

const coded = (code: string, meta: Readonly<Record<string, unknown>> = {}): unknown => ({ code: 'CODED', data: { code, message: 'As the node says it.', help: 'Do this.', meta } });

describe('the sentences of a failure', async () => {
  const [english, chinese] = [await startI18n('en'), await startI18n('zh')];

  it('take the values from the facts of the failure', () => {
    expect(errorText(chinese, coded('THROTTLED', { waitMillis: 61_500 })).help).toBe('没有任何改动。请等待 1\u00a0分 2\u00a0秒，然后再试。');
    expect(errorText(chinese, coded('FAUCET_LIMIT', { left: '1250500000000000000000' })).help).toContain('1,250.5\u00a0CPC');
    expect(errorText(chinese, coded('TOO_EARLY', { fromBlock: '15702104' })).help).toContain('区块 15,702,104 ');
    expect(errorText(chinese, coded('BAD_WORDS', { reason: 'unknown', position: 23 })).message).toBe('第 24 个词不在词表中。');
  });

  it('follow the reason, and are the usual ones without one or with another', () => {
    expect(errorText(chinese, coded('WALLET_LOCKED', { reason: 'sale' })).message).toContain('这笔销售');
    expect(errorText(english, coded('WALLET_LOCKED', { reason: 'sale' })).message).toContain('this sale');
    expect(errorText(chinese, coded('WALLET_LOCKED')).message).toBe('钱包已锁定。');
    expect(errorText(chinese, coded('TRANSACTION_REFUSED', { reason: 'nonce: too. low $t(error:UNKNOWN.message)' })).message).toBe('节点不接受这笔交易。');
  });

  it('stay those of the node where the words are not known, or their values did not come', () => {
    expect(errorText(english, coded('WRONG_STATE', { state: '3' }))).toMatchObject({ message: 'As the node says it.', help: 'Do this.' });
    expect(errorText(chinese, coded('TOO_EARLY')).help).toBe('Do this.');
    expect(errorText(chinese, coded('OF_TOMORROW')).message).toBe('As the node says it.');
  });
});
