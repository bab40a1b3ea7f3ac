import { asc, eq } from 'drizzle-orm';
import { hoursNow } from '#lib/hours/evaluate.ts';
import { holidayCountries, holidayRegions, specialDays } from '#lib/hours/holidays.ts';
import { squeezeDays } from '#lib/hours/squeeze.ts';
import { schema, type Transaction } from '#lib/server/db/index.ts';
import { OperationError } from './error.ts';
import { readLive } from './read-live.ts';
import { readSchedules } from './read-schedules.ts';
import type { HolidaySettings, ScheduleHours } from '#lib/hours/schedule.ts';
import type { Language } from '#lib/acd/configuration.ts';

export async function listSchedules(tx: Transaction, organizationId: string, nowMs: number) {
  const schedules = await readSchedules(tx, organizationId);
  const queues = await readFollowers(tx, organizationId);
  return schedules.map((schedule) => ({
    ...schedule,
    state: hoursNow(schedule, nowMs),
    queues: queues.filter((queue) => queue.scheduleId === schedule.id)
  }));
}

/** One schedule with the queues that follow it. Throws `not-found`. */
export async function readSchedule(tx: Transaction, organizationId: string, id: string, nowMs: number) {
  const [schedule] = await readSchedules(tx, organizationId, [id]);
  if (!schedule) throw new OperationError('not-found');
  const queues = (await readFollowers(tx, organizationId)).filter((queue) => queue.scheduleId === id);
  const live = await readLive(tx, organizationId, [{ entity: 'schedule', ids: [id] }]);
  return { schedule, state: hoursNow(schedule, nowMs), queues, live };
}

/** So far ahead holidays are shown and squeeze days suggested: each day of the year is there once. */
const aheadDays = 365;

/**
 * The days of the year to come that are not like others, for showing and choosing.
 *
 * @param language of the days' names
 */
export function readHolidays(schedule: ScheduleHours, language: Language, nowMs: number) {
  const { holidays } = schedule;
  const { broken } = hoursNow(schedule, nowMs);
  // What is broken must still be shown, so that it can be mended.
  const timeZone = broken ? 'UTC' : schedule.timeZone;
  const today = Temporal.Instant.fromEpochMilliseconds(nowMs).toZonedDateTimeISO(timeZone).toPlainDate();
  const [first, last] = [today.toString(), today.add({ days: aheadDays - 1 }).toString()];
  const all = holidays ? specialDays(holidays, first, last, language) : [];
  return {
    /** The country's, one for each rule: its next. */
    days: all.filter((day, at) => day.rule !== null && all.findIndex((one) => one.rule === day.rule) === at),
    squeeze: broken ? [] : squeezeDays(schedule, first, last),
    countries: holidayCountries(),
    regions: holidays ? holidayRegions(holidays.country) : {}
  };
}

/** {@link readHolidays}' days as they are by default. */
export function standardDays(schedule: ScheduleHours, holidays: HolidaySettings | null, nowMs: number) {
  return readHolidays({ ...schedule, holidays: holidays && { ...holidays, days: [], own: [] } }, 'en', nowMs).days;
}

async function readFollowers(tx: Transaction, organizationId: string) {
  const { id, name, scheduleId } = schema.queue;
  return tx
    .select({ id, name, scheduleId })
    .from(schema.queue)
    .where(eq(schema.queue.organizationId, organizationId))
    .orderBy(asc(name));
}
