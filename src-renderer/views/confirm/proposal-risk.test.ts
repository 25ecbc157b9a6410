import { expect, it } from 'vitest';
import type { ProposedCall } from '../../../src-node/api/contract/index.ts';
import { isUnreadable } from './proposal-risk.ts';

const call: ProposedCall = { to: '0x11', contract: null, method: null, arguments: [], value: 0n, gasLimit: 21_000, gasEstimate: 21_000, gasPrice: 1n, dataHex: '0x01020304' };

it.each<[what: string, call: ProposedCall, kind: 'send' | 'deploy-market' | 'program', unreadable: boolean]>([
  ['data for nothing that is known', call, 'send', true],
  ['a known method', { ...call, method: 'withdraw' }, 'program', false],
  ['no data', { ...call, dataHex: '0x' }, 'program', false],
  ['the code that this program puts on the chain', { ...call, to: null }, 'deploy-market', false],
  ['the code of another program', { ...call, to: null }, 'program', true],
])('%s asks for a tick or not', (_, one, kind, unreadable) => expect(isUnreadable(one, kind)).toBe(unreadable));
