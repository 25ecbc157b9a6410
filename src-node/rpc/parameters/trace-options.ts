import { readDuration } from './duration.ts';
import { readBoolean, readNumber, readObject, readString } from './values.ts';

/** How an execution is shown, and what of its steps is left out (docs/protocol/05 §5). */
export interface TraceOptions {
  readonly disableMemory: boolean;
  readonly disableStack: boolean;
  readonly disableStorage: boolean;
  /** Steps; 0 for no limit of the asker's. */
  readonly limit: number;
  /** Name of what shows the execution; undefined for its steps. */
  readonly tracer: string | undefined;
  /** Longest time; undefined when the asker has no limit. */
  readonly timeoutMillis: number | undefined;
}

const ALL: TraceOptions = { disableMemory: false, disableStack: false, disableStorage: false, limit: 0, tracer: undefined, timeoutMillis: undefined };

/** Optional; names count in any case. How far back a state may be computed anew (`reexec`) is read only: states are kept, or gone. */
export function readTraceOptions(value: unknown): TraceOptions {
  if (value === undefined || value === null) return ALL;
  const given = new Map(Object.entries(readObject(value, 'cpc.TraceConfig')).map(([name, option]) => [name.toLowerCase(), option]));
  const field = <T>(name: string, read: (value: unknown) => T): T | undefined => {
    const option = given.get(name);
    return option === undefined || option === null ? undefined : read(option);
  };
  field('reexec', readNumber);
  return {
    disableMemory: field('disablememory', readBoolean) ?? false,
    disableStack: field('disablestack', readBoolean) ?? false,
    disableStorage: field('disablestorage', readBoolean) ?? false,
    limit: field('limit', readNumber) ?? 0,
    tracer: field('tracer', readString),
    timeoutMillis: field('timeout', readDuration),
  };
}
