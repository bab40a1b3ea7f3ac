import { expect, test } from 'vitest';
import { rulesOfForm } from '#lib/forms/week.ts';
import type { OnForQueues } from './read-temporary.ts';
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

/** What decides over a day, each by itself. */
const decides = (asked: string, day: number, change: object = {}, on: OnForQueues[] = []) =>
  readWeek({ ...schedule, ...change }, asked, nowMs, 'sv', on).days[day]?.stretches.map((one) => {
    const name = one.kind === 'plain' ? `${one.weekday}.${one.index}` : one.kind === 'special' ? one.special : one.name;
    return `${one.kind} ${name} ${one.fromMinute}-${one.toMinute}`;
  });

test('an interval over midnight is drawn on both days, on Monday too', () => {
  const rules = rulesOfForm([day, none, none, none, none, none, night], []);
  expect(decides('2026-03-10', 0, { rules })).toEqual(['plain 0.0 480-1020', 'plain 6.0 0-360']);
  expect(decides('2026-03-10', 6, { rules })).toEqual(['plain 6.0 1320-1440']);
});
test('on nights when clocks are set intervals are drawn by the instants that they mean', () => {
  const early = { intervals: [{ from: '02:30', to: '06:00' }] };
  const rules = rulesOfForm([none, none, none, none, none, none, early], []);
  const at = (asked: string) => readWeek({ ...schedule, rules }, asked, nowMs, 'sv').days[6]?.clockChange;
  expect(decides('2026-03-29', 6, { rules })).toEqual(['plain 6.0 180-360']);
  expect(at('2026-03-29')).toEqual({ fromMinute: 120, toMinute: 180, twice: false });
  expect(decides('2026-10-25', 6, { rules })).toEqual(['plain 6.0 150-360']);
  expect(at('2026-10-25')).toEqual({ fromMinute: 120, toMinute: 180, twice: true });
  expect(at('2026-03-22')).toBeNull();
  const missing = rulesOfForm(
    [none, none, none, none, none, none, { intervals: [{ from: '02:00', to: '02:45' }] }],
    []
  );
  expect(decides('2026-03-29', 6, { rules: missing })).toEqual([]);
});
test('special rules, holidays and what is switched on are drawn each by itself', () => {
  const rule = { ...schedule.rules[0]!, effect: 'closed' as const, byDay: ['MO' as const] };
  const rules = [rule, ...schedule.rules];
  const on = {
    name: 'Övning',
    effect: 'closed' as const,
    fromMs: Date.parse('2026-04-05T20:00Z'),
    untilMs: Date.parse('2026-04-06T08:00Z'),
    only: null
  };
  expect(decides('2026-04-06', 0, { rules }, [on])).toEqual([
    'plain 0.0 480-1020',
    'special 0 480-1020',
    'holiday annandag påsk 0-1440',
    'temporary Övning 0-600'
  ]);
});
