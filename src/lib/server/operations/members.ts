import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import { idField } from '#lib/forms/fields.ts';
import { memberForm } from '#lib/forms/queues.ts';
import { schema } from '#lib/server/db/index.ts';
import { defineOperation, type OperationContext } from './define.ts';
import { OperationError } from './error.ts';
import { followMembers } from './follow.ts';
import { memberId, planCovers } from './values.ts';
import { newestVersion } from './write.ts';
import type { MemberValue } from '#lib/acd/configuration.ts';

const who = { queueId: idField, userId: idField };

/** P26: adding is all it takes. Adding who is there already changes tier and own wrap-up; what is left out stays. */
export const addMember = defineOperation({
  name: 'member.add',
  permission: 'member.write',
  input: memberForm.extend({ queueId: idField }),
  run: add
});

export const removeMember = defineOperation({
  name: 'member.remove',
  permission: 'member.write',
  input: z.object(who),
  async run({ tx, organizationId, write, expect }, { queueId, userId }) {
    const own = and(
      eq(schema.member.organizationId, organizationId),
      eq(schema.member.queueId, queueId),
      eq(schema.member.userId, userId)
    );
    expect((await tx.delete(schema.member).where(own).returning())[0]);
    const id = memberId(queueId, userId);
    const version = ((await newestVersion(tx, organizationId, 'member', id))?.version ?? 0) + 1;
    await write({ entity: 'member', id, version, value: null });
    return { id, version };
  }
});

/** Undo of a removal: the member as they last were, tier and own wrap-up included. */
export const restoreMember = defineOperation({
  name: 'member.restore',
  permission: 'member.write',
  input: z.object(who),
  async run(context, { queueId, userId }) {
    const table = schema.configurationVersion;
    const rows = await context.tx
      .select({ version: table.version, value: table.value })
      .from(table)
      .where(
        and(
          eq(table.organizationId, context.organizationId),
          eq(table.entity, 'member'),
          eq(table.id, memberId(queueId, userId))
        )
      );
    const last = rows.filter((row) => row.value !== null).sort((a, b) => b.version - a.version)[0];
    if (!last) throw new OperationError('nothing-to-undo');
    const { tier, wrapUpSeconds } = last.value as MemberValue;
    return add(context, { queueId, userId, tier, wrapUpSeconds });
  }
});

async function add(
  context: OperationContext,
  { queueId, userId, ...settings }: z.output<typeof memberForm> & { queueId: string }
): Promise<{ id: string; version: number }> {
  const { tx, organizationId } = context;
  const [queue] = await tx
    .select()
    .from(schema.queue)
    .where(and(eq(schema.queue.organizationId, organizationId), eq(schema.queue.id, queueId)))
    .for('share');
  const [user] = await tx
    .select()
    .from(schema.user)
    .where(and(eq(schema.user.organizationId, organizationId), eq(schema.user.id, userId)))
    .for('share');
  if (!queue) throw new OperationError('not-found', 'queueId');
  if (!user) throw new OperationError('not-found', 'userId');
  if (!user.active) throw new OperationError('user-inactive', 'userId');
  if (user.role !== 'agent') throw new OperationError('not-an-agent', 'userId');
  if (!planCovers(user.plan, queue.kind)) throw new OperationError('plan-too-low', 'userId');
  await tx
    .insert(schema.member)
    .values({ organizationId, queueId, userId, ...settings })
    // An update of nothing is no statement: the key itself is always named.
    .onConflictDoUpdate({ target: [schema.member.queueId, schema.member.userId], set: { userId, ...settings } });
  const which = and(eq(schema.member.queueId, queueId), eq(schema.member.userId, userId));
  const id = memberId(queueId, userId);
  const versions = which ? await followMembers(context, which) : new Map<string, number>();
  const version = versions.get(id) ?? (await newestVersion(tx, organizationId, 'member', id))?.version ?? 1;
  return { id, version };
}
