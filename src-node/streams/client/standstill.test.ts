import { expect, it } from 'vitest';
import { ManualClock, millis } from '../../base/clock.ts';
import { Standstill, type StandstillFacts } from './standstill.ts';

const IDLE: StandstillFacts = { counted: 40n, waits: false };

function standing(): { readonly clock: ManualClock; readonly standstill: Standstill; readonly after: (seconds: number, facts?: Partial<StandstillFacts>) => boolean } {
  const clock = new ManualClock(millis(1_000_000));
  const standstill = new Standstill({ clock });
  standstill.begin(40n);
  const after = (seconds: number, facts: Partial<StandstillFacts> = {}): boolean => {
    clock.advance(millis(seconds * 1000));
    return standstill.isDue({ ...IDLE, ...facts });
  };
  return { clock, standstill, after };
}

it('is over after three seconds in which nothing could be signed, and nothing was on its way', () => {
  const { after } = standing();
  expect([after(0), after(2.9), after(0.1), after(10)]).toEqual([false, false, true, false]);
});

it('begins anew with whatever is waited for, and with a voucher that the gateway has not taken', () => {
  for (const busy of [{ waits: true }, { counted: 41n }]) {
    const { after } = standing();
    expect([after(0), after(2), after(2, busy), after(0), after(2.9), after(0.1)]).toEqual([false, false, false, false, false, true]);
  }
});

it('is none when the gateway goes on', () => {
  const { standstill, after } = standing();
  expect(after(0)).toBe(false);
  standstill.end();
  expect(after(5)).toBe(false);
});

it('is ended at most once in half a minute', () => {
  const { standstill, after } = standing();
  expect([after(0), after(3)]).toEqual([false, true]);
  standstill.begin(40n);
  expect([after(0), after(29), after(1)]).toEqual([false, false, true]);
});
