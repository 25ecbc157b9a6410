/** Spans of time in words: at most two units. All spans are milliseconds. */

export type Language = 'en' | 'zh';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const WORDS = {
  en: { day: 'd', hour: 'h', minute: 'm', second: 's', ago: (text: string) => `${text} ago`, now: 'now' },
  zh: { day: '天', hour: '小时', minute: '分', second: '秒', ago: (text: string) => `${text}前`, now: '现在' },
} as const;

/** "3 h 12 m", "45 s", "2 d 4 h". Below zero reads as zero. */
export function duration(millis: number, language: Language = 'en'): string {
  const words = WORDS[language];
  const span = Math.max(0, millis);
  if (span < MINUTE) return unit(Math.floor(span / SECOND), words.second);
  if (span < HOUR) return pair(span, MINUTE, words.minute, SECOND, words.second);
  if (span < DAY) return pair(span, HOUR, words.hour, MINUTE, words.minute);
  return pair(span, DAY, words.day, HOUR, words.hour);
}

/** Time left of something with the focus: "0:20", "12:05"; from one hour as `duration`. */
export function timeLeft(millis: number, language: Language = 'en'): string {
  const span = Math.max(0, millis);
  if (span >= HOUR) return duration(span, language);
  const seconds = Math.ceil(span / SECOND);
  return `${Math.floor(seconds / 60)}:${(seconds % 60).toString().padStart(2, '0')}`;
}

/** "3 s ago", "14 m ago", "5 h ago"; null from 24 h on, where a date says more. */
export function age(millis: number, language: Language = 'en'): string | null {
  const words = WORDS[language];
  if (millis < SECOND) return words.now;
  if (millis < MINUTE) return words.ago(unit(Math.floor(millis / SECOND), words.second));
  if (millis < HOUR) return words.ago(unit(Math.floor(millis / MINUTE), words.minute));
  if (millis < DAY) return words.ago(unit(Math.floor(millis / HOUR), words.hour));
  return null;
}

function pair(span: number, big: number, bigWord: string, small: number, smallWord: string): string {
  const rest = Math.floor((span % big) / small);
  return rest === 0 ? unit(Math.floor(span / big), bigWord) : `${unit(Math.floor(span / big), bigWord)} ${unit(rest, smallWord)}`;
}

function unit(count: number, word: string): string {
  return `${count}\u00a0${word}`;
}
