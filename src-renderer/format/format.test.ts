import { describe, expect, it } from 'vitest';
import { addressGroups, shortAddress } from './address.ts';
import { amountParts, cpc, parseAmount } from './amount.ts';
import { bytes, rate } from './bytes.ts';
import { age, duration, timeLeft } from './duration.ts';
import { errorFacts } from './error.ts';
import { exactMoment, moment, zoneLabel } from './moment.ts';
import { grouped, percent } from './number.ts';

const CPC = 10n ** 18n;

describe('amounts', () => {
  it.each([
    [1206n * CPC + 7_200_000_000_000_000n, { decimals: 4, unit: true }, '1,206.0072\u00a0CPC'],
    [0n, { decimals: 4 }, '0.0000'],
    [378_000_000_000_000n, { decimals: 2 }, '0.000378'],
    [1n, { decimals: 4 }, '0.000000000000000001'],
    [-12_000n * CPC, { decimals: 2 }, '\u221212,000.00'],
    [4n * CPC, { sign: true }, '+4'],
    [CPC - 1n, { decimals: 2 }, '0.99'],
    [1_250n * CPC + 500_420_000_000_000_000n, {}, '1,250.50042'],
  ])('writes %s with %o as %s', (value, style, expected) => expect(cpc(value, style)).toBe(expected));

  it('parts sign, integer and fraction', () => expect(amountParts(-15n * CPC / 10n, { decimals: 2 })).toEqual({ sign: '\u2212', integer: '1', fraction: '.50' }));

  it.each([['1,250.5', 1_250_500n * 10n ** 15n], ['1250.5', 1_250_500n * 10n ** 15n], [' 0.000000000000000001 ', 1n], ['12,50', null], ['1.', null], ['-1', null], ['1e3', null], ['0.0000000000000000001', null], ['', null]])(
    'reads %j as %s', (text, expected) => expect(parseAmount(text)).toBe(expected));

  it('reads what it writes', () => expect(parseAmount(cpc(123_456_789_012_345_678_901n))).toBe(123_456_789_012_345_678_901n));
});

describe('counts and sizes', () => {
  it.each([[42_600_000_000, '42.6\u00a0GB'], [999, '999\u00a0B'], [1000, '1.00\u00a0kB'], [999_960, '1.00\u00a0MB'], [0, '0\u00a0B']])('writes %d bytes as %s', (count, expected) => expect(bytes(count)).toBe(expected));
  it('writes rates', () => expect(rate(9_400_000)).toBe('9.40\u00a0MB/s'));
  it.each([[0.31, '31\u2009%'], [0.009, '0.9\u2009%'], [0.0996, '10\u2009%'], [1, '100\u2009%'], [0, '0\u2009%']])('writes %d as %s', (share, expected) => expect(percent(share)).toBe(expected));
  it('groups', () => expect([grouped(15_702_104), grouped(999n), grouped(1_000n)]).toEqual(['15,702,104', '999', '1,000']));
});

describe('time', () => {
  it.each([[11_520_000, '3\u00a0h 12\u00a0m', '3\u00a0小时 12\u00a0分'], [45_000, '45\u00a0s', '45\u00a0秒'], [48 * 3_600_000, '2\u00a0d', '2\u00a0天'], [-5, '0\u00a0s', '0\u00a0秒']])('writes %d ms', (millis, en, zh) => {
    expect(duration(millis)).toBe(en);
    expect(duration(millis, 'zh')).toBe(zh);
  });
  it.each([[20_000, '0:20'], [19_001, '0:20'], [725_000, '12:05'], [0, '0:00'], [-1, '0:00'], [3_600_000, '1\u00a0h']])('writes %d ms left as %s', (millis, expected) => expect(timeLeft(millis)).toBe(expected));
  it('writes ages up to a day', () => expect([age(200), age(3_400), age(840_000), age(86_400_000), age(3_400, 'zh')]).toEqual(['now', '3\u00a0s ago', '14\u00a0m ago', null, '3\u00a0秒前']));
  it('writes points in time', () => {
    const now = Date.UTC(2025, 10, 24, 6, 5);
    const style = { now, timeZone: 'Asia/Shanghai' };
    expect(moment(now, style)).toBe('14:05');
    expect(moment(Date.UTC(2025, 10, 23, 1, 58), style)).toBe('23\u00a0Nov, 09:58');
    expect(moment(Date.UTC(2024, 10, 23, 1, 58), style)).toBe('23\u00a0Nov\u00a02024, 09:58');
    expect(moment(Date.UTC(2025, 10, 23, 6, 5), { ...style, language: 'zh' })).toBe('11月23日\u00a014:05');
    expect(moment(Date.UTC(2025, 10, 23, 16, 30), style)).toBe('00:30');
  });
  it('writes the exact time with its zone', () => expect([exactMoment(Date.UTC(2025, 10, 24, 6, 5, 9), 'en', 'Asia/Shanghai'), exactMoment(Date.UTC(2025, 10, 24, 6, 5, 9), 'zh', 'UTC')]).toEqual(['24 Nov 2025, 14:05:09 (UTC+8)', '2025年11月24日 06:05:09 (UTC)']));
  it('names the zone', () => expect([zoneLabel(0, 'Asia/Shanghai'), zoneLabel(0, 'UTC'), zoneLabel(Date.UTC(2025, 0, 1), 'America/St_Johns')]).toEqual(['UTC+8', 'UTC', 'UTC\u22123:30']));
});

describe('addresses', () => {
  const address = '0x3f8A41b0D77e52C9aB04E6f1C83d9A205eC2c21e';
  it('shortens', () => expect(shortAddress(address)).toEqual({ start: '0x3f8A', middle: '41…C2', end: 'c21e' }));
  it('groups by four', () => expect(addressGroups(address)).toBe('0x3f8A 41b0 D77e 52C9 aB04 E6f1 C83d 9A20 5eC2 c21e'));
});

describe('errors', () => {
  it('reads the coded error that the node sent', () => {
    const sent = Object.assign(new Error('x'), { code: 'CODED', data: { code: 'DISK_FULL', message: 'The disk is full.', help: 'Free some space.', meta: { bytes: 3 } } });
    expect(errorFacts(sent)).toEqual({ code: 'DISK_FULL', message: 'The disk is full.', help: 'Free some space.', meta: { bytes: 3 } });
  });
  it('keeps the words of any other failure', () => {
    expect(errorFacts(new Error('socket closed'))).toEqual({ code: 'UNKNOWN', message: 'socket closed', help: null, meta: {} });
    expect(errorFacts('gone')).toMatchObject({ code: 'UNKNOWN', message: 'gone' });
  });
});
