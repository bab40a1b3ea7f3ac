import { segments } from './evaluate.ts';
import { specialDays } from './holidays.ts';
import type { ScheduleHours } from './schedule.ts';

/**
 * Squeeze days (*klämdagar*): a single day with opening hours between two without, at least one of which a holiday has
 * taken. ISO dates between `first` and `last`, both included.
 */
export function squeezeDays(schedule: ScheduleHours, first: string, last: string): string[] {
  if (!schedule.holidays) return [];
  const before = Temporal.PlainDate.from(first).subtract({ days: 1 });
  const after = Temporal.PlainDate.from(last).add({ days: 1 });
  const open = openDates(schedule, before, after);
  const holidays = new Set(
    specialDays(schedule.holidays, before.toString(), after.toString())
      .filter((day) => day.hours === 'closed' && day.type !== null)
      .map((day) => day.date)
  );
  const found: string[] = [];
  for (let day = before.add({ days: 1 }); Temporal.PlainDate.compare(day, after) < 0; day = day.add({ days: 1 })) {
    const around = [day.subtract({ days: 1 }).toString(), day.add({ days: 1 }).toString()];
    const alone = open.has(day.toString()) && around.every((date) => !open.has(date));
    if (alone && around.some((date) => holidays.has(date) && wouldOpen(schedule, date))) found.push(day.toString());
  }
  return found;
}

/** The dates on which it is open for some time. */
function openDates(schedule: ScheduleHours, first: Temporal.PlainDate, last: Temporal.PlainDate): Set<string> {
  const dates = new Set<string>();
  const startMs = (date: Temporal.PlainDate) => date.toZonedDateTime(schedule.timeZone).epochMilliseconds;
  for (const segment of segments(schedule, startMs(first), startMs(last.add({ days: 1 })))) {
    if (!segment.open) continue;
    const on = (ms: number) =>
      Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(schedule.timeZone).toPlainDate();
    const end = on(segment.toMs - 1);
    for (let day = on(segment.fromMs); Temporal.PlainDate.compare(day, end) <= 0; day = day.add({ days: 1 })) {
      dates.add(day.toString());
    }
  }
  return dates;
}

/** A holiday on a day that is closed anyway squeezes nothing. */
function wouldOpen(schedule: ScheduleHours, date: string): boolean {
  const day = Temporal.PlainDate.from(date);
  return openDates({ ...schedule, holidays: null }, day, day).size > 0;
}
