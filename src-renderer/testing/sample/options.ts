import type { GatewayView, ReadingState } from '../../../src-node/api/contract/index.ts';

/** Which of its states the sample world is in. */
export interface SampleOptions {
  readonly now: number;
  readonly phase: 'first-hour' | 'ready';
  readonly network: 'practice' | 'mainnet';
  /** In the first hour: the network step is over. */
  readonly chosen: boolean;
  readonly wallet: 'none' | 'locked' | 'unlocked';
  readonly question: 'old-practice-chain' | null;
  readonly language: 'en' | 'zh';
  readonly theme: 'light' | 'dark';
  readonly density: 'comfortable' | 'compact';
  /** Whether one of the accounts has locked a deposit. */
  readonly rnode: 'member' | 'outside';
  /** Whether a payment of the main account waits for its block, and how far it is. */
  readonly pending: 'none' | 'sent' | 'replaced' | 'cancelling';
  /** What other programs ask: a payment, twice the same payment, a call of an unknown kind, a known one, a text, bytes. */
  readonly asked: 'nothing' | 'payment' | 'twice' | 'unknown' | 'known' | 'text' | 'bytes';
  /** How the reading of a stream is. */
  readonly reading: ReadingState;
  /** `fast`: as many rows as a window is ever given, 2,500 a second. */
  readonly pace: 'usual' | 'fast';
  readonly recording: 'none' | 'running' | 'failed';
  readonly gateway: GatewayView['state'];
  /** Nothing owned, bought or sold yet. */
  readonly empty: boolean;
  /** Procedures that fail, by "noun.procedure" with a star for all: "wallet.movements", "*". */
  readonly failing: readonly string[];
  /** Procedures that never answer. */
  readonly hanging: readonly string[];
}

export const DEFAULTS: SampleOptions = {
  now: Date.UTC(2025, 10, 24, 6, 5), phase: 'ready', network: 'practice', chosen: false, wallet: 'unlocked', question: null, language: 'en', theme: 'light', density: 'comfortable', rnode: 'member', pending: 'none', asked: 'nothing', reading: 'live', pace: 'usual', recording: 'none', gateway: 'running', empty: false, failing: [], hanging: [],
};
