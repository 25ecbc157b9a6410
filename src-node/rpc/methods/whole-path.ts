import { isAbsolute } from 'node:path';
import { rpcError } from '../protocol/errors.ts';

/** What a relative path is relative to only the user of a command line knows. @throws CALL_FAILED */
export function requireWholePath(file: string): void {
  if (!isAbsolute(file)) throw rpcError('CALL_FAILED', 'give the whole path of the file');
}
