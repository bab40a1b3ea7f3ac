import { expect, test } from 'vitest';
import { clock, day, duration, moment, momentWords, upcoming } from './format.ts';

test('durations', () => {
  expect([0, 9, 72, 3599, 3600, 5025, -3].map(duration)).toEqual([
    '0:00',
    '0:09',
    '1:12',
    '59:59',
    '1:00:00',
    '1:23:45',
    '0:00'
  ]);
});

test('a moment of today is a time, one of another day has its date, by the zone’s own midnight', () => {
  const now = Date.parse('2026-03-12T09:42:00Z');
  expect(moment(Date.parse('2026-03-12T09:31:00Z'), 'en', 'Europe/Stockholm', now)).toBe('10:31');
  expect(moment(Date.parse('2026-03-11T22:59:00Z'), 'en', 'Europe/Stockholm', now)).toBe('11 Mar, 23:59');
  expect(moment(Date.parse('2026-03-11T23:01:00Z'), 'sv', 'Europe/Stockholm', now)).toBe('00:01');
});

test('what comes is a time today, a weekday this week, a date later', () => {
  const now = Date.parse('2026-03-12T09:42:00Z');
  const at = (text: string, language: 'sv' | 'en') => upcoming(Date.parse(text), language, 'Europe/Stockholm', now);
  expect(at('2026-03-12T16:00:00Z', 'sv')).toBe('17:00');
  expect(at('2026-03-16T07:00:00Z', 'sv')).toBe('på måndag 08:00');
  expect(at('2026-03-16T07:00:00Z', 'en')).toBe('Monday 08:00');
  expect(at('2026-04-06T06:00:00Z', 'en')).toBe('6 Apr, 08:00');
});

test('minutes as a clock, over midnight too', () => {
  expect([0, 485, 1439, 1440, 1800].map(clock)).toEqual(['00:00', '08:05', '23:59', '24:00', '06:00']);
});

test('a day is told with its year, on the calendar of its zone', () => {
  const atMs = Date.parse('2026-03-12T23:30:00Z');
  expect(day(atMs, 'sv', 'Europe/Stockholm')).toBe('13 mars 2026');
  expect(day(atMs, 'en', 'Europe/London')).toBe('12 Mar 2026');
});

test('a moment is told whole, on the clock of its zone', () => {
  const atMs = Date.parse('2026-03-12T23:30:00Z');
  expect(momentWords(atMs, 'sv', 'Europe/Stockholm')).toBe('fredag 13 mars 2026 kl. 00:30');
  expect(momentWords(atMs, 'en', 'Europe/London')).toMatch(/^Thursday,? 12 March 2026 at 23:30$/);
});
