import { rulesOfForm, type WeekFormDay } from '#lib/forms/week.ts';
import type { Transaction } from '#lib/server/db/index.ts';
import { temporariesOnFor } from './read-temporary.ts';
import { readWeek, type Week } from './read-week.ts';
import type { readSchedule } from './read-hours.ts';
import type { Language } from '#lib/acd/configuration.ts';

export interface WeekQuestion {
  /** ISO date in the week; null: today. */
  date: string | null;
  /** The plain week instead of the saved one; null: the saved one. */
  days: WeekFormDay[] | null;
}

/** A schedule's week with what is switched on for its queues, as it is saved or as it would be. */
export async function readScheduleWeek(
  tx: Transaction,
  organizationId: string,
  { schedule, queues }: Pick<Awaited<ReturnType<typeof readSchedule>>, 'schedule' | 'queues'>,
  { date, days }: WeekQuestion,
  { nowMs, language }: { nowMs: number; language: Language }
): Promise<Week> {
  const on = await temporariesOnFor(tx, organizationId, queues, nowMs);
  const rules = days ? rulesOfForm(days, schedule.rules) : schedule.rules;
  return readWeek({ ...schedule, rules }, date, nowMs, language, on);
}
