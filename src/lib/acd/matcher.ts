import type { OfferWhy } from './facts.ts';
import type { QueueId } from './ids.ts';
import { compareVisits, visitRank } from './indexes.ts';
import type { FreeRank, VisitRank } from './indexes.ts';
import { makeOffer } from './offers.ts';
import type { Agent, Visit } from './state.ts';
import type { Turn } from './turn.ts';

/** Eligible agents told with an offer (B3). */
const toldEligible = 5;

/**
 * Brings the queues of this turn to rest (rules 2, 3, 9): visits in order of rank over all of them, each taking the
 * best free agent by its own queue's distribution. Agents only become fewer on the way, so one pass is enough; queues
 * that nothing happened to are at rest already and are not looked at.
 */
export function match(turn: Turn): void {
  const { state, toMatch } = turn;
  if (!state.cell.connected) return;
  const heads = new Map<QueueId, number>();
  for (const queueId of toMatch.keys()) heads.set(queueId, 0);
  for (let next = best(turn, heads); next; next = best(turn, heads)) {
    const visit = state.visit.get(next.rank.visitId);
    const offered = visit !== undefined && offerTo(turn, visit, toMatch.get(next.queueId) ?? 'agent-free');
    // An offered visit has left the list, so that the next one stands where it stood.
    if (!offered) heads.set(next.queueId, next.at + 1);
  }
}

/** The best-ranked visit not yet looked at, of the queues that still have a free agent. */
function best(turn: Turn, heads: Map<QueueId, number>): { queueId: QueueId; at: number; rank: VisitRank } | null {
  let found: { queueId: QueueId; at: number; rank: VisitRank } | null = null;
  for (const [queueId, at] of heads) {
    const rank = turn.indexes.unoffered.get(queueId)?.items[at];
    if (!rank || !turn.indexes.free.get(queueId)?.size) heads.delete(queueId);
    else if (!found || compareVisits(rank, found.rank) < 0) found = { queueId, at, rank };
  }
  return found;
}

function offerTo(turn: Turn, visit: Visit, trigger: OfferWhy['trigger']): boolean {
  const order = candidates(turn, visit);
  const first = order[0];
  const agent = first && turn.state.agent.get(first.agentId);
  if (!agent) return false;
  makeOffer(turn, visit, agent, {
    rule: 'longest-idle',
    idleSinceMs: first.idleSinceMs,
    eligible: order.slice(0, toldEligible).map((rank) => rank.agentId),
    place: placeOf(turn, visit),
    trigger
  });
  return true;
}

/**
 * Free agents who may be offered the visit, best first. Those who have refused it come after all others (rule 5),
 * and not at all while held off. Distributions and skills to come reorder and filter here.
 */
function candidates(turn: Turn, visit: Visit): FreeRank[] {
  const free = turn.indexes.free.get(visit.queueId)?.items ?? [];
  if (visit.refusals.length === 0) return free.slice(0, toldEligible);
  const fresh: FreeRank[] = [];
  const again: FreeRank[] = [];
  for (const rank of free) {
    const refusal = visit.refusals.find((one) => one.agentId === rank.agentId);
    if (!refusal) fresh.push(rank);
    else if (refusal.untilMs <= turn.nowMs) again.push(rank);
    if (fresh.length >= toldEligible) break;
  }
  return [...fresh, ...again];
}

/** Whether rule 5 holds the agent off this visit at this moment. */
export function heldOff(visit: Visit, agent: Agent, nowMs: number): boolean {
  return visit.refusals.some((one) => one.agentId === agent.id && one.untilMs > nowMs);
}

/** 1 for whoever is next. */
export function placeOf(turn: Turn, visit: Visit): number {
  const rank = visitRank(visit);
  return (turn.indexes.waiting.get(visit.queueId)?.indexOf(rank) ?? 0) + 1;
}
