import { expect, test } from 'vitest';
import { specialDays } from '#lib/hours/holidays.ts';
import type { HolidaySettings } from '#lib/hours/schedule.ts';
import { holidaysFormOf, holidaysOfForm } from './holidays.ts';

const sweden: HolidaySettings = { country: 'SE', region: null, days: [], own: [] };
const daysOf = (settings: HolidaySettings) => specialDays(settings, '2026-01-01', '2026-12-31');
const standard = daysOf(sweden);
const formOf = (settings: HolidaySettings) => holidaysFormOf(settings, daysOf(settings));
const change = (settings: HolidaySettings, rule: string, day: Partial<{ mode: string; from: string; to: string }>) => {
  const form = formOf(settings);
  return { ...form, days: form.days.map((one) => (one.rule === rule ? { ...one, ...day } : one)) as typeof form.days };
};

test('a form that nobody has touched chooses nothing', () => {
  expect(holidaysOfForm(formOf(sweden), standard, sweden)).toEqual(sweden);
});
test('a choice is kept by its rule, and what was chosen back to usual is dropped', () => {
  const off = holidaysOfForm(change(sweden, '12-31', { mode: 'ordinary' }), standard, sweden);
  expect(off?.days).toEqual([{ rule: '12-31', hours: 'ordinary' }]);
  expect(off && holidaysOfForm(change(off, '12-31', { mode: 'closed' }), standard, off)).toEqual(sweden);
});
test('an eve is offered with the hour it begins at', () => {
  const form = change(sweden, '04-30 12:00', { mode: 'short' });
  const hours = { fromMinute: 0, toMinute: 720 };
  expect(holidaysOfForm(form, standard, sweden)?.days).toEqual([{ rule: '04-30 12:00', hours }]);
});
test('a choice about a day that was not shown stays; with another country all choices go', () => {
  const before = { ...sweden, days: [{ rule: 'now and then', hours: 'closed' as const }] };
  expect(holidaysOfForm(formOf(before), standard, before)).toEqual(before);
  expect(holidaysOfForm({ ...formOf(before), country: 'DE' }, standard, before)?.days).toEqual([]);
  expect(holidaysOfForm({ ...formOf(before), country: '' }, standard, before)).toBeNull();
});
