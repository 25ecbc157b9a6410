import type { Hex } from '../../base/bytes.ts';

/** "0x" + the shortest hex form; zero is "0x0" (docs/protocol/05 §2). */
export function quantity(value: bigint | number): Hex {
  return `0x${value.toString(16)}`;
}
