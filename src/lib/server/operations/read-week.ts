import { hoursNow, segments } from '#lib/hours/evaluate.ts';
import { specialDays } from '#lib/hours/holidays.ts';
import type { ClosedReason } from '#lib/acd/events.ts';
import type { Language } from '#lib/acd/configuration.ts';
import type { ScheduleHours } from '#lib/hours/schedule.ts';

export interface WeekDay {
  /** ISO. */
  date: string;
  /** Of the special days that change it. */
  names: string[];
  /** Minutes on the clock of that day, in order and without gaps; `reason` null: open. */
  parts: { fromMinute: number; toMinute: number; reason: ClosedReason | null }[];
}

/**
 * The week of a date, Monday first, as it will be. A day on which clocks are set is drawn by what they show.
 *
 * @param asked ISO date; null or no date: today
 */
export function readWeek(schedule: ScheduleHours, asked: string | null, nowMs: number, language: Language) {
  const broken = hoursNow(schedule, nowMs).broken;
  const timeZone = broken ? 'UTC' : schedule.timeZone;
  const today = Temporal.Instant.fromEpochMilliseconds(nowMs).toZonedDateTimeISO(timeZone).toPlainDate();
  const date = parsed(asked) ?? today;
  const monday = date.subtract({ days: date.dayOfWeek - 1 });
  const dates = Array.from({ length: 7 }, (_one, day) => monday.add({ days: day }));
  const names = schedule.holidays
    ? specialDays(schedule.holidays, monday.toString(), monday.add({ days: 6 }).toString(), language)
    : [];
  return {
    days: dates.map((day): WeekDay => ({
      date: day.toString(),
      names: names.filter((one) => one.date === day.toString() && one.hours !== 'ordinary').map((one) => one.name),
      parts: broken ? [] : partsOf(schedule, day)
    })),
    before: monday.subtract({ days: 7 }).toString(),
    after: monday.add({ days: 7 }).toString()
  };
}

function partsOf(schedule: ScheduleHours, day: Temporal.PlainDate): WeekDay['parts'] {
  const start = day.toZonedDateTime(schedule.timeZone).epochMilliseconds;
  const end = day.add({ days: 1 }).toZonedDateTime(schedule.timeZone).epochMilliseconds;
  return segments(schedule, start, end).map(({ open, reason, fromMs, toMs }) => ({
    fromMinute: minuteAt(schedule.timeZone, fromMs),
    toMinute: toMs === end ? 1440 : minuteAt(schedule.timeZone, toMs),
    reason: open ? null : reason
  }));
}

function minuteAt(timeZone: string, ms: number): number {
  const { hour, minute } = Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(timeZone);
  return hour * 60 + minute;
}

/** Of the years that the library of holidays knows well. */
function parsed(text: string | null): Temporal.PlainDate | null {
  const [, year, month, day] =
    /^(20[2-9]\d)-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/.exec(text ?? '')?.map(Number) ?? [];
  // Of a text, a day that the month does not have is an error whatever `overflow` says.
  return year && month && day ? Temporal.PlainDate.from({ year, month, day }, { overflow: 'constrain' }) : null;
}
