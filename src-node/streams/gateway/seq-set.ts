/** Which frames were delivered: spans of numbers that neither touch nor overlap, in order. */
export class SeqSet {
  /** From, and behind the last. */
  readonly #spans: [bigint, bigint][] = [];

  /** @param spans as `spans` gave them */
  constructor(spans: Iterable<readonly [bigint, bigint]> = []) {
    for (const [from, end] of spans) this.add(from, end);
  }

  spans(): readonly (readonly [bigint, bigint])[] {
    return this.#spans;
  }

  get size(): bigint {
    return this.#spans.reduce((sum, [from, end]) => sum + end - from, 0n);
  }

  /** How many from `from` to before `end` are in it. */
  overlap(from: bigint, end: bigint): bigint {
    let sum = 0n;
    for (let i = this.#spans.length - 1; i >= 0; i--) {
      const [a, b] = this.#spans[i] ?? [0n, 0n];
      if (b <= from) break;
      const low = a > from ? a : from;
      const high = b < end ? b : end;
      if (high > low) sum += high - low;
    }
    return sum;
  }

  /** Takes out the lowest numbers below `before`, at most `count` of them. @returns how many */
  takeLowest(before: bigint, count: bigint): bigint {
    let taken = 0n;
    for (let [span] = this.#spans; span !== undefined && span[0] < before && taken < count; [span] = this.#spans) {
      const bound = span[1] < before ? span[1] : before;
      const end = bound - span[0] < count - taken ? bound : span[0] + count - taken;
      taken += end - span[0];
      if (end < span[1]) span[0] = end;
      else this.#spans.shift();
    }
    return taken;
  }

  add(from: bigint, end: bigint): void {
    const spans = this.#spans;
    let [low, high] = [from, end];
    let behind = spans.length; // what comes is nearly always behind all the rest
    while ((spans[behind - 1]?.[0] ?? low) > high) behind--;
    let first = behind;
    for (let span = spans[first - 1]; span !== undefined && span[1] >= low; span = spans[first - 1]) {
      low = span[0] < low ? span[0] : low;
      high = span[1] > high ? span[1] : high;
      first--;
    }
    spans.splice(first, behind - first, [low, high]);
  }
}
