import { isDeepStrictEqual } from 'node:util';
import { and, eq, type SQL } from 'drizzle-orm';
import type { AgentValue, OtherDevice } from '#lib/acd/configuration.ts';
import { id } from '#lib/acd/ids.ts';
import { newId, schema, type Transaction } from '#lib/server/db/index.ts';
import type { ConfigurationEntry } from './entries.ts';
import { memberId, memberValue, planCovers } from './values.ts';
import { newestVersion } from './write.ts';

interface Context {
  tx: Transaction;
  organizationId: string;
  write: (entry: ConfigurationEntry) => Promise<void>;
}

/**
 * Brings what hangs on a user in line with their row: an active agent has a softphone and an agent's value; anybody
 * else has none, and the engine logs them out.
 */
export async function followUser(context: Context, user: typeof schema.user.$inferSelect): Promise<void> {
  await followAgent(context, user);
  await followMembers(context, eq(schema.member.userId, user.id));
}

/** The agent's own part of it: devices, name, skills. */
export async function followAgent(context: Context, user: typeof schema.user.$inferSelect): Promise<void> {
  const { tx, organizationId } = context;
  const isAgent = user.active && user.role === 'agent';
  const found = await tx
    .select({ id: schema.device.id, kind: schema.device.kind, number: schema.device.number })
    .from(schema.device)
    .where(and(eq(schema.device.organizationId, organizationId), eq(schema.device.userId, user.id)))
    .orderBy(schema.device.kind);
  let deviceId = found.find(({ kind }) => kind === 'softphone')?.id;
  if (isAgent && !deviceId) {
    deviceId = newId();
    await tx.insert(schema.device).values({ id: deviceId, organizationId, userId: user.id, kind: 'softphone' });
  }
  const value =
    isAgent && deviceId
      ? {
          type: 'agent' as const,
          id: id.agent(user.id),
          organizationId: id.organization(organizationId),
          name: user.name,
          deviceId: id.device(deviceId),
          others: found.flatMap(otherDevice),
          language: user.language,
          skills: await skillsOf(context, user.id)
        }
      : null;
  await writeChanged(context, { entity: 'agent', id: user.id, value });
}

function otherDevice(row: Pick<typeof schema.device.$inferSelect, 'id' | 'kind' | 'number'>): OtherDevice[] {
  const { kind, number } = row;
  if (kind === 'desk-phone') return [{ id: id.device(row.id), kind }];
  return kind === 'mobile' && number !== null ? [{ id: id.device(row.id), kind, number }] : [];
}

async function skillsOf({ tx, organizationId }: Context, userId: string): Promise<AgentValue['skills']> {
  const { skillId, level } = schema.agentSkill;
  const own = and(eq(schema.agentSkill.organizationId, organizationId), eq(schema.agentSkill.userId, userId));
  const rows = await tx.select({ skillId, level }).from(schema.agentSkill).where(own).orderBy(skillId);
  return rows.map((row) => ({ skillId: id.skill(row.skillId), level: row.level }));
}

/**
 * Brings members' values in line with plan (P28), role and activity. The row stays, since it is the delivery (P26);
 * only its value comes and goes. Returns each row's version, by `queueId:userId`.
 */
export async function followMembers(context: Context, which: SQL): Promise<Map<string, number>> {
  const { tx, organizationId } = context;
  const rows = await tx
    .select({ member: schema.member, kind: schema.queue.kind, user: schema.user })
    .from(schema.member)
    .innerJoin(schema.queue, eq(schema.queue.id, schema.member.queueId))
    .innerJoin(schema.user, eq(schema.user.id, schema.member.userId))
    .where(and(eq(schema.member.organizationId, organizationId), which));
  const versions = new Map<string, number>();
  for (const { member, kind, user } of rows) {
    const takesPart = user.active && user.role === 'agent' && planCovers(user.plan, kind);
    const key = memberId(member.queueId, member.userId);
    const value = takesPart ? memberValue(member) : null;
    const version = await writeChanged(context, { entity: 'member', id: key, value });
    if (version !== null) {
      versions.set(key, version);
      await tx
        .update(schema.member)
        .set({ version })
        .where(and(eq(schema.member.queueId, member.queueId), eq(schema.member.userId, member.userId)));
    }
  }
  return versions;
}

/** The next version of an entity; null when the value is what it was, and nothing was written. */
async function writeChanged(
  { tx, organizationId, write }: Context,
  entry:
    | Omit<Extract<ConfigurationEntry, { entity: 'agent' }>, 'version'>
    | Omit<Extract<ConfigurationEntry, { entity: 'member' }>, 'version'>
): Promise<number | null> {
  const newest = await newestVersion(tx, organizationId, entry.entity, entry.id);
  if (isDeepStrictEqual(newest?.value ?? null, entry.value)) return null;
  const version = (newest?.version ?? 0) + 1;
  await write({ ...entry, version } as ConfigurationEntry);
  return version;
}
