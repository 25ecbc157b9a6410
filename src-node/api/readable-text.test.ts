import { expect, it } from 'vitest';
import { utf8 } from '../base/bytes.ts';
import { readableText } from './readable-text.ts';

it.each(['hello', '', 'first line\nsecond\tline\r\n', '付款 5 CPC', 'é👍', '❤\ufe0f'])('reads %j as the text it is', (text) => expect(readableText(utf8(text))).toBe(text));

it.each([
  ['no UTF-8', Uint8Array.of(0xff, 0xfe)], ['a zero byte', utf8('a\0b')], ['text that turns its direction', utf8('pay \u202e5 CPC')], ['text of which a part is not seen', utf8('pay\u200b 5')], ['a line end of its own', utf8('a\u2028b')], ['a letter that is not seen', utf8('pay\u3164 5')], ['a blank of dots', utf8('5\u2800')],
])('shows %s as bytes', (_, bytes) => expect(readableText(bytes)).toBeNull());
