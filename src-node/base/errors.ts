/**
 * The one error class of the program. A code from a documented union says what happened to code, `message` says it to a
 * person in one sentence, `help` says the next step. Crosses process borders by `toJSON` / `fromJSON`.
 */

export type ErrorMeta = Readonly<Record<string, string | number | boolean | null>>;

export interface ErrorJson {
  readonly code: string;
  readonly message: string;
  readonly help?: string;
  readonly meta?: ErrorMeta;
}

export interface CodedErrorOptions {
  /** What the person can do now. */
  readonly help?: string;
  /** Facts for the details panel; never secrets, never payloads. */
  readonly meta?: ErrorMeta;
  readonly cause?: unknown;
}

export class CodedError<Code extends string = string> extends Error {
  readonly code: Code;
  readonly help: string | undefined;
  readonly meta: ErrorMeta;

  constructor(code: Code, message: string, options: CodedErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'CodedError';
    this.code = code;
    this.help = options.help;
    this.meta = options.meta ?? {};
  }

  toJSON(): ErrorJson {
    return { code: this.code, message: this.message, ...(this.help === undefined ? {} : { help: this.help }), meta: this.meta };
  }

  static fromJSON(json: ErrorJson): CodedError {
    return new CodedError(json.code, json.message, {
      ...(json.help === undefined ? {} : { help: json.help }),
      ...(json.meta === undefined ? {} : { meta: json.meta }),
    });
  }
}

/** Narrows to a coded error, with one code or any. */
export function isCoded<Code extends string>(error: unknown, code?: Code): error is CodedError<Code> {
  return error instanceof CodedError && (code === undefined || error.code === code);
}

/** Any thrown value as a coded error, so that a boundary never passes on an unnamed one. */
export function toCoded(error: unknown, code = 'INTERNAL'): CodedError {
  if (isCoded(error)) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new CodedError(code, message, { cause: error });
}

/** For states that the types allow and the code excludes. */
export function invariant(condition: unknown, message: string): asserts condition {
  if (condition === false || condition === null || condition === undefined) {
    throw new CodedError('INVARIANT', message, { help: 'This is a fault of the program. Report it with the details.' });
  }
}
