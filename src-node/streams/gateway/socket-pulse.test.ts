import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { SocketPulse } from './socket-pulse.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
afterEach(() => void vi.useRealTimers());

it('gives a connection ten seconds to show its ticket', () => {
  const pulse = new SocketPulse();
  vi.advanceTimersByTime(10_000);
  expect(pulse.due(false)).toBeNull();
  vi.advanceTimersByTime(1);
  expect(pulse.due(false)).toBe('ticket_required');
});

it('asks who is silent for twenty seconds, each twenty seconds, and lets go who was for a minute', () => {
  const pulse = new SocketPulse();
  const dueEach = (times: number): readonly (string | null)[] => Array.from({ length: times }, () => {
    vi.advanceTimersByTime(10_001);
    return pulse.due(true);
  });
  expect(dueEach(6)).toEqual([null, 'ping', null, 'ping', null, 'idle']);
  pulse.heard();
  expect(dueEach(2)).toEqual([null, 'ping']);
});
