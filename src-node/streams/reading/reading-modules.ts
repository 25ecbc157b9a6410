/** What the reading of a channel is made with. */
import type { Clock } from '../../base/clock.ts';
import type { FilePort } from '../../base/files.ts';
import type { Logger } from '../../base/logger.ts';
import type { DailyCaps } from '../daily-caps.ts';
import type { ReadingKeys, StreamKeys, StreamsAt } from '../ports.ts';
import type { StreamChain } from '../stream-chain.ts';
import type { ReadingTable } from './reading-table.ts';

export interface ReadingOptions {
  /** Of this network's data: where readers stand, and what they signed. */
  readonly folder: string;
  /** Of files that are recorded. */
  readonly recordings: string;
}

export interface ReadingModules {
  readonly chain: StreamChain;
  readonly at: StreamsAt;
  readonly keys: ReadingKeys;
  /** What the keys process signs for now. */
  readonly held: StreamKeys['held'];
  readonly caps: DailyCaps;
  readonly table: ReadingTable;
  readonly files: FilePort;
  readonly clock: Clock;
  readonly log: Logger;
  /** Something changed that a page shows. */
  readonly onChange: () => void;
}
