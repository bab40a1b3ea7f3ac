import type {
  AgentValue,
  ConfigurationValue,
  MemberValue,
  NumberValue,
  OrganizationValue,
  QueueValue
} from './configuration.ts';
import type { ClosedReason } from './events.ts';
import type { AgentId, DeviceId, QueueId, ScheduleId, VisitId } from './ids.ts';
import { SortedSet, compareText } from './sorted.ts';
import type { Agent, Configured, Device, State, Visit } from './state.ts';

/** Rank of a visit (rule 3). It never moves with time, so that sets stay sorted. */
export interface VisitRank {
  visitId: VisitId;
  strict: boolean;
  /** `queuedAtMs − credit`. */
  rankMs: number;
}

/** Place of a free agent in the order of longest idle: those who last refused go last, then tier, then idle since. */
export interface FreeRank {
  agentId: AgentId;
  queueId: QueueId;
  demoted: boolean;
  tier: number;
  idleSinceMs: number;
}

/** Everything found by key or order instead of by looking through: made from the state, never stored. */
export interface Indexes {
  numberByDialled: Map<string, NumberValue>;
  membersByAgent: Map<AgentId, Map<QueueId, MemberValue>>;
  membersByQueue: Map<QueueId, Map<AgentId, MemberValue>>;
  queuesBySchedule: Map<ScheduleId, Set<QueueId>>;
  /** Whose shift runs on a device. */
  agentByDevice: Map<DeviceId, AgentId>;
  /** Visits not yet answered, by rank. */
  waiting: Map<QueueId, SortedSet<VisitRank>>;
  /** Those of them without an offer out. */
  unoffered: Map<QueueId, SortedSet<VisitRank>>;
  free: Map<QueueId, SortedSet<FreeRank>>;
  /** What each free agent stands under, to take it out again. */
  freeRanks: Map<AgentId, FreeRank[]>;
}

export function compareVisits(a: VisitRank, b: VisitRank): number {
  if (a.strict !== b.strict) return a.strict ? -1 : 1;
  return a.rankMs - b.rankMs || compareText(a.visitId, b.visitId);
}

export function compareFree(a: FreeRank, b: FreeRank): number {
  if (a.demoted !== b.demoted) return a.demoted ? 1 : -1;
  return a.tier - b.tier || a.idleSinceMs - b.idleSinceMs || compareText(a.agentId, b.agentId);
}

export function visitRank(visit: Visit): VisitRank {
  return { visitId: visit.id, strict: visit.strict, rankMs: visit.queuedAtMs - visit.creditSeconds * 1_000 };
}

export function buildIndexes(state: State): Indexes {
  const indexes: Indexes = {
    numberByDialled: new Map(),
    membersByAgent: new Map(),
    membersByQueue: new Map(),
    queuesBySchedule: new Map(),
    agentByDevice: new Map(),
    waiting: new Map(),
    unoffered: new Map(),
    free: new Map(),
    freeRanks: new Map()
  };
  for (const configured of state.configuration.values()) indexConfiguration(indexes, null, configured.value);
  for (const visit of state.visit.values()) indexVisit(indexes, visit);
  for (const agent of state.agent.values()) {
    if (agent.onShift && agent.deviceId !== null) indexes.agentByDevice.set(agent.deviceId, agent.id);
    indexFree(state, indexes, agent);
  }
  return indexes;
}

export function indexConfiguration(
  indexes: Indexes,
  before: ConfigurationValue | null,
  after: ConfigurationValue | null
): void {
  if (before) unindexConfiguration(indexes, before);
  if (after?.type === 'number') indexes.numberByDialled.set(after.e164, after);
  else if (after?.type === 'member') {
    nested(indexes.membersByAgent, after.agentId).set(after.queueId, after);
    nested(indexes.membersByQueue, after.queueId).set(after.agentId, after);
  } else if (after?.type === 'queue' && after.scheduleId !== null) {
    const queues = indexes.queuesBySchedule.get(after.scheduleId) ?? new Set();
    indexes.queuesBySchedule.set(after.scheduleId, queues.add(after.id));
  }
}

function unindexConfiguration(indexes: Indexes, before: ConfigurationValue): void {
  if (before.type === 'number') {
    if (indexes.numberByDialled.get(before.e164)?.id === before.id) indexes.numberByDialled.delete(before.e164);
  } else if (before.type === 'member') {
    indexes.membersByAgent.get(before.agentId)?.delete(before.queueId);
    indexes.membersByQueue.get(before.queueId)?.delete(before.agentId);
  } else if (before.type === 'queue' && before.scheduleId !== null) {
    indexes.queuesBySchedule.get(before.scheduleId)?.delete(before.id);
  }
}

export function indexVisit(indexes: Indexes, visit: Visit): void {
  const rank = visitRank(visit);
  sorted(indexes.waiting, visit.queueId, compareVisits).add(rank);
  if (visit.offers.length === 0) sorted(indexes.unoffered, visit.queueId, compareVisits).add(rank);
  else indexes.unoffered.get(visit.queueId)?.remove(rank);
}

export function unindexVisit(indexes: Indexes, visit: Visit): void {
  const rank = visitRank(visit);
  indexes.waiting.get(visit.queueId)?.remove(rank);
  indexes.unoffered.get(visit.queueId)?.remove(rank);
}

/** Puts an agent where they now belong among the free; gives the queues where they were not, or stood elsewhere, before. */
export function indexFree(state: State, indexes: Indexes, agent: Agent): QueueId[] {
  const before = indexes.freeRanks.get(agent.id) ?? [];
  const after = isFree(state, agent)
    ? agent.queueIds.map((queueId) => ({
        agentId: agent.id,
        queueId,
        demoted: agent.demoted,
        tier: indexes.membersByAgent.get(agent.id)?.get(queueId)?.tier ?? 1,
        idleSinceMs: agent.idleSinceMs
      }))
    : [];
  for (const rank of before) indexes.free.get(rank.queueId)?.remove(rank);
  for (const rank of after) sorted(indexes.free, rank.queueId, compareFree).add(rank);
  if (after.length > 0) indexes.freeRanks.set(agent.id, after);
  else indexes.freeRanks.delete(agent.id);
  return after
    .filter((rank) => !before.some((old) => old.queueId === rank.queueId && compareFree(old, rank) === 0))
    .map((rank) => rank.queueId);
}

/** The three facts (B9): they want to, they can be reached, they are free. */
export function isFree(state: State, agent: Agent): boolean {
  return agent.onShift && agent.paused === null && agent.occupancy.type === 'free' && isReachable(state, agent);
}

export function isReachable(state: State, agent: Agent): boolean {
  const device = agent.deviceId === null ? undefined : state.device.get(agent.deviceId);
  return device !== undefined && deviceReachable(device);
}

/** Rule 5: three failures in a row make it unreachable. */
export const failuresToUnreachable = 3;

export function deviceReachable(device: Device): boolean {
  return device.registered && !device.pageGone && device.failures < failuresToUnreachable;
}

type Values = {
  organization: OrganizationValue;
  queue: QueueValue;
  member: MemberValue;
  agent: AgentValue;
  number: NumberValue;
};

/** The present value, or null when there is none. */
export function configured<E extends keyof Values>(state: State, entity: E, id: string): Values[E] | null {
  const found: Configured | undefined = state.configuration.get(`${entity}:${id}`);
  return (found?.value ?? null) as Values[E] | null;
}

/** Unknown hours count as open: a caller is never turned away for want of knowledge. */
export function openNow(state: State, queue: QueueValue): { open: boolean; reason: ClosedReason | null } {
  const schedule = queue.scheduleId === null ? undefined : state.schedule.get(queue.scheduleId);
  return schedule ? { open: schedule.open, reason: schedule.reason } : { open: true, reason: null };
}

function nested<K, K2, V>(map: Map<K, Map<K2, V>>, key: K): Map<K2, V> {
  let inner = map.get(key);
  if (!inner) map.set(key, (inner = new Map()));
  return inner;
}

function sorted<T>(map: Map<QueueId, SortedSet<T>>, queueId: QueueId, compare: (a: T, b: T) => number): SortedSet<T> {
  let set = map.get(queueId);
  if (!set) map.set(queueId, (set = new SortedSet(compare)));
  return set;
}
