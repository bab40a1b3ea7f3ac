import { weekdays, type ScheduleRule } from '#lib/hours/schedule.ts';
import { clock } from '#lib/i18n/format.ts';
import { isPlain, rulesOf, weekOf, type Week } from '#lib/i18n/week.ts';

export interface WeekFormDay {
  intervals: { from: string; to: string }[];
}

/** The plain week of a schedule as its form has it: seven days, Monday first. */
export function weekFormDays(rules: ScheduleRule[]): WeekFormDay[] {
  const week = weekOf(rules);
  return weekdays.map((day) => ({
    intervals: week[day].map(({ fromMinute, toMinute }) => ({ from: clock(fromMinute), to: clock(toMinute) }))
  }));
}

/**
 * The rules of a filled-in week, with the special rules of `before` kept as they were. An end at or before its start
 * is the next day's.
 */
export function rulesOfForm(days: WeekFormDay[], before: ScheduleRule[]): ScheduleRule[] {
  const week = {} as Week;
  weekdays.forEach((day, index) => {
    week[day] = (days[index]?.intervals ?? [])
      .map(({ from, to }) => {
        const [fromMinute, toMinute] = [minuteOf(from), minuteOf(to)];
        return { fromMinute, toMinute: toMinute <= fromMinute ? toMinute + 1440 : toMinute };
      })
      .sort((a, b) => a.fromMinute - b.fromMinute);
  });
  return [...rulesOf(week), ...before.filter((rule) => !isPlain(rule))];
}

/** Minutes from midnight of `HH:MM`. */
export function minuteOf(text: string): number {
  const [hours = 0, minutes = 0] = text.split(':').map(Number);
  return hours * 60 + minutes;
}
