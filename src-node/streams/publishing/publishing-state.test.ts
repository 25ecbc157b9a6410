import { expect, it } from 'vitest';
import { millis } from '../../base/clock.ts';
import { CodedError, type ErrorJson } from '../../base/errors.ts';
import type { LinkStatus } from '../publisher/gateway-link.ts';
import { publishingState } from './publishing-state.ts';

const link = (state: LinkStatus['state'], fault: CodedError | null): LinkStatus => ({ gatewayId: '0x61', endpoint: '', state, fault: fault?.toJSON() ?? null, waiting: 0, acknowledgedSeq: null });
const bad = new CodedError('BAD_TAIL', 'it lies', { help: 'Take it off the list.' });
const away = new CodedError('GATEWAY_UNREACHABLE', 'it is away');

function problemOf(gateways: readonly LinkStatus[]): { readonly state: string; readonly problem: ErrorJson | null } {
  const published = { state: 'publishing', fault: null, nextSeq: 0n, runId: null, rowsWaiting: 0, gateways, subscribers: [] } as const;
  return publishingState({ hasEnded: false, isOn: true, isHeld: true, published, run: { fault: null, startedAt: millis(0) }, lastAt: millis(0) }, millis(1000));
}

it('tells of a gateway that claims what is not so while others take all, and of one that is away only when none does', () => {
  expect(problemOf([link('sending', null), link('waiting', bad)])).toEqual({ state: 'publishing', problem: bad.toJSON() });
  expect(problemOf([link('sending', null), link('waiting', away)])).toEqual({ state: 'publishing', problem: null });
  expect(problemOf([link('waiting', away), link('waiting', bad)])).toEqual({ state: 'silent', problem: bad.toJSON() });
  expect(problemOf([link('waiting', away)])).toEqual({ state: 'silent', problem: away.toJSON() });
});
