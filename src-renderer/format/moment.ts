/** Points in time, in the zone of the machine unless told otherwise. */
import type { Language } from './duration.ts';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;

export interface MomentStyle {
  readonly now: number;
  readonly language?: Language | undefined;
  /** IANA name; the machine's own when left out. */
  readonly timeZone?: string | undefined;
}

/** "14:05" today, "23 Nov, 14:05" this year, "23 Nov 2024, 14:05" else; Chinese "11月23日 14:05". */
export function moment(at: number, style: MomentStyle): string {
  const then = partsOf(at, style.timeZone);
  const now = partsOf(style.now, style.timeZone);
  if (then.year === now.year && then.month === now.month && then.day === now.day) return then.clock;
  const sameYear = then.year === now.year;
  if (style.language === 'zh') return `${sameYear ? '' : `${then.year}年`}${then.month}月${then.day}日\u00a0${then.clock}`;
  return `${then.day}\u00a0${MONTHS[then.month - 1] ?? ''}${sameYear ? '' : `\u00a0${then.year}`}, ${then.clock}`;
}

/** "14:05:09", with `thousandths` "14:05:09.412": the same in every language. */
export function clock(at: number, thousandths = false): string {
  const date = new Date(at);
  const two = (value: number): string => value.toString().padStart(2, '0');
  const time = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
  return thousandths ? `${time}.${date.getMilliseconds().toString().padStart(3, '0')}` : time;
}

/** "23 Nov 2024, 14:05:09 (UTC+8)": for tooltips. */
export function exactMoment(at: number, language: Language, timeZone?: string): string {
  const format = new Intl.DateTimeFormat(language === 'zh' ? 'zh-CN' : 'en-GB', { ...zone(timeZone), dateStyle: 'medium', timeStyle: 'medium' });
  return `${format.format(at)} (${zoneLabel(at, timeZone)})`;
}

/** "UTC+8", "UTC", "UTC−3:30": the offset that holds at `at`. */
export function zoneLabel(at: number, timeZone?: string): string {
  const format = new Intl.DateTimeFormat('en-GB', { ...zone(timeZone), timeZoneName: 'longOffset' });
  const offset = format.formatToParts(at).find((part) => part.type === 'timeZoneName')?.value ?? 'GMT';
  const match = /^GMT([+-])0?(\d+):(\d\d)$/.exec(offset);
  if (match === null) return 'UTC';
  const [, sign, hours = '0', minutes] = match;
  if (hours === '0' && minutes === '00') return 'UTC';
  return `UTC${sign === '-' ? '\u2212' : '+'}${hours}${minutes === '00' ? '' : `:${minutes ?? ''}`}`;
}

interface Parts {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly clock: string;
}

function partsOf(at: number, timeZone: string | undefined): Parts {
  const format = new Intl.DateTimeFormat('en-GB', { ...zone(timeZone), year: 'numeric', month: 'numeric', day: 'numeric', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  const values: Partial<Record<string, string>> = {};
  for (const part of format.formatToParts(at)) values[part.type] = part.value;
  return { year: Number(values['year']), month: Number(values['month']), day: Number(values['day']), clock: `${values['hour'] ?? ''}:${values['minute'] ?? ''}` };
}

function zone(timeZone: string | undefined): { timeZone?: string } {
  return timeZone === undefined ? {} : { timeZone };
}
