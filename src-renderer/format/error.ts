/** Whatever was thrown, as the sentences and the code that an error panel shows. */

export interface ErrorFacts {
  readonly code: string;
  readonly message: string;
  readonly help: string | null;
  readonly meta: Readonly<Record<string, unknown>>;
}

/** Coded errors arrive as `{ code: 'CODED', data: { code, message, help, meta } }`; others keep their own text. */
export function errorFacts(error: unknown): ErrorFacts {
  const data = isRecord(error) && isRecord(error['data']) ? error['data'] : error;
  if (!isRecord(data)) return { code: 'UNKNOWN', message: String(data), help: null, meta: {} };
  return {
    code: text(data['code']) ?? 'UNKNOWN',
    message: text(data['message']) ?? '',
    help: text(data['help']),
    meta: isRecord(data['meta']) ? data['meta'] : {},
  };
}

/** The code of a thrown value, "UNKNOWN" when it has none. */
export function errorCode(error: unknown): string {
  return errorFacts(error).code;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
