import { and, asc, eq, inArray, isNull, sql } from 'drizzle-orm';
import { schema, type Transaction } from '#lib/server/db/index.ts';
import { formatNumber } from './phone.ts';
import { readLive } from './read-live.ts';
import { readOrganization } from './read-organization.ts';
import { skillsOf } from './values.ts';

/** The organization's skills to choose among, by name. */
export async function readSkills(tx: Transaction, organizationId: string): Promise<{ id: string; name: string }[]> {
  const { id, name } = schema.skill;
  return tx
    .select({ id, name })
    .from(schema.skill)
    .where(eq(schema.skill.organizationId, organizationId))
    .orderBy(asc(sql`lower(${name})`));
}

export interface Known {
  skillId: string;
  level: number;
}

/** What each of some people knows; who knows nothing is left out. */
export async function readKnown(
  tx: Transaction,
  organizationId: string,
  userIds: string[]
): Promise<Map<string, Known[]>> {
  const { userId, skillId, level } = schema.agentSkill;
  const known = new Map<string, Known[]>();
  if (userIds.length === 0) return known;
  const rows = await tx
    .select({ userId, skillId, level })
    .from(schema.agentSkill)
    .where(and(eq(schema.agentSkill.organizationId, organizationId), inArray(userId, userIds)));
  for (const { userId: who, ...one } of rows) known.set(who, [...(known.get(who) ?? []), one]);
  return known;
}

/** Every skill with what needs it, and the agents who have it, the best first. */
export async function listSkills(tx: Transaction, organizationId: string) {
  const { country, timeZone } = await readOrganization(tx, organizationId);
  const { skill, agentSkill, user, queue, number, configurationVersion: versions } = schema;
  const rows = await tx
    .select({ id: skill.id, name: skill.name, version: skill.version })
    .from(skill)
    .where(eq(skill.organizationId, organizationId))
    .orderBy(asc(sql`lower(${skill.name})`));
  const agents = await tx
    .select({ skillId: agentSkill.skillId, level: agentSkill.level, userId: user.id, name: user.name })
    .from(agentSkill)
    .innerJoin(user, eq(user.id, agentSkill.userId))
    .where(eq(agentSkill.organizationId, organizationId))
    .orderBy(sql`${agentSkill.level} desc`, asc(user.name));
  const queues = await tx
    .select({ id: queue.id, name: queue.name, needs: queue.needs })
    .from(queue)
    .where(eq(queue.organizationId, organizationId))
    .orderBy(asc(sql`lower(${queue.name})`));
  const numbers = await tx
    .select({ id: number.id, e164: number.e164, needs: number.needs })
    .from(number)
    .where(eq(number.organizationId, organizationId))
    .orderBy(asc(number.e164));
  const needing = [
    ...queues.map(({ id, name, needs }) => ({ href: `/admin/queues/${id}`, name, needs })),
    ...numbers.map(({ id, e164, needs }) => ({
      href: `/admin/numbers/${id}`,
      name: formatNumber(e164, country),
      needs
    }))
  ];
  const waiting = await tx
    .select({ id: versions.id })
    .from(versions)
    .where(and(eq(versions.organizationId, organizationId), eq(versions.entity, 'skill'), isNull(versions.appliedAt)));
  const pending = new Set(waiting.map((row) => row.id));
  const skills = rows.map(({ id, name, version }) => ({
    id,
    name,
    version,
    live: !pending.has(id),
    neededBy: needing
      .filter(({ needs }) => skillsOf(needs).includes(id))
      .map((one) => ({ href: one.href, name: one.name })),
    agents: agents
      .filter(({ skillId }) => skillId === id)
      .map(({ userId, name: who, level }) => ({ userId, name: who, level }))
  }));
  const live = await readLive(tx, organizationId, [{ entity: 'skill', ids: rows.map((row) => row.id) }]);
  return { skills, timeZone, live };
}
