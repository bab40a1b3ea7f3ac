import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import type { TemporaryValue } from '#lib/acd/configuration.ts';
import { id as ids } from '#lib/acd/ids.ts';
import { idField, versionField } from '#lib/forms/fields.ts';
import { longestMinutes, minutesField, temporaryForm, temporaryWaiting } from '#lib/forms/temporary.ts';
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
    const { tx, organizationId, nowMs } = context;
    const before = await readOne(context, id);
    const queueIds = (await queuesOf(tx, organizationId, before.target)).map((queue) => ids.queue(queue.id));
    if (queueIds.length === 0) throw new OperationError('no-queues', 'target');
    const untilMs = until === undefined ? nowMs + (minutes ?? before.minutes) * 60_000 : Date.parse(until);
    if (untilMs <= nowMs || untilMs > nowMs + longestMinutes * 60_000) throw new OperationError('bad-input', 'until');
    const on = { queueIds, fromMs: nowMs, untilMs };
    return save(context, before, { on, ...(waiting && { waiting }) });
  }
});

export const switchOffTemporary = defineOperation({
  name: 'temporary.switch-off',
  permission: 'schedule.write',
  http: { method: 'POST', path: '/temporary-schedules/{id}/off', summary: 'Switches it off before its end.' },
  input: z.object({ id: idField }),
  async run(context, { id }) {
    const before = await readOne(context, id);
    if (!isOn(before.on, context.nowMs)) throw new OperationError('nothing-to-undo');
    return save(context, before, { on: null });
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

/** Queues are named in a list, where no foreign key would see another organization's. */
async function ownQueues(
  { tx, organizationId }: Pick<OperationContext, 'tx' | 'organizationId'>,
  queueIds: string[]
): Promise<void> {
  if (queueIds.length === 0) return;
  const found = await queuesOf(tx, organizationId, { all: false, queueIds, tags: [], kinds: [] });
  if (found.length < new Set(queueIds).size) throw new OperationError('not-found', 'target');
}
