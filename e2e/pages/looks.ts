/**
 * How each page is looked at. Six looks are enough for every pair of size, theme, density and language to be seen together;
 * those of one language share one load of the page.
 */
import type { WindowLanguage } from '../support/words.ts';

export interface Look {
  readonly width: number;
  readonly height: number;
  readonly theme: 'light' | 'dark';
  readonly density: 'comfortable' | 'compact';
  /** Whether axe runs over it: once in each theme. */
  readonly axe?: true;
}

const small = { width: 1024, height: 700 } as const;
const usual = { width: 1280, height: 800 } as const;
const large = { width: 1920, height: 1080 } as const;

export const LOOKS: Readonly<Record<WindowLanguage, readonly Look[]>> = {
  en: [
    { ...usual, theme: 'light', density: 'compact', axe: true },
    { ...small, theme: 'dark', density: 'comfortable' },
    { ...large, theme: 'dark', density: 'compact' },
  ],
  zh: [
    { ...usual, theme: 'dark', density: 'comfortable', axe: true },
    { ...small, theme: 'light', density: 'compact' },
    { ...large, theme: 'light', density: 'comfortable' },
  ],
};

export function lookName({ width, height, theme, density }: Look): string {
  return `${width}x${height}-${theme}-${density}`;
}
