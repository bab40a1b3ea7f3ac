import { and, asc, eq, sql, type SQL } from 'drizzle-orm';
import { z } from 'zod';
import { idField } from '#lib/forms/fields.ts';
import { agentSkillForm, skillForm } from '#lib/forms/skills.ts';
import { newId, schema, type Transaction } from '#lib/server/db/index.ts';
import { defineOperation } from './define.ts';
import { OperationError } from './error.ts';
import { followAgent } from './follow.ts';
import { formatNumber } from './phone.ts';
import { readOrganization } from './read-organization.ts';
import { skillValue } from './values.ts';

export const createSkill = defineOperation({
  name: 'skill.create',
  permission: 'skill.write',
  input: skillForm,
  async run({ tx, organizationId, write }, { name }) {
    const [row] = await tx.insert(schema.skill).values({ id: newId(), organizationId, name }).returning();
    if (!row) throw new OperationError('not-found');
    await write({ entity: 'skill', id: row.id, version: row.version, value: skillValue(row) });
    return { id: row.id, version: row.version };
  }
});

export const renameSkill = defineOperation({
  name: 'skill.rename',
  permission: 'skill.write',
  input: skillForm.extend({ id: idField }),
  async run({ tx, organizationId, expect, write }, { id, name }) {
    const own = and(eq(schema.skill.organizationId, organizationId), eq(schema.skill.id, id));
    const before = expect((await tx.select().from(schema.skill).where(own).for('update'))[0]);
    const version = before.version + 1;
    await tx.update(schema.skill).set({ name, version }).where(own);
    await write({ entity: 'skill', id, version, value: skillValue({ ...before, name }) });
    return { id, version };
  }
});

/**
 * Agents who have it lose it with it. Refused while queues or numbers need it, with their names: nobody could be
 * offered their calls any more.
 */
export const removeSkill = defineOperation({
  name: 'skill.remove',
  permission: 'skill.write',
  input: z.object({ id: idField }),
  async run(context, { id }) {
    const { tx, organizationId, expect, write } = context;
    const own = and(eq(schema.skill.organizationId, organizationId), eq(schema.skill.id, id));
    // Locked before it is asked who needs it: `ownSkills` waits for this, or this for it.
    const before = expect((await tx.select().from(schema.skill).where(own).for('update'))[0]);
    const needing = await neededBy(tx, organizationId, id);
    if (needing.length > 0) {
      const named = needing.slice(0, 5).join(', ');
      throw new OperationError('skill-needed', null, needing.length > 5 ? `${named} …` : named);
    }
    const agents = await tx
      .select({ user: schema.user })
      .from(schema.agentSkill)
      .innerJoin(schema.user, eq(schema.user.id, schema.agentSkill.userId))
      .where(and(eq(schema.agentSkill.organizationId, organizationId), eq(schema.agentSkill.skillId, id)))
      .for('update', { of: schema.user });
    // What agents know goes with it, by its foreign key.
    await tx.delete(schema.skill).where(own);
    const version = before.version + 1;
    await write({ entity: 'skill', id, version, value: null });
    for (const { user } of agents) await followAgent(context, user);
    return { id, version };
  }
});

/** What an agent knows of one skill, 1 to 10; null: nothing. */
export const setAgentSkill = defineOperation({
  name: 'user.set-skill',
  permission: 'user.write',
  input: agentSkillForm,
  async run(context, { userId, skillId, level }) {
    const { tx, organizationId, expect } = context;
    const own = and(eq(schema.user.organizationId, organizationId), eq(schema.user.id, userId));
    const user = expect((await tx.select().from(schema.user).where(own).for('update'))[0]);
    if (user.role !== 'agent') throw new OperationError('not-an-agent', 'userId');
    await ownSkills(tx, organizationId, [skillId], 'skillId');
    const known = schema.agentSkill;
    if (level === null) {
      await tx
        .delete(known)
        .where(and(eq(known.organizationId, organizationId), eq(known.userId, userId), eq(known.skillId, skillId)));
    } else {
      await tx
        .insert(known)
        .values({ organizationId, userId, skillId, level })
        .onConflictDoUpdate({ target: [known.userId, known.skillId], set: { level } });
    }
    await followAgent(context, user);
    return { id: userId };
  }
});

/**
 * Refuses skills that are gone or another organization's: a foreign key sees no row-level security, and needs have none.
 * Keeps them from being removed until this transaction has ended.
 */
export async function ownSkills(
  tx: Transaction,
  organizationId: string,
  skillIds: string[],
  field: string
): Promise<void> {
  for (const skillId of [...new Set(skillIds)].toSorted()) {
    const own = and(eq(schema.skill.organizationId, organizationId), eq(schema.skill.id, skillId));
    const [row] = await tx.select({ id: schema.skill.id }).from(schema.skill).where(own).for('share');
    if (!row) throw new OperationError('skill-unknown', field);
  }
}

/** The names of queues, then numbers as they are written, that need a skill at any time of waiting. */
async function neededBy(tx: Transaction, organizationId: string, skillId: string): Promise<string[]> {
  const { queue, number } = schema;
  const names = (needs: typeof queue.needs | typeof number.needs): SQL =>
    sql`${needs} @> ${JSON.stringify([{ skills: [{ skillId }] }])}::jsonb`;
  const queues = await tx
    .select({ name: queue.name })
    .from(queue)
    .where(and(eq(queue.organizationId, organizationId), names(queue.needs)))
    .orderBy(asc(queue.name));
  const numbers = await tx
    .select({ e164: number.e164 })
    .from(number)
    .where(and(eq(number.organizationId, organizationId), names(number.needs)))
    .orderBy(asc(number.e164));
  const { country } = await readOrganization(tx, organizationId);
  return [...queues.map(({ name }) => name), ...numbers.map(({ e164 }) => formatNumber(e164, country))];
}
