/** The words of the window as a reader of one language sees them, to find controls by. */
import { readFileSync } from 'node:fs';

export type WindowLanguage = 'en' | 'zh';

/** "wallet:send_sheet.review" as a pattern of the whole text, or of its beginning; what the window fills in matches anything. */
export function wordsOf(language: WindowLanguage, key: string, part: 'whole' | 'start' = 'whole'): RegExp {
  const [file = '', path = ''] = key.split(':');
  const words: unknown = JSON.parse(readFileSync(new URL(`../../resources/locales/${language}/${file}.json`, import.meta.url), 'utf8'));
  const found = path.split('.').reduce<unknown>((at, name) => (at as Readonly<Record<string, unknown>> | undefined)?.[name], words);
  if (typeof found !== 'string') throw new TypeError(`no words ${key} in ${language}`);
  const escaped = found.split(/\{\{\w+\}\}/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${escaped.join('.*')}${part === 'whole' ? '$' : ''}`);
}
