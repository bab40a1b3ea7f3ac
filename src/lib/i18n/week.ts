import { weekdays, type ScheduleRule, type Weekday } from '#lib/hours/schedule.ts';
import { clock } from './format.ts';

/** A day of the plain week: its intervals, in order. */
export type Week = Record<Weekday, { fromMinute: number; toMinute: number }[]>;

/** Rules that the week's editor shows: weekly, each week, without limits in time. Everything else is *special*. */
export function isPlain(rule: ScheduleRule): boolean {
  return (
    rule.effect === 'open' &&
    rule.frequency === 'weekly' &&
    rule.every === 1 &&
    rule.byDay !== null &&
    !rule.byMonth &&
    !rule.byMonthDay &&
    !rule.bySetPos &&
    !rule.validFrom &&
    !rule.validTo
  );
}

export function weekOf(rules: ScheduleRule[]): Week {
  const week = Object.fromEntries(weekdays.map((day) => [day, []])) as unknown as Week;
  for (const rule of rules) {
    if (!isPlain(rule)) continue;
    for (const day of rule.byDay ?? []) week[day].push(...rule.intervals);
  }
  for (const day of weekdays) week[day].sort((a, b) => a.fromMinute - b.fromMinute);
  return week;
}

/** The fewest rules that say the same: days with the same hours share one. */
export function rulesOf(week: Week): ScheduleRule[] {
  const groups = new Map<string, Weekday[]>();
  for (const day of weekdays) {
    if (week[day].length === 0) continue;
    const key = JSON.stringify(week[day]);
    groups.set(key, [...(groups.get(key) ?? []), day]);
  }
  return [...groups].map(([key, byDay]) => ({
    effect: 'open',
    reason: null,
    frequency: 'weekly',
    every: 1,
    byDay,
    byMonthDay: null,
    byMonth: null,
    bySetPos: null,
    intervals: JSON.parse(key) as ScheduleRule['intervals'],
    validFrom: null,
    validTo: null
  }));
}

/** `Mon–Thu 08–17, Fri 08–12, 13–16`; neighbours with the same hours are drawn together. */
export function describeWeek(
  week: Week,
  words: { shortDays: Record<Weekday, string>; always: string; never: string; allDay: string }
): string {
  const said = weekdays.map((day) => week[day].map((one) => span(one, words.allDay)).join(', '));
  if (said.every((text) => text === words.allDay)) return words.always;
  if (said.every((text) => text === '')) return words.never;
  const parts: string[] = [];
  for (let start = 0; start < 7;) {
    let end = start;
    while (end < 6 && said[end + 1] === said[start]) end++;
    const [first, last] = [weekdays[start], weekdays[end]];
    if (said[start] && first && last) {
      const days = first === last ? words.shortDays[first] : `${words.shortDays[first]}–${words.shortDays[last]}`;
      parts.push(`${days} ${said[start]}`);
    }
    start = end + 1;
  }
  const text = parts.join(', ');
  return text.charAt(0).toLocaleUpperCase() + text.slice(1);
}

function span({ fromMinute, toMinute }: { fromMinute: number; toMinute: number }, allDay: string): string {
  if (fromMinute === 0 && toMinute === 1440) return allDay;
  return `${short(fromMinute)}–${short(toMinute)}`;
}

/** A full hour without its minutes, as people write it. */
function short(minute: number): string {
  return clock(minute).replace(/:00$/, '');
}
