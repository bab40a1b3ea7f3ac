import { and, asc, eq } from 'drizzle-orm';
import { schema, type Transaction } from '#lib/server/db/index.ts';
import { OperationError } from './error.ts';
import { formatNumber } from './phone.ts';
import { readLive } from './read-live.ts';
import { readOrganization } from './read-organization.ts';
import { readKnown, readSkills } from './read-skills.ts';
import { memberId, planCovers } from './values.ts';

export async function listPeople(tx: Transaction, organizationId: string) {
  const { id, name, email, role, plan, active } = schema.user;
  const users = await tx
    .select({ id, name, email, role, plan, active })
    .from(schema.user)
    .where(eq(schema.user.organizationId, organizationId))
    .orderBy(asc(name));
  const memberships = await tx
    .select({ userId: schema.member.userId, queueName: schema.queue.name })
    .from(schema.member)
    .innerJoin(schema.queue, eq(schema.queue.id, schema.member.queueId))
    .where(eq(schema.member.organizationId, organizationId))
    .orderBy(asc(schema.queue.name));
  return users.map((user) => ({
    ...user,
    queues: memberships.filter((one) => one.userId === user.id).map((one) => one.queueName)
  }));
}

/** One person with their queues. Throws `not-found`. The password's hash stays here. */
export async function readPerson(tx: Transaction, organizationId: string, userId: string) {
  const { timeZone, country } = await readOrganization(tx, organizationId);
  const { id, name, email, role, plan, active, language, version } = schema.user;
  const [person] = await tx
    .select({ id, name, email, role, plan, active, language, version })
    .from(schema.user)
    .where(and(eq(schema.user.organizationId, organizationId), eq(id, userId)));
  if (!person) throw new OperationError('not-found');
  const memberships = await tx
    .select({ id: schema.queue.id, name: schema.queue.name, kind: schema.queue.kind, tier: schema.member.tier })
    .from(schema.member)
    .innerJoin(schema.queue, eq(schema.queue.id, schema.member.queueId))
    .where(and(eq(schema.member.organizationId, organizationId), eq(schema.member.userId, userId)))
    .orderBy(asc(schema.queue.name));
  const rows = await tx
    .select({ kind: schema.device.kind, number: schema.device.number })
    .from(schema.device)
    .where(and(eq(schema.device.organizationId, organizationId), eq(schema.device.userId, userId)));
  const mobile = rows.find(({ kind }) => kind === 'mobile')?.number ?? '';
  const devices = { mobile: formatNumber(mobile, country), deskPhone: rows.some(({ kind }) => kind === 'desk-phone') };
  const live = await readLive(tx, organizationId, [
    { entity: 'user', ids: [userId] },
    { entity: 'agent', ids: [userId] },
    { entity: 'member', ids: memberships.map((queue) => memberId(queue.id, userId)) }
  ]);
  const queues = memberships.map((queue) => ({ ...queue, covered: planCovers(person.plan, queue.kind) }));
  const known = (await readKnown(tx, organizationId, [userId])).get(userId) ?? [];
  return { person, timeZone, devices, queues, known, skills: await readSkills(tx, organizationId), live };
}
