import { and, asc, eq } from 'drizzle-orm';
import { z } from 'zod';
import { idField, textField } from '#lib/forms/fields.ts';
import { ruleField } from '#lib/forms/hours.ts';
import { newId, schema } from '#lib/server/db/index.ts';
import { defineOperation, type OperationContext } from './define.ts';
import { OperationError } from './error.ts';
import { checkTimeZone } from './organization.ts';
import { ruleOf, scheduleValue } from './values.ts';
import type { ScheduleRule } from '#lib/hours/schedule.ts';

const scheduleInput = { name: textField(60), timeZone: textField(64), rules: z.array(ruleField).max(100) };

export const createSchedule = defineOperation({
  name: 'schedule.create',
  permission: 'schedule.write',
  input: z.object(scheduleInput),
  async run({ tx, organizationId, write }, { rules, ...input }) {
    checkTimeZone(input.timeZone);
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

/** The whole schedule at once: its rules make sense only together. */
export const updateSchedule = defineOperation({
  name: 'schedule.update',
  permission: 'schedule.write',
  input: z.object({ id: idField, ...scheduleInput }),
  async run({ tx, organizationId, expect, write }, { id, rules, ...input }) {
    checkTimeZone(input.timeZone);
    const own = and(eq(schema.schedule.organizationId, organizationId), eq(schema.schedule.id, id));
    const before = expect((await tx.select().from(schema.schedule).where(own).for('update'))[0]);
    const version = before.version + 1;
    await tx
      .update(schema.schedule)
      .set({ ...input, version })
      .where(own);
    const rule = schema.scheduleRule;
    await tx.delete(rule).where(and(eq(rule.organizationId, organizationId), eq(rule.scheduleId, id)));
    await insertRules(tx, organizationId, id, rules);
    await write({ entity: 'schedule', id, version, value: scheduleValue({ ...before, ...input }, rules) });
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
export async function readRules(
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
