import type { Bytes } from '../base/bytes.ts';

const DECODER = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
/** Control characters but for the ends of lines and tabs, and those that turn the direction of text or are not seen, letters among them: with them a text reads as another one. */
const MISLEADING = /[^\P{C}\n\r\t]|[\u2028\u2029\u2800]|(?![\ufe0e\ufe0f])\p{Default_Ignorable_Code_Point}/u;

/** The text that these bytes are, or null when they are none, or one that does not show all that it holds. */
export function readableText(bytes: Bytes): string | null {
  try {
    const text = DECODER.decode(bytes);
    return MISLEADING.test(text) ? null : text;
  } catch {
    return null; // no UTF-8
  }
}
