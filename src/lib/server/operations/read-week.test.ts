import { expect, test } from 'vitest';
import { rulesOfForm } from '#lib/forms/week.ts';
import { readWeek } from './read-week.ts';

const day = { intervals: [{ from: '08:00', to: '17:00' }] };
const night = { intervals: [{ from: '22:00', to: '06:00' }] };
const none = { intervals: [] };
const schedule = {
  timeZone: 'Europe/Stockholm',
  rules: rulesOfForm([day, none, none, none, none, night, none], []),
  holidays: { country: 'SE', region: null, days: [], own: [] }
};
const nowMs = Date.parse('2026-03-25T12:00Z');
const drawn = (asked: string | null, change: object = {}) =>
  readWeek({ ...schedule, ...change }, asked, nowMs, 'sv').days.map(
    ({ date, names, parts }) =>
      `${date} ${[...names, ...parts.map((part) => `${part.fromMinute}-${part.toMinute} ${part.reason ?? 'open'}`)].join(', ')}`
  );

test('the week of a date, from Monday, over midnight and over the hour that is missing', () => {
  const week = drawn('2026-03-29');
  expect(week[0]).toBe('2026-03-23 0-480 outside-hours, 480-1020 open, 1020-1440 outside-hours');
  expect(week[5]).toBe('2026-03-28 0-1320 outside-hours, 1320-1440 open');
  expect(week[6]).toBe('2026-03-29 0-360 open, 360-1440 outside-hours');
  expect(drawn(null)).toEqual(week);
  expect(drawn('no date')).toEqual(week);
});
test('a day that its month does not have is the last one it has', () => {
  expect(drawn('2026-02-30')).toEqual(drawn('2026-02-28'));
  expect(drawn('2026-02-00')).toEqual(drawn(null));
});
test('holidays stand with their names', () => {
  expect(drawn('2026-04-06')[0]).toBe('2026-04-06 annandag påsk, 0-1440 holiday');
});
test('hours that cannot be worked out are shown empty', () => {
  expect(drawn(null, { timeZone: 'Mars/Olympus' })[0]).toBe('2026-03-23 ');
});
