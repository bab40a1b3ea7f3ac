import { expect, test } from 'vitest';
import { hours } from './hours.ts';
import { describeWeek, rulesOf, weekOf, type Week } from './week.ts';
import type { ScheduleRule } from '#lib/hours/schedule.ts';

const office = [{ fromMinute: 480, toMinute: 1020 }];
const friday = [
  { fromMinute: 480, toMinute: 720 },
  { fromMinute: 780, toMinute: 965 }
];
const week: Week = { MO: office, TU: office, WE: office, TH: office, FR: friday, SA: [], SU: [] };
const all = [{ fromMinute: 0, toMinute: 1440 }];

test('a week in words', () => {
  expect(describeWeek(week, hours.en)).toBe('Mon–Thu 08–17, Fri 08–12, 13–16:05');
  expect(describeWeek(week, hours.sv)).toBe('Mån–tor 08–17, fre 08–12, 13–16:05');
  expect(describeWeek({ MO: all, TU: all, WE: all, TH: all, FR: all, SA: all, SU: all }, hours.en)).toBe(
    'Every day, around the clock'
  );
  expect(describeWeek({ MO: [], TU: [], WE: [], TH: [], FR: [], SA: [], SU: [] }, hours.en)).toBe('Never open');
  const night = [{ fromMinute: 22 * 60, toMinute: 30 * 60 }];
  expect(describeWeek({ MO: [], TU: [], WE: [], TH: [], FR: night, SA: night, SU: [] }, hours.en)).toBe(
    'Fri–Sat 22–06'
  );
});

test('a week becomes the fewest rules and comes back the same', () => {
  const rules = rulesOf(week);
  expect(rules.map((rule) => rule.byDay)).toEqual([['MO', 'TU', 'WE', 'TH'], ['FR']]);
  expect(weekOf(rules)).toEqual(week);
});

test('special rules are no part of the plain week', () => {
  const [rule] = rulesOf(week);
  const special: ScheduleRule[] = rule
    ? [
        { ...rule, effect: 'closed' },
        { ...rule, every: 2 },
        { ...rule, validTo: '2026-12-31' },
        { ...rule, frequency: 'yearly' }
      ]
    : [];
  expect(Object.values(weekOf(special)).flat()).toEqual([]);
});
