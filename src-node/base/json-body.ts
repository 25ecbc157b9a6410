/** The body of an answer of fetch, read no further than a bound: what answers may be anybody, and need not say how long its answer is. */

/** @returns the JSON, or undefined when it is longer than `maxBytes`; the rest is not read then. @throws SyntaxError when it is none, and what the connection ends with */
export async function readJsonBody(response: Response, maxBytes: number): Promise<unknown> {
  const parts: Uint8Array[] = [];
  let length = 0;
  // leaving the loop ends the connection
  for await (const part of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    length += part.length;
    if (length > maxBytes) return undefined;
    parts.push(part);
  }
  return JSON.parse(Buffer.concat(parts).toString('utf8'));
}
