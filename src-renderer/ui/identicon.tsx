/** Twelve spokes drawn from the address. Decorative: never the only way to tell two accounts apart. */
import { keccak_256 } from '@noble/hashes/sha3.js';
import { hexToBytes } from '@noble/hashes/utils.js';
import { useMemo } from 'react';
import { sectorPath } from './sector.ts';

const SPOKES = 12;
const INNER = 4;
/** Outer radius and opacity of the four steps. */
const STEPS = [{ radius: 5.75, opacity: 0.66 }, { radius: 7.5, opacity: 0.78 }, { radius: 9.25, opacity: 0.89 }, { radius: 11, opacity: 1 }] as const;

export interface IdenticonProps {
  readonly address: string;
  readonly size?: number;
}

export function Identicon({ address, size = 24 }: IdenticonProps) {
  const { colour, steps } = useMemo(() => spokesOf(address), [address]);
  return (
    <svg width={size} height={size} viewBox="-12 -12 24 24" aria-hidden="true" style={{ flex: 'none' }}>
      <circle r="12" fill={colour} opacity="0.13" />
      {steps.map((step, index) => <path key={index} d={sectorPath(index, SPOKES, step.radius, INNER, 6)} fill={colour} opacity={step.opacity} />)}
      <circle r="1.6" fill={colour} />
    </svg>
  );
}

function spokesOf(address: string): { readonly colour: string; readonly steps: readonly (typeof STEPS)[number][] } {
  const digits = /^0x([0-9a-fA-F]{2})+$/.test(address) ? address.slice(2).toLowerCase() : '';
  const hash = keccak_256(hexToBytes(digits));
  const steps = Array.from({ length: SPOKES }, (_, index) => STEPS[(hash[index + 1] ?? 0) % STEPS.length] ?? STEPS[0]);
  return { colour: `var(--id${(hash[0] ?? 0) % 8})`, steps };
}
