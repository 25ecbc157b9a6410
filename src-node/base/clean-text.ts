/** Printable text without control and direction-changing characters. */
export function cleanText(text: string): string {
  return text.replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, (character) => (character === '\n' || character === '\t' ? character : ''));
}
