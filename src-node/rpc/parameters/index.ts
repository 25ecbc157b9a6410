/** The parameters that methods declare. */
import { readBlockTag } from './block-tag.ts';
import { readCallArguments } from './call-arguments.ts';
import { readLogCriteria } from './log-criteria.ts';
import { optional, required, type Parameter } from './parameter.ts';
import { readTraceOptions, type TraceOptions } from './trace-options.ts';
import { readTransactionArguments } from './transaction-arguments.ts';
import { readAddress, readBase64, readBoolean, readData, readHash, readIndex, readInteger, readNumber, readSlot, readString } from './values.ts';

export const ADDRESS = required(readAddress);
export const BASE64 = required(readBase64);
export const BLOCK_TAG = required(readBlockTag);
export const BOOLEAN = required(readBoolean);
export const CALL = required(readCallArguments);
export const DATA = required(readData);
export const HASH = required(readHash);
export const IDENTIFIER = required(readString);
export const INDEX = required(readIndex);
export const INTEGER = required(readInteger);
export const NUMBER = required(readNumber);
export const LOG_CRITERIA = required(readLogCriteria);
export const TEXT = required(readString);
export const SLOT = required(readSlot);
export const TRANSACTION = required(readTransactionArguments);

export const OPTIONAL_HASH = optional(readHash);
export const OPTIONAL_NUMBER = optional(readNumber);
export const TRACE_OPTIONS: Parameter<TraceOptions> = { isOptional: true, read: readTraceOptions };

/** Read by the method itself, which knows when it is needed. */
export const OPTIONAL_VALUE: Parameter<unknown> = { isOptional: true, read: (value) => value };
