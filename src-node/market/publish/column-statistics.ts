/** What one column holds, seen value by value in constant memory. */
import type { MetadataColumn } from '../metadata.ts';

type ValueType = Exclude<MetadataColumn['type'], 'mixed'>;

const INTEGER = /^[+-]?\d{1,15}$/;
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const DATE = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/;
const NULLS = new Set(['', 'null', 'NULL', 'NA', 'N/A', 'nan', 'NaN']);

/** A value within a row as text; one that is nested deeper than can be written is only hinted at. */
export function jsonOf(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch {
    return '…';
  }
}

function typeOf(text: string): ValueType {
  if (text === 'true' || text === 'false') return 'boolean';
  if (INTEGER.test(text)) return 'integer';
  if (NUMBER.test(text)) return 'number';
  return DATE.test(text) ? 'date' : 'text';
}

export class ColumnStatistics {
  readonly #types = new Set<ValueType>();
  #present = 0;
  #minNumber = Infinity;
  #maxNumber = -Infinity;
  #minText: string | null = null;
  #maxText: string | null = null;

  add(value: unknown): void {
    if (value === null || value === undefined) return;
    const text = typeof value === 'string' ? value.trim() : jsonOf(value);
    if (NULLS.has(text)) return;
    this.#present += 1;
    const type = typeOf(text);
    this.#types.add(type);
    if (type === 'integer' || type === 'number') {
      const number = Number(text);
      if (number < this.#minNumber) this.#minNumber = number;
      if (number > this.#maxNumber) this.#maxNumber = number;
    } else {
      if (this.#minText === null || text < this.#minText) this.#minText = text.slice(0, 200);
      if (this.#maxText === null || text > this.#maxText) this.#maxText = text.slice(0, 200);
    }
  }

  /** `rows`: of the whole file, absent values included. */
  result(rows: number): Omit<MetadataColumn, 'name'> {
    const type = this.#type();
    const isNumeric = type === 'integer' || type === 'number';
    const hasRange = this.#present > 0 && type !== 'boolean' && type !== 'mixed';
    return {
      type,
      nullPct: rows === 0 ? 0 : Math.round(((rows - this.#present) / rows) * 1000) / 10,
      min: !hasRange ? null : isNumeric ? String(this.#minNumber) : this.#minText,
      max: !hasRange ? null : isNumeric ? String(this.#maxNumber) : this.#maxText,
    };
  }

  #type(): MetadataColumn['type'] {
    const [only] = this.#types;
    if (this.#types.size === 1 && only !== undefined) return only;
    if (this.#types.size === 2 && this.#types.has('integer') && this.#types.has('number')) return 'number';
    return this.#types.size === 0 ? 'text' : this.#types.has('text') ? 'text' : 'mixed';
  }
}
