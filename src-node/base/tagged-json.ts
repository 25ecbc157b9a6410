/** JSON for records of our own that hold bigints and bytes: `{"$n":"…"}`, `{"$b":"hex"}`. Never for bytes from outside. */
export function toTaggedJson(value: unknown): string {
  return JSON.stringify(value, replace);
}

export function fromTaggedJson(text: string): unknown {
  return JSON.parse(text, revive);
}

/** Reads the holder itself, because a Buffer has turned into an object of numbers by the time it arrives as a value. */
function replace(this: Readonly<Record<string, unknown>>, key: string): unknown {
  const value = this[key];
  if (typeof value === 'bigint') return { $n: value.toString() };
  if (value instanceof Uint8Array) return { $b: Buffer.from(value).toString('hex') };
  return value;
}

function revive(_key: string, value: unknown): unknown {
  if (value === null || typeof value !== 'object') return value;
  if ('$n' in value) return BigInt(String(value.$n));
  if ('$b' in value) return new Uint8Array(Buffer.from(String(value.$b), 'hex'));
  return value;
}
