import { and, asc, eq, inArray } from 'drizzle-orm';
import type { ScheduleHours } from '#lib/hours/schedule.ts';
import { schema, type Transaction } from '#lib/server/db/index.ts';
import { ruleOf } from './values.ts';

export interface ScheduleWithRules extends ScheduleHours {
  id: string;
  name: string;
  version: number;
}

/** Schedules with their rules in order, by name. */
export async function readSchedules(
  tx: Transaction,
  organizationId: string,
  only?: string[]
): Promise<ScheduleWithRules[]> {
  const { schedule, scheduleRule } = schema;
  const { id, name, timeZone, version, holidays } = schedule;
  const rows = await tx
    .select({ id, name, timeZone, version, holidays })
    .from(schedule)
    .where(and(eq(schedule.organizationId, organizationId), only ? inArray(id, only) : undefined))
    .orderBy(asc(name));
  if (rows.length === 0) return [];
  const rules = await tx
    .select()
    .from(scheduleRule)
    .where(
      and(
        eq(scheduleRule.organizationId, organizationId),
        inArray(
          scheduleRule.scheduleId,
          rows.map((row) => row.id)
        )
      )
    )
    .orderBy(asc(scheduleRule.scheduleId), asc(scheduleRule.position));
  return rows.map((row) => ({ ...row, rules: rules.filter((rule) => rule.scheduleId === row.id).map(ruleOf) }));
}
