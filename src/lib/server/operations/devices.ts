import { and, eq, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { AgentValue, DeviceKind } from '#lib/acd/configuration.ts';
import { mayBegin } from '#lib/acd/outgoing.ts';
import { idField } from '#lib/forms/fields.ts';
import { mobileForm } from '#lib/forms/people.ts';
import { sessionsOf } from '#lib/server/auth/session.ts';
import { newId, schema } from '#lib/server/db/index.ts';
import { ownNumbers } from './closing.ts';
import { defineOperation, type OperationContext } from './define.ts';
import { OperationError } from './error.ts';
import { followAgent } from './follow.ts';
import { toE164 } from './phone.ts';
import { newestVersion } from './write.ts';

type UserRow = typeof schema.user.$inferSelect;

/** P16: the mobile an agent may choose to be rung on; an empty number takes it away. */
export const setMobile = defineOperation({
  name: 'device.set-mobile',
  permission: 'user.write',
  input: mobileForm.extend({ id: idField }),
  run: (context, { id, number }) => saveMobile(context, id, number)
});

export const setOwnMobile = defineOperation({
  name: 'device.set-own-mobile',
  permission: 'desk.use',
  input: mobileForm,
  run: (context, { number }) => saveMobile(context, context.actor.userId, number)
});

/** P16: a SIP telephone of an agent's; the one there is gets another password when there is one already. */
export const addDeskPhone = defineOperation({
  name: 'device.add-desk-phone',
  permission: 'user.write',
  input: z.object({ id: idField }),
  run: (context, { id }) => saveDeskPhone(context, id)
});

export const addOwnDeskPhone = defineOperation({
  name: 'device.add-own-desk-phone',
  permission: 'desk.use',
  input: z.object({}),
  run: (context) => saveDeskPhone(context, context.actor.userId)
});

export const removeDeskPhone = defineOperation({
  name: 'device.remove-desk-phone',
  permission: 'user.write',
  input: z.object({ id: idField }),
  run: (context, { id }) => dropDeskPhone(context, id)
});

export const removeOwnDeskPhone = defineOperation({
  name: 'device.remove-own-desk-phone',
  permission: 'desk.use',
  input: z.object({}),
  run: (context) => dropDeskPhone(context, context.actor.userId)
});

/**
 * Another password for an agent's softphone. The one before is refused from the next registration on; the person is
 * signed out everywhere, which ends the softphones that are open, and gets the new one with the next login.
 */
export const changeSoftphonePassword = defineOperation({
  name: 'user.change-softphone-password',
  permission: 'user.write',
  input: z.object({ id: idField }),
  async run(context, { id }) {
    const { tx, organizationId, expect } = context;
    expect((await tx.select().from(schema.user).where(ofUser(organizationId, id)).for('update'))[0]);
    const renewed = await renewPassword(context, id, 'softphone');
    if (!renewed) throw new OperationError('no-softphone');
    await tx.delete(schema.session).where(sessionsOf(id));
    return { id, version: renewed.version };
  }
});

async function saveMobile(context: OperationContext, userId: string, typed: string) {
  const { tx, organizationId } = context;
  const user = await agentRow(context, userId);
  const number = typed.trim() === '' ? null : await allowedNumber(context, typed);
  if (number === null) await tx.delete(schema.device).where(ofKind(organizationId, userId, 'mobile'));
  else
    await tx
      .insert(schema.device)
      .values({ id: newId(), organizationId, userId, kind: 'mobile', number })
      .onConflictDoUpdate({ target: [schema.device.userId, schema.device.kind], set: { number } });
  await followAgent(context, user);
  return { id: userId };
}

/**
 * A number that may be called (E7) and leads to no queue of ours: a call would come round and ring it again.
 *
 * @throws {OperationError} `number-invalid`, `number-own`, `number-not-allowed`
 */
async function allowedNumber({ tx, organizationId }: OperationContext, typed: string): Promise<string> {
  const [organization] = await tx.select().from(schema.organization).where(eq(schema.organization.id, organizationId));
  if (!organization) throw new OperationError('not-found');
  const number = toE164(typed, organization.country);
  if ((await ownNumbers(tx, organizationId)).has(number)) throw new OperationError('number-own', 'number');
  if (!mayBegin(organization.outgoing, number))
    throw new OperationError('number-not-allowed', 'number', organization.outgoing.allowed.join(', '));
  return number;
}

/** What the page derives the password from, for the one time it is shown. */
async function saveDeskPhone(context: OperationContext, userId: string) {
  const { tx, organizationId } = context;
  const user = await agentRow(context, userId);
  const renewed = await renewPassword(context, userId, 'desk-phone');
  if (renewed) return { deviceId: renewed.deviceId, passwordVersion: renewed.passwordVersion };
  const deviceId = newId();
  await tx.insert(schema.device).values({ id: deviceId, organizationId, userId, kind: 'desk-phone' });
  await followAgent(context, user);
  return { deviceId, passwordVersion: 1 };
}

async function dropDeskPhone(context: OperationContext, userId: string) {
  const { tx, organizationId } = context;
  const user = await agentRow(context, userId);
  await tx.delete(schema.device).where(ofKind(organizationId, userId, 'desk-phone'));
  await followAgent(context, user);
  return { id: userId };
}

/** null: there is no such device. The agent's value is as it was: its new version makes the worker read the devices again. */
async function renewPassword({ tx, organizationId, write }: OperationContext, userId: string, kind: DeviceKind) {
  const newest = await newestVersion(tx, organizationId, 'agent', userId);
  const [changed] = await tx
    .update(schema.device)
    .set({ passwordVersion: sql`${schema.device.passwordVersion} + 1` })
    .where(ofKind(organizationId, userId, kind))
    .returning({ deviceId: schema.device.id, passwordVersion: schema.device.passwordVersion });
  if (!newest?.value || !changed) return null;
  const version = newest.version + 1;
  await write({ entity: 'agent', id: userId, version, value: newest.value as AgentValue });
  return { ...changed, version };
}

/** @throws {OperationError} `not-found`, `not-an-agent` */
async function agentRow({ tx, organizationId, expect }: OperationContext, userId: string): Promise<UserRow> {
  const user = expect((await tx.select().from(schema.user).where(ofUser(organizationId, userId)).for('update'))[0]);
  if (!user.active || user.role !== 'agent') throw new OperationError('not-an-agent');
  return user;
}

const ofUser = (organizationId: string, userId: string) =>
  and(eq(schema.user.organizationId, organizationId), eq(schema.user.id, userId));

const ofKind = (organizationId: string, userId: string, kind: DeviceKind) =>
  and(eq(schema.device.organizationId, organizationId), eq(schema.device.userId, userId), eq(schema.device.kind, kind));
