import type postgres from 'postgres';
import type { AgentIntent } from '#lib/acd/events.ts';
import type { Fact } from '#lib/acd/facts.ts';
import { id } from '#lib/acd/ids.ts';
import { moment } from './moment.ts';

const kinds = ['shift-changed', 'device-changed', 'login-changed', 'pause-changed'] as const;
type IntentFact = Extract<Fact, { type: (typeof kinds)[number] }>;

export const isIntent = (fact: Fact): fact is IntentFact => kinds.includes(fact.type as IntentFact['type']);

/**
 * Keeps what an agent wants beside the state (design.md, *One channel variable*). By the facts, and so by whoever
 * follows them: in order, within the batch that moves the cursor, and made good when Postgres has been away.
 */
export async function writeIntent(sql: postgres.TransactionSql, cell: number, fact: IntentFact): Promise<void> {
  const { agentId, organizationId, atMs } = fact;
  const at = moment(atMs);
  switch (fact.type) {
    case 'shift-changed': {
      const since = fact.on ? moment(fact.sinceMs ?? atMs) : null;
      // The first shift makes the row; an organization that has been removed meanwhile gets none.
      await sql`insert into agent_intent (agent_id, organization_id, cell, on_shift, shift_since, device_id, queue_ids, paused, changed_at)
        select ${agentId}, id, ${cell}, ${fact.on}, ${since}::timestamptz, ${fact.deviceId}, '{}', false, ${at}::timestamptz from organization where id = ${organizationId}
        on conflict (agent_id) do update set cell = excluded.cell, on_shift = excluded.on_shift, shift_since = excluded.shift_since,
          device_id = excluded.device_id, changed_at = excluded.changed_at
        where agent_intent.organization_id = excluded.organization_id`;
      return;
    }
    case 'device-changed':
      // One that holds from the next call on is told again then.
      if (fact.from === 'now')
        await sql`update agent_intent set changed_at = ${at}, device_id = ${fact.deviceId}
          where agent_id = ${agentId} and organization_id = ${organizationId}`;
      return;
    case 'login-changed':
      await sql`update agent_intent set changed_at = ${at}, queue_ids = array_remove(queue_ids, ${fact.queueId}) || ${fact.loggedIn ? [fact.queueId] : []}::text[]
        where agent_id = ${agentId} and organization_id = ${organizationId}`;
      return;
    case 'pause-changed':
      await sql`update agent_intent set changed_at = ${at}, paused = ${fact.paused}, pause_reason = ${fact.reason},
          pause_reason_id = ${fact.reasonId ?? null}, paused_until = ${fact.untilMs === undefined ? null : moment(fact.untilMs)},
          paused_since = ${fact.paused ? moment(fact.sinceMs ?? atMs) : null}
        where agent_id = ${agentId} and organization_id = ${organizationId}`;
  }
}

/** Everyone on shift in the cell, as history has it: what a worker tells the engine at its start. */
export async function readIntents(sql: postgres.ISql, cell: number): Promise<AgentIntent[]> {
  const rows = await sql<
    {
      agentId: string;
      organizationId: string;
      deviceId: string;
      shiftSinceMs: string;
      queueIds: string[];
      paused: boolean;
      reason: string | null;
      reasonId: string | null;
      pausedSinceMs: string | null;
      pausedUntilMs: string | null;
    }[]
  >`
    select i.agent_id as "agentId", i.organization_id as "organizationId", i.device_id as "deviceId", i.queue_ids as "queueIds",
      i.paused, i.pause_reason as reason, i.pause_reason_id as "reasonId",
      extract(epoch from i.paused_until) * 1000 as "pausedUntilMs", extract(epoch from i.shift_since) * 1000 as "shiftSinceMs",
      extract(epoch from coalesce(i.paused_since, i.changed_at)) * 1000 as "pausedSinceMs"
    from agent_intent i join organization o on o.id = i.organization_id
    where o.cell = ${cell} and i.on_shift and i.device_id is not null
    order by i.agent_id`;
  return rows.map((row) => ({
    agentId: id.agent(row.agentId),
    organizationId: id.organization(row.organizationId),
    deviceId: id.device(row.deviceId),
    shiftSinceMs: Number(row.shiftSinceMs),
    queueIds: row.queueIds.map(id.queue),
    paused: row.paused
      ? {
          reason: row.reason,
          sinceMs: Number(row.pausedSinceMs),
          ...(row.reasonId !== null && { reasonId: row.reasonId }),
          ...(row.pausedUntilMs !== null && { untilMs: Number(row.pausedUntilMs) })
        }
      : null
  }));
}
