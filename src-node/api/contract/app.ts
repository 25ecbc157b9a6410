/** The program itself: which phase it is in, its settings, what it knows of its own state. */
import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { procedure, type, type Time } from './base.ts';

export const settingsSchema = z.object({
  language: z.enum(['system', 'en', 'zh']),
  theme: z.enum(['system', 'light', 'dark']),
  density: z.enum(['comfortable', 'compact']),
  moveLess: z.boolean(),
  autoLockMinutes: z.number().int().min(1).max(24 * 60),
  /** Confirm an order, which pays the seller, as soon as every unit of the data has verified. */
  confirmAutomatically: z.boolean(),
  /** Highest gas price that delivery accounts pay, in 10^9 base units. */
  deliveryMaxGwei: z.number().int().min(1).max(1_000_000),
});
export type Settings = z.infer<typeof settingsSchema>;

export type NetworkName = 'practice' | 'mainnet';

export interface AppStatus {
  readonly version: string;
  /** `first-hour` until a network is chosen and a wallet exists. */
  readonly phase: 'first-hour' | 'ready';
  readonly network: NetworkName | null;
  readonly wallet: 'none' | 'locked' | 'unlocked';
  /** What must be answered before the network runs: `old-practice-chain` when its chain began with an older version's first block. */
  readonly question: 'old-practice-chain' | null;
  readonly settings: Settings;
  /** How files reach the node: the path itself (Electron), or the byte route of the headless shell. */
  readonly carrier: 'electron' | 'headless';
  /** The machine's IANA zone, to show beside times. */
  readonly timeZone: string;
}

export interface ProcessUse {
  readonly name: 'shell' | 'node' | 'keys' | 'worker';
  readonly pid: number;
  readonly rssBytes: number | null;
}

export interface Diagnostics {
  readonly version: string;
  readonly runtime: string;
  readonly platform: string;
  readonly dataDirectory: string;
  readonly startedAt: Time;
  readonly processes: readonly ProcessUse[];
  readonly diskFreeBytes: number;
  readonly chainBytes: number;
  /** Newest last; at most 200 lines. Never holds secrets. */
  readonly log: readonly { readonly at: Time; readonly level: string; readonly module: string; readonly message: string }[];
}

/** What changed, so that a model reads it again. Sent at most four times a second. */
export type Topic = 'app' | 'node' | 'wallet' | 'activity' | 'market' | 'drafts' | 'orders' | 'rnode' | 'requests' | 'streams' | 'stream-desk' | 'gateway';

export const app = {
  status: procedure.output(type<AppStatus>()),
  /** `remoteUrl` is the JSON-RPC address of a trusted node, required for a network this program does not run itself yet. @throws REMOTE_UNREACHABLE, REMOTE_WRONG_NETWORK */
  chooseNetwork: procedure.input(z.object({ network: z.enum(['practice', 'mainnet']), remoteUrl: z.url().max(300).optional() })).output(type<AppStatus>()),
  /** `keep` opens the old practice chain to be looked at, until the program ends; else it is moved aside and a new one begins. @throws NO_QUESTION */
  answerOldChain: procedure.input(z.object({ keep: z.boolean() })).output(type<AppStatus>()),
  saveSettings: procedure.input(settingsSchema.partial()).output(type<Settings>()),
  diagnostics: procedure.output(type<Diagnostics>()),
  changes: procedure.output(eventIterator(type<{ readonly topics: readonly Topic[] }>())),
};
