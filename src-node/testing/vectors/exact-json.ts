/** JSON text with every number as it was written and every key where it stood: a double holds no number above 2^53. */
export function exactJson(text: string): unknown {
  return JSON.parse(text, keepNumber as (key: string, value: unknown) => unknown) as unknown;
}

function keepNumber(_key: string, value: unknown, { source }: { readonly source: string }): unknown {
  return typeof value === 'number' ? JSON.rawJSON(source) : value;
}
