/**
 * How each page is looked at: six looks, in which every pair of size, theme, density and language is seen together. Those
 * of one size follow each other, for a change of size costs most.
 */
import type { WindowLanguage } from '../support/words.ts';

export interface Look {
  readonly width: number;
  readonly height: number;
  readonly theme: 'light' | 'dark';
  readonly density: 'comfortable' | 'compact';
  readonly language: WindowLanguage;
  /** What axe looks at: everything once, and what depends on the theme in the other one. */
  readonly axe?: 'all' | 'contrast';
}

const usual = { width: 1280, height: 800 } as const;
const small = { width: 1024, height: 700 } as const;
const large = { width: 1920, height: 1080 } as const;

export const LOOKS: readonly Look[] = [
  { ...usual, theme: 'light', density: 'compact', language: 'en', axe: 'all' },
  { ...usual, theme: 'dark', density: 'comfortable', language: 'zh', axe: 'contrast' },
  { ...small, theme: 'light', density: 'compact', language: 'zh' },
  { ...small, theme: 'dark', density: 'comfortable', language: 'en' },
  { ...large, theme: 'light', density: 'comfortable', language: 'zh' },
  { ...large, theme: 'dark', density: 'compact', language: 'en' },
];

export function lookName({ width, height, theme, density, language }: Look): string {
  return `${width}x${height}-${theme}-${density}-${language}`;
}
