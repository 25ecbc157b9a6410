/** Which of its states the sample world is in. */
export interface SampleOptions {
  readonly now: number;
  readonly phase: 'first-hour' | 'ready';
  readonly network: 'practice' | 'mainnet';
  readonly wallet: 'none' | 'locked' | 'unlocked';
  readonly language: 'en' | 'zh';
  readonly theme: 'light' | 'dark';
  readonly density: 'comfortable' | 'compact';
  /** Nothing owned, bought or sold yet. */
  readonly empty: boolean;
  /** Procedures that fail, by "noun.procedure" with a star for all: "wallet.movements", "*". */
  readonly failing: readonly string[];
  /** Procedures that never answer. */
  readonly hanging: readonly string[];
}

export const DEFAULTS: SampleOptions = {
  now: Date.UTC(2025, 10, 24, 6, 5), phase: 'ready', network: 'practice', wallet: 'unlocked', language: 'en', theme: 'light', density: 'comfortable', empty: false, failing: [], hanging: [],
};
