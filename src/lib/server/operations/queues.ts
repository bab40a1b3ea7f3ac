import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import { id as ids } from '#lib/acd/ids.ts';
import { idField, versionField } from '#lib/forms/fields.ts';
import {
  announcementField,
  closingField,
  createQueueForm,
  queueAnswerForm,
  queueNameForm,
  queueSharingForm,
  queueWaitingForm
} from '#lib/forms/queues.ts';
import { tagsField } from '#lib/forms/temporary.ts';
import { newId, schema } from '#lib/server/db/index.ts';
import { checkedClosing } from './closing.ts';
import { defineOperation, type OperationContext } from './define.ts';
import { OperationError } from './error.ts';
import { followMembers } from './follow.ts';
import { ownSkills } from './skills.ts';
import { ownSounds } from './sounds.ts';
import { queueValue, skillsOf } from './values.ts';
import { valueAt } from './write.ts';
import { closingReasons, type ClosingReason, type QueueValue } from '#lib/acd/configuration.ts';

type QueueRow = typeof schema.queue.$inferSelect;

/** What a new queue plays: the announcements made at set-up, until others are recorded. */
export const standardAnnouncements = {
  welcome: { media: 'welcome', mustBeHeard: true },
  first: { media: 'first', mustBeHeard: false },
  repeated: { media: 'repeated', mustBeHeard: false },
  closed: { media: 'closed', mustBeHeard: false }
};
/** What a queue plays once it is asked for. */
export const furtherAnnouncements = {
  position: { media: 'position', mustBeHeard: false },
  waitingTime: { media: 'waiting-time', mustBeHeard: false },
  closedBy: (reason: ClosingReason) => ({ media: `closed-${reason}`, mustBeHeard: false })
};

export const createQueue = defineOperation({
  name: 'queue.create',
  permission: 'queue.write',
  input: createQueueForm,
  async run({ tx, organizationId, write }, { scheduleId, ...input }) {
    const values = { id: newId(), organizationId, ...input, ...standardAnnouncements };
    const [row] = await tx
      .insert(schema.queue)
      .values({ ...values, scheduleId: await ownSchedule(tx, organizationId, scheduleId || null) })
      .returning();
    if (!row) throw new OperationError('not-found');
    await write({ entity: 'queue', id: row.id, version: row.version, value: queueValue(row) });
    return { id: row.id, version: row.version };
  }
});

/** Any part of a queue; what is left out stays. */
const queueChange = queueNameForm
  .extend(queueAnswerForm.shape)
  .extend(
    queueWaitingForm.pick({
      repeatEverySeconds: true,
      positionEverySeconds: true,
      positionMost: true,
      waitingTimeEverySeconds: true
    }).shape
  )
  .extend({
    tags: tagsField,
    scheduleId: idField.nullable(),
    welcome: announcementField,
    first: announcementField,
    repeated: announcementField,
    closed: announcementField,
    closedBy: z.partialRecord(z.enum(closingReasons), announcementField),
    position: announcementField,
    waitingTime: announcementField,
    music: idField.transform(ids.sound).nullable()
  })
  .extend(queueSharingForm.shape)
  .extend({ closing: closingField })
  .partial();

export const updateQueue = defineOperation({
  name: 'queue.update',
  permission: 'queue.write',
  input: queueChange.extend({ id: idField }),
  async run(context, { id, ...change }) {
    const before = await readQueue(context, id);
    if (change.scheduleId) await ownSchedule(context.tx, context.organizationId, change.scheduleId);
    return save(context, before, change);
  }
});

/** Undo: the queue as it was at an earlier version, written as a new one. */
export const restoreQueue = defineOperation({
  name: 'queue.restore',
  permission: 'queue.write',
  input: z.object({ id: idField, version: versionField }),
  async run(context, { id, version }) {
    const before = await readQueue(context, id);
    const earlier = (await valueAt(context, 'queue', id, version)) as QueueValue;
    const { type: _type, id: _id, organizationId: _organization, ...change } = earlier;
    if (change.scheduleId) await ownSchedule(context.tx, context.organizationId, change.scheduleId);
    return save(context, before, change);
  }
});

async function readQueue({ tx, organizationId, expect }: OperationContext, id: string): Promise<QueueRow> {
  const own = and(eq(schema.queue.organizationId, organizationId), eq(schema.queue.id, id));
  return expect((await tx.select().from(schema.queue).where(own).for('update'))[0]);
}

async function save(context: OperationContext, before: QueueRow, change: Partial<QueueRow>) {
  const { tx, organizationId } = context;
  const version = before.version + 1;
  const row = { ...before, ...change, version };
  if (row.badSeconds <= row.warnSeconds) throw new OperationError('bad-input', 'badSeconds');
  await ownSounds(tx, organizationId, change);
  if (change.needs) await ownSkills(tx, organizationId, skillsOf(change.needs), 'needs');
  if (change.closing) row.closing = await checkedClosing(context, before.id, change.closing);
  await tx
    .update(schema.queue)
    .set({ ...change, closing: row.closing, version })
    .where(and(eq(schema.queue.organizationId, organizationId), eq(schema.queue.id, before.id)));
  await context.write({ entity: 'queue', id: row.id, version, value: queueValue(row) });
  // Which plans may take part depends on the kind (P28).
  if (row.kind !== before.kind) await followMembers(context, eq(schema.member.queueId, row.id));
  return { id: row.id, version, previousVersion: before.version };
}

/** A foreign key sees no row-level security, so that the schedule is the organization's own is asked here. */
async function ownSchedule(tx: OperationContext['tx'], organizationId: string, scheduleId: string | null) {
  if (scheduleId === null) return null;
  const own = and(eq(schema.schedule.organizationId, organizationId), eq(schema.schedule.id, scheduleId));
  const [row] = await tx.select({ id: schema.schedule.id }).from(schema.schedule).where(own);
  if (!row) throw new OperationError('not-found', 'scheduleId');
  return row.id;
}
