import { assertNever } from '#lib/acd/assert-never.ts';
import type { Fact } from '#lib/acd/facts.ts';
import { moment } from './moment.ts';

/** Columns by their names in the database; values as Postgres reads them from JSON. */
type Columns = Record<string, unknown>;

/**
 * What a batch of facts makes of one row: `fresh` begins it if it is not there (a repetition must not begin it anew),
 * `changes` go on top of what is there. Neither: nothing to write.
 */
export interface Patch {
  id: string;
  fresh: Columns | null;
  changes: Columns;
}
export type Rows = Record<'call' | 'visit' | 'offer' | 'forward', Map<string, Patch>>;

/** What facts, in order, make of the history's rows. Facts that leave no row of their own are kept in the chunks all the same. */
export function rowsOf(facts: Fact[]): Rows {
  const rows: Rows = { call: new Map(), visit: new Map(), offer: new Map(), forward: new Map() };
  for (const fact of facts) take(rows, fact);
  return rows;
}

function take(rows: Rows, fact: Fact): void {
  const at = moment(fact.atMs);
  switch (fact.type) {
    case 'call-arrived': {
      const { callId: id, organizationId: organization_id, dialled, withheld } = fact;
      const to = { number_id: fact.numberId, dialled, queue_id: fact.queueId };
      return begin(rows.call, {
        id,
        organization_id,
        arrived_at: at,
        ...to,
        caller_token: fact.caller,
        withheld
      });
    }
    case 'call-finished': {
      const { outcome, reason, endedBy: ended_by } = fact;
      return change(rows.call, fact.callId, { finished_at: at, outcome, reason, ended_by });
    }
    case 'visit-entered': {
      const { visitId: id, organizationId: organization_id, callId: call_id, queueId: queue_id, withheld } = fact;
      const rank = { queued_at: moment(fact.queuedAtMs), credit_seconds: fact.creditSeconds, strict: fact.strict };
      const { caller: caller_token, because } = fact;
      begin(rows.visit, { id, organization_id, call_id, queue_id, caller_token, withheld, ...rank, because });
      // It had left for the dialplan and is back: it is not over.
      if (because === 'adopted')
        change(rows.call, call_id, { finished_at: null, outcome: null, reason: null, ended_by: null });
      return;
    }
    case 'predicted': {
      const { by: predicted_by, lowMs: predicted_low_ms, highMs: predicted_high_ms, expectedMs } = fact;
      const range = { predicted_low_ms, predicted_high_ms };
      const { [predicted_by]: predicted_ms, average: average_ms } = expectedMs;
      return change(rows.visit, fact.visitId, { predicted_at: at, predicted_by, predicted_ms, ...range, average_ms });
    }
    case 'visit-ended': {
      const { outcome, waitedMs: waited_ms, agentId: agent_id } = fact;
      return change(rows.visit, fact.visitId, { ended_at: at, outcome, waited_ms, agent_id });
    }
    case 'offered': {
      const { offerId: id, organizationId: organization_id, visitId: visit_id, callId: call_id, why } = fact;
      const to = { queue_id: fact.queueId, agent_id: fact.agentId, device_id: fact.deviceId };
      const ring_until = moment(fact.ringUntilMs);
      return begin(rows.offer, { id, organization_id, visit_id, call_id, ...to, offered_at: at, ring_until, why });
    }
    case 'offer-ringing':
      return change(rows.offer, fact.offerId, {
        ringing_at: at,
        ...(fact.ringUntilMs !== undefined && { ring_until: moment(fact.ringUntilMs) })
      });
    case 'offer-rung-anew':
      return change(rows.offer, fact.offerId, { ring_until: moment(fact.ringUntilMs) });
    case 'offer-picked-up':
      return change(rows.offer, fact.offerId, { ring_until: moment(fact.untilMs) });
    case 'offer-ended': {
      const { outcome, cause, unansweredInRow: unanswered_in_row } = fact;
      return change(rows.offer, fact.offerId, { ended_at: at, outcome, cause, unanswered_in_row });
    }
    case 'talk-started':
      return change(rows.visit, fact.visitId, { talk_started_at: moment(fact.sinceMs), agent_id: fact.agentId });
    case 'talk-ended': {
      const { talkedMs: talked_ms, endedBy: talk_ended_by, lost: talk_lost } = fact;
      return change(rows.visit, fact.visitId, { talk_ended_at: at, talked_ms, talk_ended_by, talk_lost });
    }
    case 'forward-started': {
      const { forwardId: id, organizationId: organization_id, callId: call_id, visitId: visit_id, why, showing } = fact;
      const to = { queue_id: fact.queueId, number: fact.to, why, showing };
      return begin(rows.forward, { id, organization_id, call_id, visit_id, ...to, started_at: at, ore: 0 });
    }
    case 'forward-connected':
      return change(rows.forward, fact.forwardId, { connected_at: at });
    case 'forward-ended': {
      const { outcome, code, talkedMs: talked_ms, ore } = fact;
      return change(rows.forward, fact.forwardId, { ended_at: at, outcome, code, talked_ms, ore });
    }
    case 'forward-stopped': {
      // It never began, and has no id of its own.
      const { organizationId: organization_id, callId: call_id, queueId: queue_id, to: number, why, limit } = fact;
      const id = `${call_id}-${fact.atMs}-${limit}`;
      const stopped = { started_at: at, ended_at: at, stopped_by: limit, ore: 0 };
      return begin(rows.forward, { id, organization_id, call_id, queue_id, number, why, ...stopped });
    }
    case 'shift-changed':
    case 'device-changed':
    case 'login-changed':
    case 'pause-changed':
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
    case 'call-moved':
    case 'situation-changed':
      return;
    default:
      return assertNever(fact);
  }
}

function begin(rows: Map<string, Patch>, fresh: Columns & { id: string }): void {
  patchOf(rows, fresh.id).fresh ??= fresh;
}

function change(rows: Map<string, Patch>, id: string, columns: Columns): void {
  Object.assign(patchOf(rows, id).changes, columns);
}

function patchOf(rows: Map<string, Patch>, id: string): Patch {
  const known = rows.get(id) ?? { id, fresh: null, changes: {} };
  rows.set(id, known);
  return known;
}
