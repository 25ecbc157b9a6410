/** The parameters that methods declare. */
import { readBlockTag } from './block-tag.ts';
import { readCallArguments } from './call-arguments.ts';
import { readLogCriteria } from './log-criteria.ts';
import { required, type Parameter } from './parameter.ts';
import { readTraceOptions, type TraceOptions } from './trace-options.ts';
import { readTransactionArguments } from './transaction-arguments.ts';
import { readAddress, readBoolean, readData, readHash, readIndex, readNumber, readSlot, readString } from './values.ts';

export const ADDRESS = required(readAddress);
export const BLOCK_TAG = required(readBlockTag);
export const BOOLEAN = required(readBoolean);
export const CALL = required(readCallArguments);
export const DATA = required(readData);
export const HASH = required(readHash);
export const IDENTIFIER = required(readString);
export const INDEX = required(readIndex);
export const NUMBER = required(readNumber);
export const LOG_CRITERIA = required(readLogCriteria);
export const SLOT = required(readSlot);
export const TRANSACTION = required(readTransactionArguments);

export const TRACE_OPTIONS: Parameter<TraceOptions> = { isOptional: true, read: readTraceOptions };

/** Read by the method itself, which knows when it is needed. */
export const OPTIONAL_VALUE: Parameter<unknown> = { isOptional: true, read: (value) => value };
