import { and, desc, eq, gte, isNotNull, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { OutgoingLimits } from '#lib/acd/configuration.ts';
import { plainLimits } from '#lib/acd/upgrade.ts';
import { dayBounds } from '#lib/live/day.ts';
import { versionField } from '#lib/forms/fields.ts';
import { limitsForm, limitsOf } from '#lib/forms/limits.ts';
import { schema, type Transaction } from '#lib/server/db/index.ts';
import { defineOperation } from './define.ts';
import { OperationError } from './error.ts';
import { saveOrganization } from './organization-part.ts';
import { formatNumber } from './phone.ts';
import { readLive } from './read-live.ts';
import { valueAt } from './write.ts';

/** E7: what calls out may be. Numbers that queues forward to already are asked again at each call. */
export const updateLimits = defineOperation({
  name: 'organization.limits',
  permission: 'organization.write',
  input: limitsForm,
  run: (context, input) => saveOrganization(context, { outgoing: limitsOf(input) })
});

/** Undo: the limits of an earlier version. */
export const restoreLimits = defineOperation({
  name: 'organization.limits-restore',
  permission: 'organization.write',
  input: z.object({ version: versionField }),
  async run(context, { version }) {
    const value = (await valueAt(context, 'organization', context.organizationId, version)) as {
      outgoing?: OutgoingLimits;
    };
    if (!value.outgoing) throw new OperationError('nothing-to-undo');
    // Of before there was a longest call.
    return saveOrganization(context, { outgoing: { ...plainLimits, ...value.outgoing } });
  }
});

const shownDays = 7;
const mostStopped = 200;

/** The limits, what the day's calls out have cost so far, and what was stopped lately, the latest first. */
export async function readLimits(tx: Transaction, organizationId: string, nowMs: number) {
  const [organization] = await tx.select().from(schema.organization).where(eq(schema.organization.id, organizationId));
  if (!organization) throw new OperationError('not-found');
  const { outgoing, timeZone, country, version } = organization;
  const table = schema.forward;
  const own = eq(table.organizationId, organizationId);
  const since = (ms: number) => gte(table.startedAt, new Date(ms));
  const [spent] = await tx
    .select({ ore: sql<number>`coalesce(sum(${table.ore}), 0)::int` })
    .from(table)
    .where(and(own, since(dayBounds(timeZone, nowMs).startMs)));
  const stopped = await tx
    .select({ forward: table, queueName: schema.queue.name })
    .from(table)
    .leftJoin(schema.queue, and(eq(schema.queue.organizationId, organizationId), eq(schema.queue.id, table.queueId)))
    .where(and(own, isNotNull(table.stoppedBy), since(nowMs - shownDays * 86_400_000)))
    .orderBy(desc(table.startedAt))
    .limit(mostStopped);
  return {
    outgoing,
    version,
    timeZone,
    nowMs,
    spentOre: spent?.ore ?? 0,
    stopped: stopped.map(({ forward, queueName }) => ({
      id: forward.id,
      atMs: forward.startedAt.getTime(),
      callId: forward.callId,
      number: formatNumber(forward.number, country),
      limit: forward.stoppedBy ?? 'number',
      queueId: forward.queueId,
      queueName: queueName ?? ''
    })),
    live: await readLive(tx, organizationId, [{ entity: 'organization', ids: [organizationId] }])
  };
}
