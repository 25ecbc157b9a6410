/** Gas prices and limits of the one rule set of all networks (docs/protocol/03 §6.1, §6.2). */
export const GAS = {
  copyWord: 3,
  expByte: 50,
  keccakWord: 6,
  memoryWord: 3,
  memoryQuadDivisor: 512,
  logByte: 8,
  sstoreSet: 20_000,
  sstoreReset: 5_000,
  sstoreClearRefund: 15_000n,
  callValue: 9_000,
  callNewAccount: 25_000,
  callStipend: 2_300,
  selfDestructNewAccount: 25_000,
  selfDestructRefund: 24_000n,
  codeByte: 200,
} as const;

export const LIMITS = {
  stack: 1024,
  /** Deepest frame; the outermost one is 0. */
  depth: 1024,
  codeSize: 24_576,
  /** Largest end of memory in bytes. */
  memory: 0xffffffffe0,
} as const;

/** What stays with the caller when gas is passed on: one part in 64 (EIP-150). */
export function allButOne64th(gas: number): number {
  return gas - Math.floor(gas / 64);
}

export function wordsOf(bytes: number): number {
  return Math.ceil(bytes / 32);
}
