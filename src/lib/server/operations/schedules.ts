import { and, asc, eq } from 'drizzle-orm';
import { z } from 'zod';
import { idField, textField } from '#lib/forms/fields.ts';
import { holidaysField, ruleField } from '#lib/forms/hours.ts';
import { holidayCountries, holidayRegions } from '#lib/hours/holidays.ts';
import { newId, schema } from '#lib/server/db/index.ts';
import { defineOperation, type OperationContext } from './define.ts';
import { OperationError } from './error.ts';
import { checkTimeZone } from './organization.ts';
import { ruleOf, scheduleValue } from './values.ts';
import type { HolidaySettings, ScheduleRule } from '#lib/hours/schedule.ts';

const scheduleInput = z.object({
  name: textField(60),
  timeZone: textField(64),
  /** All of them, in order: they make sense only together. */
  rules: z.array(ruleField).max(100),
  holidays: holidaysField.nullable()
});

export const createSchedule = defineOperation({
  name: 'schedule.create',
  permission: 'schedule.write',
  input: scheduleInput.partial({ holidays: true }),
  async run({ tx, organizationId, write }, { rules, ...input }) {
    checkTimeZone(input.timeZone);
    checkHolidays(input.holidays);
    const [row] = await tx
      .insert(schema.schedule)
      .values({ id: newId(), organizationId, ...input })
      .returning();
    if (!row) throw new OperationError('not-found');
    await insertRules(tx, organizationId, row.id, rules);
    await write({ entity: 'schedule', id: row.id, version: row.version, value: scheduleValue(row, rules) });
    return { id: row.id, version: row.version };
  }
});

/** Any part of a schedule; what is left out stays. */
export const updateSchedule = defineOperation({
  name: 'schedule.update',
  permission: 'schedule.write',
  input: scheduleInput.partial().extend({ id: idField }),
  async run({ tx, organizationId, expect, write }, { id, rules, ...input }) {
    if (input.timeZone !== undefined) checkTimeZone(input.timeZone);
    checkHolidays(input.holidays);
    const own = and(eq(schema.schedule.organizationId, organizationId), eq(schema.schedule.id, id));
    const before = expect((await tx.select().from(schema.schedule).where(own).for('update'))[0]);
    const version = before.version + 1;
    await tx
      .update(schema.schedule)
      .set({ ...input, version })
      .where(own);
    if (rules) {
      const rule = schema.scheduleRule;
      await tx.delete(rule).where(and(eq(rule.organizationId, organizationId), eq(rule.scheduleId, id)));
      await insertRules(tx, organizationId, id, rules);
    }
    const kept = rules ?? (await readRules(tx, organizationId, id));
    await write({ entity: 'schedule', id, version, value: scheduleValue({ ...before, ...input }, kept) });
    return { id, version };
  }
});

export const removeSchedule = defineOperation({
  name: 'schedule.remove',
  permission: 'schedule.write',
  input: z.object({ id: idField }),
  async run({ tx, organizationId, expect, write }, { id }) {
    const used = await tx
      .select({ id: schema.queue.id })
      .from(schema.queue)
      .where(and(eq(schema.queue.organizationId, organizationId), eq(schema.queue.scheduleId, id)))
      .limit(1);
    if (used.length > 0) throw new OperationError('schedule-in-use');
    const own = and(eq(schema.schedule.organizationId, organizationId), eq(schema.schedule.id, id));
    const row = expect((await tx.delete(schema.schedule).where(own).returning())[0]);
    await write({ entity: 'schedule', id, version: row.version + 1, value: null });
    return { id, version: row.version + 1 };
  }
});

/** @throws {OperationError} `country-unknown`, `region-unknown` */
function checkHolidays(holidays: HolidaySettings | null | undefined): void {
  if (!holidays) return;
  if (!holidayCountries().includes(holidays.country)) throw new OperationError('country-unknown', 'country');
  if (holidays.region !== null && !Object.hasOwn(holidayRegions(holidays.country), holidays.region)) {
    throw new OperationError('region-unknown', 'region');
  }
}

async function insertRules(
  tx: OperationContext['tx'],
  organizationId: string,
  scheduleId: string,
  rules: ScheduleRule[]
): Promise<void> {
  if (rules.length === 0) return;
  await tx
    .insert(schema.scheduleRule)
    .values(rules.map((rule, position) => ({ id: newId(), organizationId, scheduleId, position, ...rule })));
}

/** The rules of a schedule in their order. */
async function readRules(
  tx: OperationContext['tx'],
  organizationId: string,
  scheduleId: string
): Promise<ScheduleRule[]> {
  const rule = schema.scheduleRule;
  const rows = await tx
    .select()
    .from(rule)
    .where(and(eq(rule.organizationId, organizationId), eq(rule.scheduleId, scheduleId)))
    .orderBy(asc(rule.position));
  return rows.map(ruleOf);
}
