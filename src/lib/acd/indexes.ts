import type {
  AgentValue,
  ConfigurationValue,
  MemberValue,
  NumberValue,
  OrganizationValue,
  QueueValue,
  SkillNeed,
  TemporaryValue,
  TrunkSettings
} from './configuration.ts';
import type { ClosedReason } from './events.ts';
import type { AgentState } from './facts.ts';
import type {
  AgentId,
  CallId,
  CallerToken,
  DeviceId,
  OrganizationId,
  QueueId,
  ScheduleId,
  SkillId,
  TemporaryId,
  VisitId
} from './ids.ts';
import { inForce } from './precedence.ts';
import type { SortedSet } from './sorted.ts';
import type { Agent, Configured, Device, State } from './state.ts';
import { plainTrunk } from './upgrade.ts';

/** Rank of a visit (rule 3). It moves with no time, so that sets stay sorted. */
export interface VisitRank {
  visitId: VisitId;
  /** Agents it rings now: every visit gets one before any gets a second (rule 4). */
  ringing: number;
  strict: boolean;
  /** `queuedAtMs − credit`. */
  rankMs: number;
}

export interface Entered {
  visitId: VisitId;
  queuedAtMs: number;
}

/** Place of a free agent in a pool: `compareFree`. */
export interface FreeRank {
  agentId: AgentId;
  /** Who last refused goes last (rule 5). */
  demoted: boolean;
  tier: number;
  /** Levels of the needed skills added up, where the queue wants the best first; else 0. */
  skill: number;
  /** Queue calls per available hour, where the queue shares fairly; else 0. */
  load: number;
  idleSinceMs: number;
}

/** How many of those logged in to a queue who know enough are in each state. */
export type Crowd = Record<AgentState, number>;

/** The visits of a queue that need the same, and the agents who know enough for them (P15). */
export interface Pool {
  queueId: QueueId;
  needs: SkillNeed[];
  /** Visits that may ring one more agent, those that ring fewest first. */
  open: SortedSet<VisitRank>;
  free: SortedSet<FreeRank>;
  crowd: Crowd;
}

/** Everything found by key or order instead of by looking through: made from the state, never stored. */
export interface Indexes {
  numberByDialled: Map<string, NumberValue>;
  /** Of organizations whose calls come otherwise than the plain way: how (E4). */
  trunks: Map<OrganizationId, TrunkSettings>;
  membersByAgent: Map<AgentId, Map<QueueId, MemberValue>>;
  membersByQueue: Map<QueueId, Map<AgentId, MemberValue>>;
  queuesBySchedule: Map<ScheduleId, Set<QueueId>>;
  /** Temporary schedules that are on. */
  temporaryByQueue: Map<QueueId, Map<TemporaryId, TemporaryValue>>;
  skillsByAgent: Map<AgentId, Map<SkillId, number>>;
  /** Whose shift runs on a device. */
  agentByDevice: Map<DeviceId, AgentId>;
  /** Visits not yet answered, by rank: the place of a caller. */
  waiting: Map<QueueId, SortedSet<VisitRank>>;
  /** Visits not yet answered, by when they were queued: who has waited longest (P10). */
  entered: Map<QueueId, SortedSet<Entered>>;
  /** Calls on their way into a queue: each has a place reserved (P10). */
  coming: Map<QueueId, number>;
  comingPlaces: Map<CallId, QueueId>;
  /** By queue and `needsKey`; the one without needs is there as soon as anybody is logged in. */
  pools: Map<QueueId, Map<string, Pool>>;
  /** Where each visit stands, to take it out again. */
  visitPlaces: Map<VisitId, { queueId: QueueId; rank: VisitRank; entered: Entered; pool: Pool | null }>;
  /** Where each free agent stands. */
  freePlaces: Map<AgentId, { pool: Pool; rank: FreeRank }[]>;
  /** What each agent counts as, and where. */
  crowdPlaces: Map<AgentId, { pools: Pool[]; state: AgentState }>;
  /** Visits of a caller that are waiting (B11). */
  waitingByCaller: Map<CallerToken, number>;
}

export function emptyIndexes(): Indexes {
  return {
    numberByDialled: new Map(),
    trunks: new Map(),
    membersByAgent: new Map(),
    membersByQueue: new Map(),
    queuesBySchedule: new Map(),
    temporaryByQueue: new Map(),
    skillsByAgent: new Map(),
    agentByDevice: new Map(),
    waiting: new Map(),
    entered: new Map(),
    coming: new Map(),
    comingPlaces: new Map(),
    pools: new Map(),
    visitPlaces: new Map(),
    freePlaces: new Map(),
    crowdPlaces: new Map(),
    waitingByCaller: new Map()
  };
}

export function indexConfiguration(
  indexes: Indexes,
  before: ConfigurationValue | null,
  after: ConfigurationValue | null
): void {
  if (before) unindexConfiguration(indexes, before);
  if (after?.type === 'number') indexes.numberByDialled.set(after.e164, after);
  else if (after?.type === 'organization') {
    if (!comesPlainly(after.trunk)) indexes.trunks.set(after.id, after.trunk);
  } else if (after?.type === 'member') {
    nested(indexes.membersByAgent, after.agentId).set(after.queueId, after);
    nested(indexes.membersByQueue, after.queueId).set(after.agentId, after);
  } else if (after?.type === 'agent' && after.skills.length > 0) {
    indexes.skillsByAgent.set(after.id, new Map(after.skills.map(({ skillId, level }) => [skillId, level])));
  } else if (after?.type === 'queue' && after.scheduleId !== null) {
    const queues = indexes.queuesBySchedule.get(after.scheduleId) ?? new Set();
    indexes.queuesBySchedule.set(after.scheduleId, queues.add(after.id));
  } else if (after?.type === 'temporary') {
    for (const queueId of after.on?.queueIds ?? []) nested(indexes.temporaryByQueue, queueId).set(after.id, after);
  }
}

function unindexConfiguration(indexes: Indexes, before: ConfigurationValue): void {
  if (before.type === 'number') {
    if (indexes.numberByDialled.get(before.e164)?.id === before.id) indexes.numberByDialled.delete(before.e164);
  } else if (before.type === 'organization') {
    indexes.trunks.delete(before.id);
  } else if (before.type === 'member') {
    indexes.membersByAgent.get(before.agentId)?.delete(before.queueId);
    indexes.membersByQueue.get(before.queueId)?.delete(before.agentId);
  } else if (before.type === 'agent') {
    indexes.skillsByAgent.delete(before.id);
  } else if (before.type === 'queue' && before.scheduleId !== null) {
    indexes.queuesBySchedule.get(before.scheduleId)?.delete(before.id);
  } else if (before.type === 'temporary') {
    for (const queueId of before.on?.queueIds ?? []) indexes.temporaryByQueue.get(queueId)?.delete(before.id);
  }
}

function comesPlainly({ countryCode, dialledIn, comesAs }: TrunkSettings): boolean {
  const plain = plainTrunk;
  return countryCode === plain.countryCode && dialledIn === plain.dialledIn && comesAs === plain.comesAs;
}

/** The three facts (B9): they want to, they can be reached, they are free. */
export function isFree(state: State, agent: Agent): boolean {
  return agent.occupancy.type === 'free' && atWork(state, agent);
}

/** They want to and can be reached (B9), whether they are in a call or not. */
export function atWork(state: State, agent: Agent): boolean {
  return agent.onShift && agent.paused === null && isReachable(state, agent);
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

/** Whether a queue takes calls, why not, and until when; `temporary` names the schedule that says so (P2). */
export interface QueueHours {
  open: boolean;
  reason: ClosedReason | null;
  untilMs: number | null;
  temporary: string | null;
}

/** Unknown hours count as open: a caller is never turned away for want of knowledge. */
export function openNow({ state, indexes }: { state: State; indexes: Indexes }, queue: QueueValue): QueueHours {
  const schedule = queue.scheduleId === null ? null : (state.schedule.get(queue.scheduleId) ?? null);
  return queueHours(schedule, indexes.temporaryByQueue.get(queue.id)?.values() ?? []);
}

/**
 * @param schedule what the queue's hours say; null: it has none
 * @param temporaries those that are on for it; of several the one switched on last holds
 */
export function queueHours(
  schedule: Omit<QueueHours, 'temporary'> | null,
  temporaries: Iterable<TemporaryValue>
): QueueHours {
  let last: TemporaryValue | null = null;
  for (const one of temporaries) if (one.on && (!last?.on || isLater(one, last))) last = one;
  const { open = true, reason = null, untilMs = null } = schedule ?? {};
  return inForce<QueueHours>({
    temporary: last?.on && {
      open: last.effect === 'open',
      reason: last.effect === 'open' ? null : 'temporary',
      untilMs: last.on.untilMs,
      temporary: last.name
    },
    // Its holidays are decided with the rest of it, by the same order.
    schedule: { open, reason, untilMs, temporary: null }
  });
}

function isLater(one: TemporaryValue, other: TemporaryValue): boolean {
  const [from, otherFrom] = [one.on?.fromMs ?? 0, other.on?.fromMs ?? 0];
  return from > otherFrom || (from === otherFrom && one.id > other.id);
}

/** The inner map under a key, made when it is not there. */
export function nested<K, K2, V>(map: Map<K, Map<K2, V>>, key: K): Map<K2, V> {
  let inner = map.get(key);
  if (!inner) map.set(key, (inner = new Map()));
  return inner;
}
