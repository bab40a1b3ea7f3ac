import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import { idField, languageField } from '#lib/forms/fields.ts';
import { numberForm, numberSharingForm } from '#lib/forms/queues.ts';
import { newId, schema } from '#lib/server/db/index.ts';
import { refuseLoop } from './closing.ts';
import { defineOperation, type OperationContext } from './define.ts';
import { OperationError } from './error.ts';
import { toE164 } from './phone.ts';
import { ownSkills } from './skills.ts';
import { numberValue, skillsOf } from './values.ts';
import { newestVersion } from './write.ts';

export const createNumber = defineOperation({
  name: 'number.create',
  permission: 'number.write',
  input: numberForm,
  async run({ tx, organizationId, write }, input) {
    const own = eq(schema.organization.id, organizationId);
    const [organization] = await tx.select().from(schema.organization).where(own);
    if (!organization) throw new OperationError('not-found');
    const e164 = toE164(input.number, organization.country);
    const queueId = await ownQueue(tx, organizationId, input.queueId || null);
    if (queueId !== null) await refuseLoop(tx, organizationId, { e164, leadsTo: queueId });
    const [row] = await tx
      .insert(schema.number)
      .values({ id: newId(), organizationId, e164, queueId, language: input.language })
      .returning();
    if (!row) throw new OperationError('not-found');
    await write({ entity: 'number', id: row.id, version: row.version, value: numberValue(row) });
    return { id: row.id, version: row.version, e164 };
  }
});

/**
 * Where the number leads (null: nowhere), in which language its callers are spoken to, and who gets them; what is left
 * out stays. The number itself never changes.
 */
export const updateNumber = defineOperation({
  name: 'number.update',
  permission: 'number.write',
  input: numberSharingForm
    .extend({ queueId: idField.nullable(), language: languageField })
    .partial()
    .extend({ id: idField }),
  async run({ tx, organizationId, expect, write }, { id, ...change }) {
    const own = and(eq(schema.number.organizationId, organizationId), eq(schema.number.id, id));
    const before = expect((await tx.select().from(schema.number).where(own).for('update'))[0]);
    if (change.queueId) await ownQueue(tx, organizationId, change.queueId);
    if (change.queueId) await refuseLoop(tx, organizationId, { e164: before.e164, leadsTo: change.queueId });
    if (change.needs) await ownSkills(tx, organizationId, skillsOf(change.needs), 'needs');
    const row = { ...before, ...change, version: before.version + 1 };
    await tx.update(schema.number).set(row).where(own);
    await write({ entity: 'number', id, version: row.version, value: numberValue(row) });
    return { id, version: row.version };
  }
});

export const removeNumber = defineOperation({
  name: 'number.remove',
  permission: 'number.write',
  input: z.object({ id: idField }),
  async run({ tx, organizationId, expect, write }, { id }) {
    const own = and(eq(schema.number.organizationId, organizationId), eq(schema.number.id, id));
    expect((await tx.delete(schema.number).where(own).returning())[0]);
    const version = ((await newestVersion(tx, organizationId, 'number', id))?.version ?? 0) + 1;
    await write({ entity: 'number', id, version, value: null });
    return { id, version };
  }
});

async function ownQueue(tx: OperationContext['tx'], organizationId: string, queueId: string | null) {
  if (queueId === null) return null;
  const own = and(eq(schema.queue.organizationId, organizationId), eq(schema.queue.id, queueId));
  const [row] = await tx.select({ id: schema.queue.id }).from(schema.queue).where(own);
  if (!row) throw new OperationError('not-found', 'queueId');
  return row.id;
}
