import { weekdays, type RuleInterval, type ScheduleRule } from '#lib/hours/schedule.ts';
import { clock } from '#lib/i18n/format.ts';
import { isPlain, rulesOf, weekOf, type Week } from '#lib/i18n/week.ts';
import { closingTime, openingTime } from './hours.ts';

export interface WeekFormDay {
  intervals: { from: string; to: string }[];
}

/** The plain week of a schedule as its form has it: seven days, Monday first. */
export function weekFormDays(rules: ScheduleRule[]): WeekFormDay[] {
  const week = weekOf(rules);
  return formDaysOf(weekdays.map((day) => week[day]));
}

/**
 * The rules of a filled-in week, with the special rules of `before` kept as they were. An end at or before its start
 * is the next day's.
 */
export function rulesOfForm(days: WeekFormDay[], before: ScheduleRule[]): ScheduleRule[] {
  const week = {} as Week;
  weekdays.forEach((day, index) => {
    week[day] = inMinutes(days[index]?.intervals ?? []);
  });
  return [...rulesOf(week), ...before.filter((rule) => !isPlain(rule))];
}

/** The form's days in minutes, each in order; null while a time is not written out. */
export function intervalsOf(days: WeekFormDay[]): RuleInterval[][] | null {
  const whole = days.every(({ intervals }) =>
    intervals.every(({ from, to }) => openingTime.safeParse(from).success && closingTime.safeParse(to).success)
  );
  return whole ? days.map(({ intervals }) => inMinutes(intervals)) : null;
}

/** {@link intervalsOf}, back again. */
export function formDaysOf(days: RuleInterval[][]): WeekFormDay[] {
  return days.map((intervals) => ({
    intervals: intervals.map(({ fromMinute, toMinute }) => ({ from: clock(fromMinute), to: clock(toMinute) }))
  }));
}

function inMinutes(intervals: WeekFormDay['intervals']): RuleInterval[] {
  return intervals
    .map(({ from, to }) => {
      const [fromMinute, toMinute] = [minuteOf(from), minuteOf(to)];
      return { fromMinute, toMinute: toMinute <= fromMinute ? toMinute + 1440 : toMinute };
    })
    .sort((a, b) => a.fromMinute - b.fromMinute);
}

/** Minutes from midnight of `HH:MM`. */
export function minuteOf(text: string): number {
  const [hours = 0, minutes = 0] = text.split(':').map(Number);
  return hours * 60 + minutes;
}
