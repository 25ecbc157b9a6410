import { describe, expect, it } from 'vitest';
import type { NeedsYou, ProgramRequest } from '../../src-node/api/contract/index.ts';
import { withFollowers } from './changes.ts';
import { byClock, isOfAPage, isSellers, needsYouPath } from './needs-you.ts';
import { isWithdrawn } from './requests.ts';

const request: ProgramRequest = { id: 'one', link: 'socket', account: '0x11', accountName: null, what: { kind: 'message', text: 'hello', hex: '0x68656c6c6f', bytes: 5 }, isRepeated: false, askedAt: 0, expiresAt: 300_000 };
const need = (kind: NeedsYou['subject']['kind'], key: string, deadline: number | null): NeedsYou => ({ id: `${key}:1`, key, subject: { kind, id: '1' }, title: '', amount: null, deadline });

describe('a request of a program', () => {
  it('is withdrawn when the node lists it no more, and not while that is unknown', () => {
    expect([isWithdrawn('one', [request]), isWithdrawn('other', [request]), isWithdrawn('one', []), isWithdrawn('one', undefined)]).toEqual([false, true, true, false]);
  });

  it('stands among what waits for the user, by its clock, and counts for no page', () => {
    const [asked, sale, purchase] = [need('request', 'program-transaction', 300_000), need('order', 'post-key', 900_000), need('order', 'confirm', null)];
    const waiting = byClock([purchase, sale, asked]);
    expect(waiting).toEqual([asked, sale, purchase]);
    expect(waiting.filter(isOfAPage)).toEqual([sale, purchase]);
    expect(waiting.filter(isSellers)).toEqual([sale]);
    expect(needsYouPath(asked)).toEqual({ to: '/', params: {} });
  });

  it('has what waits for the user read again', () => {
    expect([...withFollowers(['requests'])]).toEqual(['requests', 'orders']);
  });
});
