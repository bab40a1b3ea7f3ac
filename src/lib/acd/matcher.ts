import type { OfferWhy } from './facts.ts';
import { configured, isFree } from './indexes.ts';
import type { FreeRank, Pool, VisitRank } from './indexes.ts';
import { makeOffer } from './offers.ts';
import { compareOpen, countOf, loggedInTo, placeOf, poolOf, ringLimit } from './pools.ts';
import type { Agent, Visit } from './state.ts';
import { tell } from './turn.ts';
import type { Turn } from './turn.ts';

/** Eligible agents told with an offer (B3). */
const toldEligible = 5;

interface Head {
  pool: Pool;
  /** Before it stand those whom nobody free may be offered. */
  at: number;
}

/**
 * Brings the queues of this turn to rest (rules 2, 3, 4, 9): visits that ring fewest agents first, in order of rank over
 * all queues, each taking the best free agent by its own queue's distribution. Agents only become fewer on the way, so one pass is
 * enough; queues that nothing happened to are at rest already and are not looked at.
 */
export function match(turn: Turn): void {
  const { state, indexes, toMatch } = turn;
  if (!state.cell.connected) return;
  const heads = new Set<Head>();
  for (const queueId of toMatch.keys())
    for (const pool of indexes.pools.get(queueId)?.values() ?? []) heads.add({ pool, at: 0 });
  for (let next = best(heads); next; next = best(heads)) {
    const visit = state.visit.get(next.rank.visitId);
    const { pool } = next.head;
    // An offered visit leaves its place, or moves back: the next one then stands where it stood.
    if (!visit || !offerTo(turn, visit, pool, toMatch.get(pool.queueId) ?? 'agent-free')) next.head.at += 1;
  }
}

/** The first visit not yet looked at, of the pools that still have a free agent. */
function best(heads: Set<Head>): { head: Head; rank: VisitRank } | null {
  let found: { head: Head; rank: VisitRank } | null = null;
  for (const head of heads) {
    const rank = head.pool.open.items[head.at];
    if (!rank || head.pool.free.size === 0) heads.delete(head);
    else if (!found || compareOpen(rank, found.rank) < 0) found = { head, rank };
  }
  return found;
}

function offerTo(turn: Turn, visit: Visit, pool: Pool, trigger: OfferWhy['trigger']): boolean {
  const { order, skipped } = candidates(turn, visit, pool);
  const first = order[0];
  const agent = first && turn.state.agent.get(first.agentId);
  if (!agent) return false;
  const queue = configured(turn.state, 'queue', visit.queueId);
  const made = makeOffer(turn, visit, agent, {
    rule: queue?.distribution ?? 'longest-idle',
    idleSinceMs: first.idleSinceMs,
    eligible: order.map(({ agentId }) => agentId),
    place: placeOf(turn.indexes, visit),
    // What happened to this very visit, if anything; else what happened in its queue.
    trigger: turn.toExplain.get(visit.id) ?? (trigger === 'offer-ended' ? 'agent-free' : trigger),
    order,
    skipped,
    free: pool.free.size,
    needs: visit.needs,
    ringing: { nth: visit.offers.length + 1, of: ringLimit(queue) }
  });
  // One whose mobile may not be called is free no more: the next.
  return made || (!isFree(turn.state, agent) && offerTo(turn, visit, pool, trigger));
}

/**
 * Free agents who may be offered the visit, best first, at most `toldEligible`. Those who have refused it come after
 * all others (rule 5), and not at all while held off: then they are among those skipped.
 */
function candidates(turn: Turn, visit: Visit, pool: Pool): { order: FreeRank[]; skipped: OfferWhy['skipped'] } {
  const free = pool.free.items;
  if (visit.refusals.length === 0) return { order: free.slice(0, toldEligible), skipped: [] };
  const fresh: FreeRank[] = [];
  const again: FreeRank[] = [];
  const skipped: NonNullable<OfferWhy['skipped']> = [];
  for (const rank of free) {
    const refusal = visit.refusals.find((one) => one.agentId === rank.agentId);
    if (!refusal) fresh.push(rank);
    else if (refusal.untilMs <= turn.nowMs) again.push(rank);
    if (refusal) skipped.push({ agentId: rank.agentId, untilMs: refusal.untilMs });
    if (fresh.length >= toldEligible) break;
  }
  return { order: [...fresh, ...again].slice(0, toldEligible), skipped };
}

/** Whether rule 5 holds the agent off this visit at this moment. */
export function heldOff(visit: Visit, agent: Agent, nowMs: number): boolean {
  return visit.refusals.some((one) => one.agentId === agent.id && one.untilMs > nowMs);
}

/**
 * Told for a visit that nobody rings for now (B3): what everybody who could take it is doing. `unskilled` are logged in
 * but know too little; `heldOff` are free but have just refused it.
 */
export function tellWaiting(turn: Turn): void {
  for (const [visitId, trigger] of turn.toExplain) {
    const visit = turn.state.visit.get(visitId);
    if (!visit || visit.offers.length > 0) continue;
    const { crowd } = poolOf(turn.state, turn.indexes, visit.queueId, visit.needs);
    tell(turn, visit.organizationId, {
      type: 'waits',
      visitId,
      callId: visit.callId,
      queueId: visit.queueId,
      place: placeOf(turn.indexes, visit),
      trigger,
      needs: visit.needs,
      able: { ...crowd },
      unskilled: loggedInTo(turn.indexes, visit.queueId) - countOf(crowd),
      heldOff: visit.refusals.filter((one) => one.untilMs > turn.nowMs).map((one) => one.agentId)
    });
  }
}
