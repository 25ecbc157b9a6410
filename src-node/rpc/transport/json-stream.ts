/** Cuts a stream of text into JSON values, wherever the pieces of the stream begin and end. */
export class JsonStream {
  readonly #limit: number;
  #text = '';
  /** Where the next character to look at stands. */
  #at = 0;
  #depth = 0;
  #isString = false;
  #isEscaped = false;

  /** @param limit characters of one value */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** The texts of the values that end with this piece; undefined when a value is no object or list, or is too long: the rest has no beginning then. */
  push(piece: string): string[] | undefined {
    this.#text += piece;
    const values: string[] = [];
    for (; this.#at < this.#text.length; this.#at++) {
      const character = this.#text[this.#at] ?? '';
      if (this.#depth === 0 && /\s/.test(character)) continue;
      if (this.#depth === 0) this.#dropBefore(this.#at);
      if (!this.#take(character)) return undefined;
      if (this.#depth > 0) continue;
      values.push(this.#text.slice(0, this.#at + 1));
      this.#dropBefore(this.#at + 1);
      this.#at = -1;
    }
    return this.#text.length > this.#limit ? undefined : values;
  }

  /** Follows one character of a value; false when no value begins with it. */
  #take(character: string): boolean {
    if (this.#isEscaped) this.#isEscaped = false;
    else if (this.#isString) {
      if (character === '\\') this.#isEscaped = true;
      else if (character === '"') this.#isString = false;
    } else if (character === '{' || character === '[') this.#depth++;
    else if (this.#depth === 0) return false;
    else if (character === '}' || character === ']') this.#depth--;
    else if (character === '"') this.#isString = true;
    return true;
  }

  #dropBefore(index: number): void {
    this.#text = this.#text.slice(index);
    this.#at = 0;
  }
}
