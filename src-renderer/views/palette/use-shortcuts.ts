/** Keys that work on every page. None of them signs. */
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { useLock } from '../../models/wallet.ts';
import { PLACES } from '../shell/places.ts';
import { useShellState } from '../shell/shell-state.ts';

/** The second key after G has to follow within this time. */
const CHORD_MILLIS = 1500;

export function useShortcuts(): void {
  const navigate = useNavigate();
  const { show, toggleRail } = useShellState();
  const { mutate: lock } = useLock();
  const chordUntil = useRef(0);
  useEffect(() => {
    const withControl: Readonly<Record<string, () => void>> = {
      k: () => show({ kind: 'palette' }),
      n: () => show({ kind: 'send' }),
      N: () => void navigate({ to: '/publish' }),
      b: toggleRail,
      l: () => lock(undefined),
    };
    const alone: Readonly<Record<string, () => void>> = {
      '?': () => show({ kind: 'keys' }),
      '/': () => document.querySelector<HTMLElement>('main [data-search]')?.focus(),
      j: () => document.querySelector<HTMLElement>('main tr[tabindex="0"]')?.focus(),
      '[': () => stepTab(-1),
      ']': () => stepTab(1),
    };
    const press = (event: KeyboardEvent): void => {
      // A row that has the focus has moved it already.
      const run = event.defaultPrevented ? undefined : actionOf(event);
      if (run === undefined) return;
      event.preventDefault();
      run();
    };
    const actionOf = (event: KeyboardEvent): (() => void) | undefined => {
      const inSheet = document.querySelector('dialog[open]') !== null;
      if (event.ctrlKey || event.metaKey) {
        if (inSheet) return event.key === 'Enter' ? pressInk : undefined;
        return withControl[event.shiftKey ? event.key.toUpperCase() : event.key];
      }
      if (inSheet || event.altKey || isTyping(event.target)) return undefined;
      if (Date.now() < chordUntil.current) {
        chordUntil.current = 0;
        const place = PLACES.find(({ letter }) => letter === event.key.toLowerCase());
        return place === undefined ? undefined : () => void navigate({ to: place.path });
      }
      if (event.key === 'g') return () => { chordUntil.current = Date.now() + CHORD_MILLIS; };
      return alone[event.key];
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, [navigate, show, toggleRail, lock]);
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('input, textarea, select, [contenteditable]') !== null;
}

/** The ink button of the open sheet; a patina button is never pressed this way. */
function pressInk(): void {
  document.querySelector<HTMLButtonElement>('dialog[open] .button--ink')?.click();
}

function stepTab(step: number): void {
  const tabs = [...document.querySelectorAll<HTMLElement>('main [role="tablist"]:first-of-type [role="tab"]')];
  const at = tabs.findIndex((tab) => tab.getAttribute('aria-selected') === 'true');
  // Radix tabs follow the focus.
  tabs[(at + step + tabs.length) % tabs.length]?.focus();
}
