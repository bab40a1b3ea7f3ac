import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import type { TemporaryValue } from '#lib/acd/configuration.ts';
import { id as ids } from '#lib/acd/ids.ts';
import { idField, versionField } from '#lib/forms/fields.ts';
import {
  longestMinutes,
  minutesField,
  phoneNumberField,
  temporaryForm,
  temporaryWaiting
} from '#lib/forms/temporary.ts';
import { can } from '#lib/server/auth/can.ts';
import { newId, schema } from '#lib/server/db/index.ts';
import { defineOperation, type OperationContext } from './define.ts';
import { OperationError } from './error.ts';
import { queuesOf } from './read-temporary.ts';
import { temporaryValue } from './values.ts';
import { valueAt } from './write.ts';

type Row = typeof schema.temporarySchedule.$inferSelect;

export const createTemporary = defineOperation({
  name: 'temporary.create',
  permission: 'schedule.write',
  input: temporaryForm,
  async run({ tx, organizationId, write }, input) {
    await ownQueues({ tx, organizationId }, input.target.queueIds);
    const [row] = await tx
      .insert(schema.temporarySchedule)
      .values({ id: newId(), organizationId, ...input })
      .returning();
    if (!row) throw new OperationError('not-found');
    await write({ entity: 'temporary', id: row.id, version: row.version, value: temporaryValue(row) });
    return { id: row.id, version: row.version };
  }
});

/** While it is on, the queues it is on for stay; another effect, name or way with those who wait holds at once. */
export const updateTemporary = defineOperation({
  name: 'temporary.update',
  permission: 'schedule.write',
  input: temporaryForm.partial().extend({ id: idField }),
  async run(context, { id, ...change }) {
    if (change.target) await ownQueues(context, change.target.queueIds);
    return save(context, await readOne(context, id), change);
  }
});

export const removeTemporary = defineOperation({
  name: 'temporary.remove',
  permission: 'schedule.write',
  input: z.object({ id: idField }),
  async run({ tx, organizationId, expect, write }, { id }) {
    const row = expect((await tx.delete(schema.temporarySchedule).where(own(organizationId, id)).returning())[0]);
    await write({ entity: 'temporary', id, version: row.version + 1, value: null });
    return { id, version: row.version + 1 };
  }
});

/** B4: one act for all its queues, for `minutes` from now or `until` a time. Once more while it is on begins it anew. */
export const switchOnTemporary = defineOperation({
  name: 'temporary.switch-on',
  permission: 'schedule.write',
  http: { method: 'POST', path: '/temporary-schedules/{id}/on', summary: 'Switches it on, until its end.' },
  input: z
    .object({
      id: idField,
      minutes: minutesField.optional(),
      /** ISO 8601 with an offset. */
      until: z.iso.datetime({ offset: true, error: 'date' }).optional(),
      waiting: z.enum(temporaryWaiting).optional()
    })
    .refine(({ minutes, until }) => minutes === undefined || until === undefined, { path: ['until'] }),
  async run(context, { id, minutes, until, waiting }) {
    const { nowMs } = context;
    const before = await readOne(context, id);
    const untilMs = until === undefined ? nowMs + (minutes ?? before.minutes) * 60_000 : Date.parse(until);
    if (untilMs <= nowMs || untilMs > nowMs + longestMinutes * 60_000) throw new OperationError('bad-input', 'until');
    return switchOn(context, before, untilMs, waiting && { waiting });
  }
});

export const switchOffTemporary = defineOperation({
  name: 'temporary.switch-off',
  permission: 'schedule.write',
  http: { method: 'POST', path: '/temporary-schedules/{id}/off', summary: 'Switches it off before its end.' },
  input: z.object({ id: idField }),
  run: async (context, { id }) => switchOff(context, await readOne(context, id))
});

/** P2: a code dialled on a device, by whoever may do it on the page, and by agents where the schedule says so. */
export const switchTemporaryByPhone = defineOperation({
  name: 'temporary.switch-by-phone',
  permission: 'phone.use',
  input: z.object({ phoneNumber: phoneNumberField, on: z.boolean() }),
  async run(context, { phoneNumber, on }) {
    const { tx, organizationId, actor, nowMs, expect } = context;
    const table = schema.temporarySchedule;
    const which = and(eq(table.organizationId, organizationId), eq(table.phoneNumber, phoneNumber));
    const before = expect((await tx.select().from(table).where(which).for('update'))[0]);
    if (!before.phoneAgents && !can(actor, 'schedule.write')) throw new OperationError('forbidden');
    return on ? switchOn(context, before, nowMs + before.minutes * 60_000) : switchOff(context, before);
  }
});

/** Undo: on or off as it was at an earlier version. Who has been turned away is gone. */
export const undoTemporary = defineOperation({
  name: 'temporary.undo',
  permission: 'schedule.write',
  http: {
    method: 'POST',
    path: '/temporary-schedules/{id}/undo',
    summary: 'On or off again as it was at an earlier version.'
  },
  input: z.object({ id: idField, version: versionField }),
  async run(context, { id, version }) {
    const before = await readOne(context, id);
    const { name, effect, waiting, on } = (await valueAt(context, 'temporary', id, version)) as TemporaryValue;
    return save(context, before, { name, effect, waiting, on: isOn(on, context.nowMs) ? on : null });
  }
});

/** Over is off, though the row still has it. */
export function isOn(on: TemporaryValue['on'], nowMs: number): on is NonNullable<TemporaryValue['on']> {
  return on !== null && on.untilMs > nowMs;
}

const own = (organizationId: string, id: string) =>
  and(eq(schema.temporarySchedule.organizationId, organizationId), eq(schema.temporarySchedule.id, id));

async function readOne({ tx, organizationId, expect }: OperationContext, id: string): Promise<Row> {
  return expect((await tx.select().from(schema.temporarySchedule).where(own(organizationId, id)).for('update'))[0]);
}

async function save({ tx, organizationId, nowMs, write }: OperationContext, before: Row, change: Partial<Row>) {
  const version = before.version + 1;
  const on = isOn(before.on, nowMs) ? before.on : null;
  const row = { ...before, on, ...change, version };
  await tx
    .update(schema.temporarySchedule)
    .set({ on, ...change, version })
    .where(own(organizationId, before.id));
  await write({ entity: 'temporary', id: row.id, version, value: temporaryValue(row) });
  return { id: row.id, version, previousVersion: before.version };
}

async function switchOn(context: OperationContext, before: Row, untilMs: number, more: Partial<Row> = {}) {
  const { tx, organizationId, nowMs } = context;
  const queueIds = (await queuesOf(tx, organizationId, before.target)).map((queue) => ids.queue(queue.id));
  if (queueIds.length === 0) throw new OperationError('no-queues', 'target');
  return save(context, before, { on: { queueIds, fromMs: nowMs, untilMs }, ...more });
}

async function switchOff(context: OperationContext, before: Row) {
  if (!isOn(before.on, context.nowMs)) throw new OperationError('nothing-to-undo');
  return save(context, before, { on: null });
}

/** Queues are named in a list, where no foreign key would see another organization's. */
async function ownQueues(
  { tx, organizationId }: Pick<OperationContext, 'tx' | 'organizationId'>,
  queueIds: string[]
): Promise<void> {
  if (queueIds.length === 0) return;
  const found = await queuesOf(tx, organizationId, { all: false, queueIds, tags: [], kinds: [] });
  if (found.length < new Set(queueIds).size) throw new OperationError('not-found', 'target');
}
