import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const folder = (language: string): string => fileURLToPath(new URL(`../../resources/locales/${language}/`, import.meta.url));

/** Every text by its path, as "path: {{values}}"; plural forms differ between languages and count as one. */
function shapeOf(language: string, file: string): ReadonlyMap<string, string> {
  const shape = new Map<string, string>();
  const walk = (value: unknown, path: string): void => {
    if (typeof value === 'string') shape.set(path.replace(/_(one|other)$/, ''), [...value.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name).sort().join());
    else for (const [key, inner] of Object.entries(value as Readonly<Record<string, unknown>>)) walk(inner, path === '' ? key : `${path}.${key}`);
  };
  walk(JSON.parse(readFileSync(`${folder(language)}${file}`, 'utf8')), '');
  return shape;
}

/** They come to what they take the place of comes to. */
const REPLACEMENTS: readonly string[] = ['speed-up', 'cancel'];
const files = readdirSync(folder('en'));

describe('the words of the window', () => {
  it('stand in the same files', () => expect(readdirSync(folder('zh'))).toEqual(files));

  it.each(files.filter((file) => file !== 'error.json'))('%s has every key in both languages, with the same values in it', (file) => {
    expect(Object.fromEntries(shapeOf('zh', file))).toEqual(Object.fromEntries(shapeOf('en', file)));
  });

  it('says of every act what it is and what it came to', () => {
    const keys = [...shapeOf('en', 'sheet.json').keys()];
    const of = (group: string, part: string): readonly string[] => keys.filter((key) => key.startsWith(`${group}.`) && key.endsWith(`.${part}`)).map((key) => key.split('.')[1] ?? '').filter((kind) => kind !== 'mandate' && !REPLACEMENTS.includes(kind)).sort();
    expect(of('done', 'title')).toEqual(of('kind', 'title'));
    expect(of('kind', 'sign')).toEqual(of('kind', 'line'));
  });
});
