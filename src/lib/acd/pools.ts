import type { QueueValue, SkillNeed } from './configuration.ts';
import type { AgentId, QueueId } from './ids.ts';
import { configured, emptyIndexes, indexConfiguration, isFree, nested } from './indexes.ts';
import type { Entered, FreeRank, Indexes, Pool, VisitRank } from './indexes.ts';
import { SortedSet, compareText } from './sorted.ts';
import type { Agent, Call, State, Visit } from './state.ts';

/*
 * Who waits and who is free, in order. An event moves what it concerns from one place to another; nothing is looked
 * through. So its cost does not grow with queues, visits or agents that it has nothing to do with.
 */

/** Order of waiting; what decides places and, among visits that ring equally many, offers. */
export function compareVisits(a: VisitRank, b: VisitRank): number {
  if (a.strict !== b.strict) return a.strict ? -1 : 1;
  return a.rankMs - b.rankMs || compareText(a.visitId, b.visitId);
}

/** Order of offering: breadth first (rule 4). */
export function compareOpen(a: VisitRank, b: VisitRank): number {
  return a.ringing - b.ringing || compareVisits(a, b);
}

export function compareFree(a: FreeRank, b: FreeRank): number {
  if (a.demoted !== b.demoted) return a.demoted ? 1 : -1;
  return (
    a.tier - b.tier ||
    b.skill - a.skill ||
    a.load - b.load ||
    a.idleSinceMs - b.idleSinceMs ||
    compareText(a.agentId, b.agentId)
  );
}

export function visitRank(visit: Visit): VisitRank {
  const rankMs = visit.queuedAtMs - Math.round(visit.creditSeconds * 1_000);
  return { visitId: visit.id, ringing: visit.offers.length, strict: visit.strict, rankMs };
}

/** Among those waiting in its queue, 1 for whoever is next. */
export function placeOf(indexes: Indexes, visit: Visit): number {
  return (indexes.waiting.get(visit.queueId)?.indexOf(visitRank(visit)) ?? 0) + 1;
}

/** All indexes of a state as it is read back. */
export function buildIndexes(state: State): Indexes {
  const indexes = emptyIndexes();
  for (const configured of state.configuration.values()) indexConfiguration(indexes, null, configured.value);
  for (const call of state.call.values()) indexCall(indexes, call);
  for (const visit of state.visit.values()) indexVisit(state, indexes, visit);
  for (const agent of state.agent.values()) {
    if (agent.onShift && agent.deviceId !== null) indexes.agentByDevice.set(agent.deviceId, agent.id);
    indexFree(state, indexes, agent);
    indexCrowd(indexes, agent);
  }
  return indexes;
}

export function needsKey(needs: SkillNeed[]): string {
  return needs.map(({ skillId, level }) => `${skillId}:${level}`).join(' ');
}

export function knowsEnough(indexes: Indexes, agentId: AgentId, needs: SkillNeed[]): boolean {
  if (needs.length === 0) return true;
  const skills = indexes.skillsByAgent.get(agentId);
  return needs.every(({ skillId, level }) => (skills?.get(skillId) ?? 0) >= level);
}

/** How many agents a visit may ring at once (P14, parallel X). */
export function ringLimit(queue: QueueValue | null): number {
  return queue?.distribution === 'parallel' ? Math.max(1, queue.parallelAgents) : 1;
}

/** Puts a visit where it now belongs. */
export function indexVisit(state: State, indexes: Indexes, visit: Visit): void {
  unindexVisit(indexes, visit);
  const rank = visitRank(visit);
  waitingIn(indexes, visit.queueId).add(rank);
  enteredIn(indexes, visit.queueId).add(enteredOf(visit));
  if (visit.caller) indexes.waitingByCaller.set(visit.caller, (indexes.waitingByCaller.get(visit.caller) ?? 0) + 1);
  const queue = configured(state, 'queue', visit.queueId);
  const pool = poolOf(state, indexes, visit.queueId, visit.needs);
  const open = !visit.taken && !visit.hears && rank.ringing < ringLimit(queue);
  if (open) pool.open.add(rank);
  const { queueId } = visit;
  indexes.visitPlaces.set(visit.id, { queueId, rank, entered: enteredOf(visit), pool: open ? pool : null });
}

export function unindexVisit(indexes: Indexes, visit: Visit): void {
  const place = indexes.visitPlaces.get(visit.id);
  if (!place) return;
  indexes.visitPlaces.delete(visit.id);
  indexes.waiting.get(place.queueId)?.remove(place.rank);
  indexes.entered.get(place.queueId)?.remove(place.entered);
  place.pool?.open.remove(place.rank);
  if (!visit.caller) return;
  const others = (indexes.waitingByCaller.get(visit.caller) ?? 1) - 1;
  if (others > 0) indexes.waitingByCaller.set(visit.caller, others);
  else indexes.waitingByCaller.delete(visit.caller);
}

/** The pool of a queue for these needs. A new one is filled with the agents logged in to the queue who know enough. */
export function poolOf(state: State, indexes: Indexes, queueId: QueueId, needs: SkillNeed[]): Pool {
  const everybody = poolOfAll(indexes, queueId);
  if (needs.length === 0) return everybody;
  const pools = nested(indexes.pools, queueId);
  const key = needsKey(needs);
  const known = pools.get(key);
  if (known) return known;
  const pool = emptyPool(queueId, needs);
  pools.set(key, pool);
  for (const agentId of indexes.membersByQueue.get(queueId)?.keys() ?? []) {
    const agent = state.agent.get(agentId);
    if (!agent || !indexes.crowdPlaces.get(agentId)?.pools.includes(everybody)) continue;
    if (indexes.freePlaces.has(agentId)) indexFree(state, indexes, agent);
    indexCrowd(indexes, agent);
  }
  return pool;
}

/** The pool without needs: there before anybody logs in, so that everybody has a place in it. */
function poolOfAll(indexes: Indexes, queueId: QueueId): Pool {
  const pools = nested(indexes.pools, queueId);
  let pool = pools.get('');
  if (!pool) pools.set('', (pool = emptyPool(queueId, [])));
  return pool;
}

function emptyPool(queueId: QueueId, needs: SkillNeed[]): Pool {
  const crowd = { 'logged-out': 0, unreachable: 0, paused: 0, offered: 0, 'on-call': 0, 'wrap-up': 0, free: 0 };
  return { queueId, needs, open: new SortedSet(compareOpen), free: new SortedSet(compareFree), crowd };
}

/** Forgets the pools of a queue that no visit stands in: after a change of what it needs, which makes others. */
export function dropEmptyPools(indexes: Indexes, queueId: QueueId): void {
  const pools = indexes.pools.get(queueId);
  for (const [key, pool] of pools ?? []) if (key !== '' && pool.open.size === 0) pools?.delete(key);
}

/** The pools in which an agent has a place: of the queues they are logged in to, those they know enough for. */
function poolsOf(indexes: Indexes, agent: Agent): Pool[] {
  return agent.queueIds.flatMap((queueId) => {
    poolOfAll(indexes, queueId);
    return [...nested(indexes.pools, queueId).values()].filter((pool) => knowsEnough(indexes, agent.id, pool.needs));
  });
}

/** Puts an agent where they now belong among the free; gives the queues where they were not, or stood elsewhere, before. */
export function indexFree(state: State, indexes: Indexes, agent: Agent): QueueId[] {
  const before = indexes.freePlaces.get(agent.id) ?? [];
  const after = isFree(state, agent)
    ? poolsOf(indexes, agent).map((pool) => ({ pool, rank: freeRank(state, indexes, agent, pool) }))
    : [];
  for (const { pool, rank } of before) pool.free.remove(rank);
  for (const { pool, rank } of after) pool.free.add(rank);
  if (after.length > 0) indexes.freePlaces.set(agent.id, after);
  else indexes.freePlaces.delete(agent.id);
  const stood = new Map(before.map(({ pool, rank }) => [pool, rank]));
  const moved = after.filter(({ pool, rank }) => {
    const old = stood.get(pool);
    return !old || compareFree(old, rank) !== 0;
  });
  return [...new Set(moved.map(({ pool }) => pool.queueId))];
}

export function freeRank(state: State, indexes: Indexes, agent: Agent, pool: Pool): FreeRank {
  const queue = configured(state, 'queue', pool.queueId);
  const skills = indexes.skillsByAgent.get(agent.id);
  const best = queue?.bestSkillFirst ?? false;
  return {
    agentId: agent.id,
    demoted: agent.demoted,
    tier: indexes.membersByAgent.get(agent.id)?.get(pool.queueId)?.tier ?? 1,
    skill: best ? pool.needs.reduce((sum, { skillId }) => sum + (skills?.get(skillId) ?? 0), 0) : 0,
    load: queue?.distribution === 'fair' ? agent.fair.load : 0,
    idleSinceMs: agent.idleSinceMs
  };
}

/** Counts an agent by their shown state in the queues they are logged in to; gives the queues where the count changed. */
export function indexCrowd(indexes: Indexes, agent: Agent): QueueId[] {
  const before = indexes.crowdPlaces.get(agent.id);
  for (const pool of before?.pools ?? []) pool.crowd[before!.state] -= 1;
  const { state } = agent.shown;
  const pools = poolsOf(indexes, agent);
  for (const pool of pools) pool.crowd[state] += 1;
  if (pools.length > 0) indexes.crowdPlaces.set(agent.id, { pools, state });
  else indexes.crowdPlaces.delete(agent.id);
  if (before?.state === state && before.pools.length === pools.length) return [];
  return [...new Set([...(before?.pools ?? []), ...pools].map(({ queueId }) => queueId))];
}

export function loggedInTo(indexes: Indexes, queueId: QueueId): number {
  const everybody = indexes.pools.get(queueId)?.get('');
  return everybody ? countOf(everybody.crowd) : 0;
}

/** How many are in it, whatever they do. */
export function countOf(crowd: Pool['crowd']): number {
  return Object.values(crowd).reduce((sum, count) => sum + count, 0);
}

/** Counts a call that is on its way into a queue, until it is there or gone. */
export function indexCall(indexes: Indexes, call: Call): void {
  const before = indexes.comingPlaces.get(call.id) ?? null;
  const now = call.phase === 'welcoming' ? call.queueId : null;
  if (before === now) return;
  if (before !== null) {
    indexes.coming.set(before, (indexes.coming.get(before) ?? 1) - 1);
    indexes.comingPlaces.delete(call.id);
  }
  if (now === null) return;
  indexes.coming.set(now, (indexes.coming.get(now) ?? 0) + 1);
  indexes.comingPlaces.set(call.id, now);
}

export function unindexCall(indexes: Indexes, call: Call): void {
  const queueId = indexes.comingPlaces.get(call.id);
  if (queueId === undefined) return;
  indexes.coming.set(queueId, (indexes.coming.get(queueId) ?? 1) - 1);
  indexes.comingPlaces.delete(call.id);
}

const enteredOf = (visit: Visit): Entered => ({ visitId: visit.id, queuedAtMs: visit.queuedAtMs });

function enteredIn(indexes: Indexes, queueId: QueueId): SortedSet<Entered> {
  let set = indexes.entered.get(queueId);
  if (!set)
    indexes.entered.set(
      queueId,
      (set = new SortedSet<Entered>((a, b) => a.queuedAtMs - b.queuedAtMs || compareText(a.visitId, b.visitId)))
    );
  return set;
}

function waitingIn(indexes: Indexes, queueId: QueueId): SortedSet<VisitRank> {
  let set = indexes.waiting.get(queueId);
  if (!set) indexes.waiting.set(queueId, (set = new SortedSet(compareVisits)));
  return set;
}
