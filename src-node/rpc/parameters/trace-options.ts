import { invalidValue } from './parameter.ts';
import { readBoolean, readNumber, readObject } from './values.ts';

/** What a trace leaves out (docs/protocol/05 §5). */
export interface TraceOptions {
  readonly disableMemory: boolean;
  readonly disableStack: boolean;
  readonly disableStorage: boolean;
  /** Steps; 0 for no limit of the asker's. */
  readonly limit: number;
}

const ALL: TraceOptions = { disableMemory: false, disableStack: false, disableStorage: false, limit: 0 };

/** Optional; names count in any case. Programs that a trace would be given to are refused: they are code of the asker's. */
export function readTraceOptions(value: unknown): TraceOptions {
  if (value === undefined || value === null) return ALL;
  const given = new Map(Object.entries(readObject(value, 'cpc.TraceConfig')).map(([name, option]) => [name.toLowerCase(), option]));
  if (given.get('tracer') !== undefined && given.get('tracer') !== null) throw invalidValue('tracers are not offered: leave it out for the steps');
  const flag = (name: string): boolean => (given.has(name) ? readBoolean(given.get(name)) : false);
  return {
    disableMemory: flag('disablememory'),
    disableStack: flag('disablestack'),
    disableStorage: flag('disablestorage'),
    limit: given.has('limit') ? readNumber(given.get('limit')) : 0,
  };
}
