import { and, eq, ne } from 'drizzle-orm';
import { idField } from '#lib/forms/fields.ts';
import { activeForm, createUserForm, passwordForm, userForm } from '#lib/forms/people.ts';
import { hashPassword } from '#lib/server/auth/password.ts';
import { sessionsOf } from '#lib/server/auth/session.ts';
import { newId, schema } from '#lib/server/db/index.ts';
import { defineOperation, type OperationContext } from './define.ts';
import { OperationError } from './error.ts';
import { followUser } from './follow.ts';
import { userValue } from './values.ts';

type UserRow = typeof schema.user.$inferSelect;

export const createUser = defineOperation({
  name: 'user.create',
  permission: 'user.write',
  input: createUserForm,
  async run(context, { password, ...input }) {
    const { tx, organizationId, write } = context;
    const passwordHash = await hashPassword(password);
    const [row] = await tx
      .insert(schema.user)
      .values({ id: newId(), organizationId, ...input, passwordHash })
      .returning();
    if (!row) throw new OperationError('not-found');
    await write({ entity: 'user', id: row.id, version: row.version, value: userValue(row) });
    await followUser(context, row);
    return { id: row.id, version: row.version };
  }
});

/** A plan that no longer covers a queue logs the agent out of it (P28); the membership stays for when it does again. */
export const updateUser = defineOperation({
  name: 'user.update',
  permission: 'user.write',
  input: userForm.extend({ id: idField }),
  async run(context, { id, ...input }) {
    const before = await readUser(context, id);
    if (before.role === 'administrator' && input.role !== 'administrator') await refuseLast(context, id, 'role');
    return save(context, before, input);
  }
});

export const setUserActive = defineOperation({
  name: 'user.set-active',
  permission: 'user.write',
  input: activeForm.extend({ id: idField }),
  async run(context, { id, active }) {
    const before = await readUser(context, id);
    if (!active && before.role === 'administrator') await refuseLast(context, id, null);
    if (!active) await context.tx.delete(schema.session).where(sessionsOf(id));
    return save(context, before, { active });
  }
});

/** By an administrator, for somebody who has forgotten theirs. Ends the person's sessions everywhere. */
export const resetPassword = defineOperation({
  name: 'user.reset-password',
  permission: 'user.write',
  input: passwordForm.extend({ id: idField }),
  async run(context, { id, password }) {
    const before = await readUser(context, id);
    await context.tx.delete(schema.session).where(sessionsOf(id));
    return save(context, before, { passwordHash: await hashPassword(password) });
  }
});

async function readUser({ tx, organizationId, expect }: OperationContext, id: string): Promise<UserRow> {
  const own = and(eq(schema.user.organizationId, organizationId), eq(schema.user.id, id));
  return expect((await tx.select().from(schema.user).where(own).for('update'))[0]);
}

async function save(context: OperationContext, before: UserRow, change: Partial<UserRow>) {
  const version = before.version + 1;
  const row = { ...before, ...change, version };
  await context.tx
    .update(schema.user)
    .set({ ...change, version })
    .where(and(eq(schema.user.organizationId, context.organizationId), eq(schema.user.id, before.id)));
  await context.write({ entity: 'user', id: row.id, version, value: userValue(row) });
  await followUser(context, row);
  return { id: row.id, version };
}

/** An organization without an administrator could never get one again by itself. */
async function refuseLast({ tx, organizationId }: OperationContext, id: string, field: string | null): Promise<void> {
  const others = await tx
    .select({ id: schema.user.id })
    .from(schema.user)
    .where(
      and(
        eq(schema.user.organizationId, organizationId),
        eq(schema.user.role, 'administrator'),
        eq(schema.user.active, true),
        ne(schema.user.id, id)
      )
    )
    .for('update');
  if (others.length === 0) throw new OperationError('last-administrator', field);
}
