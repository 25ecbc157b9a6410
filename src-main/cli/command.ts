/** The shape of a command: options of `node:util` parseArgs, and a run that gives one result in two forms. */
import { CodedError } from '../../src-node/base/errors.ts';

export interface CommandArgs {
  readonly positionals: readonly string[];
  readonly values: Readonly<Record<string, string | boolean | undefined>>;
  readonly signal: AbortSignal;
  /** Lines for a person while the command runs; nothing when the output is JSON. */
  readonly say: (line: string) => void;
}

export interface CommandResult {
  readonly json: Readonly<Record<string, string | number>>;
  readonly text: string;
}

export interface Command {
  /** Behind "cpchain". */
  readonly usage: string;
  readonly options: Readonly<Record<string, { readonly type: 'string' | 'boolean' }>>;
  /** @throws USAGE at once */
  readonly run: (args: CommandArgs) => Promise<CommandResult>;
}

export function usageError(message: string, usage: string): CodedError<'USAGE'> {
  return new CodedError('USAGE', message, { help: `Usage: cpchain ${usage}` });
}

/** A string option that must be there. @throws USAGE */
export function required(args: CommandArgs, option: string, usage: string): string {
  const value = args.values[option];
  if (typeof value !== 'string' || value === '') throw usageError(`--${option} is missing.`, usage);
  return value;
}
