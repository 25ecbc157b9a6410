/** Records of separated values (RFC 4180), line by line. */

/** A field that stays open longer than this was never meant to be quoted. */
const MAX_RECORD_CHARACTERS = 1024 * 1024;

export class CsvRecords {
  readonly #separator: string;
  #fields: string[] = [];
  #field = '';
  #quoted = false;
  #characters = 0;

  constructor(separator: string) {
    this.#separator = separator;
  }

  /** A quoted field goes on in the next line. */
  get isOpen(): boolean {
    return this.#quoted;
  }

  /** The record that ends with this line, or null while a quoted field goes on in the next. */
  take(line: string): readonly string[] | null {
    if (this.#quoted) this.#field += '\n';
    this.#characters += line.length;
    for (let i = 0; i < line.length; i++) {
      const character = line.charAt(i);
      if (this.#quoted) {
        if (character !== '"') this.#field += character;
        else if (line.charAt(i + 1) === '"') {
          this.#field += '"';
          i += 1;
        } else this.#quoted = false;
      } else if (character === '"' && this.#field === '') this.#quoted = true;
      else if (character === this.#separator) this.#end();
      else this.#field += character;
    }
    if (this.#quoted && this.#characters < MAX_RECORD_CHARACTERS) return null;
    this.#end();
    const record = this.#fields;
    this.#fields = [];
    this.#quoted = false;
    this.#characters = 0;
    return record;
  }

  #end(): void {
    this.#fields.push(this.#field);
    this.#field = '';
  }
}
