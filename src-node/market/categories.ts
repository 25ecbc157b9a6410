/** Category codes as they stand on the chain: the position in this list. Only ever add at the end. */
export const CATEGORIES = ['transport', 'environment', 'energy', 'industry', 'finance', 'health', 'society', 'science', 'media', 'other'] as const;
export type Category = (typeof CATEGORIES)[number];

export function categoryOf(code: number): Category {
  return CATEGORIES[code] ?? 'other';
}
