import type postgres from 'postgres';
import { assertNever } from '#lib/acd/assert-never.ts';
import type { Fact } from '#lib/acd/facts.ts';
import { writeIntent } from './intents.ts';
import { moment } from './moment.ts';

type Sql = postgres.TransactionSql;

/**
 * Writes one fact into the history rows. Facts come in order and once (the cursor moves in the same transaction), but
 * each statement also stands a repetition. Facts that leave no row of their own are kept in the chunks all the same.
 */
export async function writeFact(sql: Sql, cell: number, fact: Fact): Promise<void> {
  const { organizationId, atMs } = fact;
  const at = moment(atMs);
  switch (fact.type) {
    case 'call-arrived':
      await sql`insert into call (id, organization_id, arrived_at, number_id, dialled, queue_id, caller_token, withheld)
        values (${fact.callId}, ${organizationId}, ${at}, ${fact.numberId}, ${fact.dialled}, ${fact.queueId}, ${fact.caller}, ${fact.withheld})
        on conflict (id) do nothing`;
      return;
    case 'call-finished':
      await sql`update call set finished_at = ${at}, outcome = ${fact.outcome}, reason = ${fact.reason}, ended_by = ${fact.endedBy} where id = ${fact.callId}`;
      return;
    case 'visit-entered':
      await sql`insert into visit (id, organization_id, call_id, queue_id, caller_token, withheld, queued_at, credit_seconds, strict, because)
        values (${fact.visitId}, ${organizationId}, ${fact.callId}, ${fact.queueId}, ${fact.caller}, ${fact.withheld}, ${moment(fact.queuedAtMs)}, ${fact.creditSeconds}, ${fact.strict}, ${fact.because})
        on conflict (id) do nothing`;
      // It had left for the dialplan and is back: it is not over.
      if (fact.because === 'adopted')
        await sql`update call set finished_at = null, outcome = null, reason = null, ended_by = null where id = ${fact.callId}`;
      return;
    case 'visit-ended':
      await sql`update visit set ended_at = ${at}, outcome = ${fact.outcome}, waited_ms = ${fact.waitedMs}, agent_id = ${fact.agentId} where id = ${fact.visitId}`;
      return;
    case 'offered':
      await sql`insert into offer (id, organization_id, visit_id, call_id, queue_id, agent_id, device_id, offered_at, ring_until, why)
        values (${fact.offerId}, ${organizationId}, ${fact.visitId}, ${fact.callId}, ${fact.queueId}, ${fact.agentId}, ${fact.deviceId}, ${at}, ${moment(fact.ringUntilMs)}, ${JSON.stringify(fact.why)}::jsonb)
        on conflict (id) do nothing`;
      return;
    case 'offer-ringing':
      await sql`update offer set ringing_at = ${at} where id = ${fact.offerId}`;
      return;
    case 'offer-ended':
      await sql`update offer set ended_at = ${at}, outcome = ${fact.outcome}, cause = ${fact.cause}, unanswered_in_row = ${fact.unansweredInRow} where id = ${fact.offerId}`;
      return;
    case 'talk-started':
      await sql`update visit set talk_started_at = ${moment(fact.sinceMs)}, agent_id = ${fact.agentId} where id = ${fact.visitId}`;
      return;
    case 'talk-ended':
      await sql`update visit set talk_ended_at = ${at}, talked_ms = ${fact.talkedMs}, talk_ended_by = ${fact.endedBy}, talk_lost = ${fact.lost} where id = ${fact.visitId}`;
      return;
    case 'shift-changed':
    case 'login-changed':
    case 'pause-changed':
      return writeIntent(sql, cell, fact);
    case 'announced':
    case 'held':
    case 'wrap-up-started':
    case 'wrap-up-changed':
    case 'wrap-up-ended':
    case 'reachability-changed':
    case 'agent-state':
    case 'hours-changed':
    case 'configured':
    case 'corrected':
    case 'waits':
    case 'needs-changed':
    case 'place-kept':
    case 'place-taken':
    case 'place-refused':
    case 'last-agent-logged-out':
    case 'day-began':
      return;
    default:
      return assertNever(fact);
  }
}
