import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import { idField, languageField } from '#lib/forms/fields.ts';
import { numberForm } from '#lib/forms/queues.ts';
import { newId, schema } from '#lib/server/db/index.ts';
import { defineOperation, type OperationContext } from './define.ts';
import { OperationError } from './error.ts';
import { toE164 } from './phone.ts';
import { numberValue } from './values.ts';
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
    const [row] = await tx
      .insert(schema.number)
      .values({ id: newId(), organizationId, e164, queueId, language: input.language })
      .returning();
    if (!row) throw new OperationError('not-found');
    await write({ entity: 'number', id: row.id, version: row.version, value: numberValue(row) });
    return { id: row.id, version: row.version, e164 };
  }
});

/** Where the number leads (null: nowhere), and in which language its callers are spoken to; what is left out stays. The number itself never changes. */
export const updateNumber = defineOperation({
  name: 'number.update',
  permission: 'number.write',
  input: z.object({ id: idField, queueId: idField.nullable().optional(), language: languageField.optional() }),
  async run({ tx, organizationId, expect, write }, { id, queueId, language }) {
    const own = and(eq(schema.number.organizationId, organizationId), eq(schema.number.id, id));
    const before = expect((await tx.select().from(schema.number).where(own).for('update'))[0]);
    if (queueId) await ownQueue(tx, organizationId, queueId);
    const change = {
      queueId: queueId === undefined ? before.queueId : queueId,
      language: language ?? before.language,
      version: before.version + 1
    };
    await tx.update(schema.number).set(change).where(own);
    await write({ entity: 'number', id, version: change.version, value: numberValue({ ...before, ...change }) });
    return { id, version: change.version };
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
