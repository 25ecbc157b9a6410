import { isCoded } from '../../base/errors.ts';
import type { Bytes } from '../../base/bytes.ts';

/** Code that takes bytes from outside, and what has to hold whatever they are. */
export interface FuzzTarget {
  /** Valid inputs to begin with. */
  readonly seeds: readonly Bytes[];
  /** Throws when something does not hold. */
  readonly check: (input: Bytes) => void | Promise<void>;
  /** Ends what the target opened. */
  readonly close?: () => Promise<void>;
}

/** The value, or undefined when it was refused by one of these codes: anything else that is thrown is a finding. */
export function unlessRefused<T>(read: () => T, ...codes: readonly string[]): T | undefined {
  try {
    return read();
  } catch (error) {
    if (codes.some((code) => isCoded(error, code))) return undefined;
    throw error;
  }
}
