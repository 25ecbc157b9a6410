declare global {
  interface JSON {
    /** A number in JSON text as it is given, beyond the precision of a JavaScript number. */
    rawJSON(text: string): object;
  }
}

/** An integer of any size as a plain JSON number. */
export function plainNumber(value: bigint): unknown {
  return JSON.rawJSON(value.toString());
}

const ESCAPED = /[<>&\u2028\u2029]/g;

/** JSON text that is safe inside HTML as well, as other nodes of the chain write it (docs/protocol/05 §1.1). */
export function jsonText(value: unknown): string {
  return JSON.stringify(value).replace(ESCAPED, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
