import type { Fact } from '#lib/acd/facts.ts';
import type { TemporaryValue } from '#lib/acd/configuration.ts';
import { deviceReachable, queueHours } from '#lib/acd/indexes.ts';
import { queueFigures, setTargets } from '#lib/acd/figures.ts';
import type { AgentId, OrganizationId } from '#lib/acd/ids.ts';
import { load } from '#lib/acd/state.ts';
import type { EntityKey, State } from '#lib/acd/state.ts';
import { foldDay, turnDay } from './day.ts';
import { deskView } from './desk-view.ts';
import { foldLive, situatedAs } from './fold.ts';
import type { Day, Live, Lookup } from './live-state.ts';
import type { DeskView, WallboardView } from './topics.ts';
import { wallboardView } from './wallboard-view.ts';

export interface ProjectionOptions {
  organizationId: OrganizationId;
  /** The hash `cell:N:state`, of one organization or of all: others are left out. */
  entities: Iterable<readonly [EntityKey, string]>;
  /** Of all facts up to the moment of the state: they make the figures, not the live part. Changed from here on. */
  day: Day;
}

export interface Projection {
  /** Facts after the state, in order. Those of other organizations are left out. */
  apply(facts: Iterable<Fact>): void;
  /** Midnight comes though nothing happens. */
  turnDay(nowMs: number): void;
  /** `visibleQueueIds` null: all queues. `lookup` gives number and name of a token; null when erased (E8). */
  wallboard(visibleQueueIds: ReadonlySet<string> | null, nowMs: number): WallboardView;
  /** null when there is no such agent. */
  desk(agentId: AgentId, nowMs: number, lookup: Lookup): DeskView | null;
  /** For tests and checks. */
  readonly live: Live;
  /** As of the facts so far: owned and changed by the projection. */
  readonly day: Day;
}

/** Live views of one organization: pure, and the same on any process that folds the same facts. */
export function createProjection(options: ProjectionOptions): Projection {
  const { organizationId, day } = options;
  const live = readState(load(options.entities), organizationId);
  // The state knows who waits and what is aimed at; facts since midnight need not tell.
  for (const queue of live.queues.values()) setTargets(day.figures, queue);
  for (const [queueId, queue] of day.figures.queues) {
    for (const visitId of queue.open.keys())
      if (live.visits.get(visitId)?.queueId !== queueId) queue.open.delete(visitId);
  }
  for (const [visitId, visit] of live.visits) {
    const queue = queueFigures(day.figures, visit.queueId);
    if (!queue.open.has(visitId)) queue.entered += 1;
    queue.open.set(visitId, visit.queuedAtMs);
    day.callers.set(visit.callId, visit);
  }
  for (const [offerId, offer] of live.offers) day.offered.set(offerId, offer);

  return {
    live,
    day,
    apply(facts) {
      for (const fact of facts) {
        if (fact.organizationId !== organizationId) continue;
        foldLive(live, fact);
        foldDay(day, fact);
      }
    },
    turnDay: (nowMs) => turnDay(day, nowMs),
    wallboard: (visible, nowMs) => wallboardView(live, day, visible, nowMs),
    desk: (agentId, nowMs, lookup) => deskView(live, day, agentId, nowMs, lookup)
  };
}

export function emptyLive(): Live {
  return {
    queues: new Map(),
    members: new Map(),
    agents: new Map(),
    pauseReasons: [],
    hours: new Map(),
    situations: new Map(),
    stopped: new Map(),
    visits: new Map(),
    offers: new Map(),
    sessions: new Map()
  };
}

/** The live part as the state has it. `foldLive` keeps it equal to what this would give at any later moment. */
export function readState(state: State, organizationId: OrganizationId): Live {
  const live = emptyLive();
  const temporaries: TemporaryValue[] = [];
  for (const { value } of state.configuration.values()) {
    if (value?.type === 'organization' && value.id === organizationId) live.pauseReasons = value.pauseReasons;
    if (value === null || value.type === 'organization' || value.organizationId !== organizationId) continue;
    if (value.type === 'queue') live.queues.set(value.id, value);
    else if (value.type === 'member') live.members.set(value.id, value);
    else if (value.type === 'agent') live.agents.set(value.id, value);
    else if (value.type === 'temporary' && value.on) temporaries.push(value);
  }
  for (const queue of live.queues.values()) {
    const own = temporaries.filter(({ on }) => on?.queueIds.includes(queue.id));
    const schedule = queue.scheduleId === null ? null : (state.schedule.get(queue.scheduleId) ?? null);
    live.hours.set(queue.id, queueHours(schedule, own));
  }
  for (const situation of state.situation.values()) {
    const situated = situatedAs(situation);
    if (situated && live.queues.has(situation.id)) live.situations.set(situation.id, situated);
  }
  for (const { queueId, limit, atMs } of state.outgoing.get(organizationId)?.stopped ?? [])
    live.stopped.set(queueId, { limit, atMs });
  for (const visit of state.visit.values()) {
    const call = state.call.get(visit.callId);
    if (visit.organizationId !== organizationId || !call) continue;
    const { token: caller, withheld } = call.caller;
    const { queueId, callId, queuedAtMs } = visit;
    live.visits.set(visit.id, { queueId, callId, queuedAtMs, caller, withheld });
  }
  for (const offer of state.offer.values()) {
    const call = state.call.get(offer.callId);
    if (offer.organizationId !== organizationId || offer.phase === 'ending' || !call) continue;
    const { visitId, agentId, queueId, callId, queuedAtMs, offeredAtMs, ringUntilMs, talkSinceMs, held } = offer;
    const { token: caller, withheld } = call.caller;
    const accepted = offer.phase !== 'ringing';
    const pickedUp = !accepted && (offer.mobile?.pickedUpAtMs ?? null) !== null;
    const times = { queuedAtMs, offeredAtMs, ringUntilMs, talkSinceMs };
    live.offers.set(offer.id, {
      visitId,
      agentId,
      queueId,
      callId,
      caller,
      withheld,
      accepted,
      pickedUp,
      held,
      ...times
    });
  }
  readSessions(state, live, organizationId);
  return live;
}

function readSessions(state: State, live: Live, organizationId: OrganizationId): void {
  for (const agent of state.agent.values()) {
    // Removed, and kept by the state only until their last leg is gone.
    const gone = !agent.onShift && !live.agents.has(agent.id);
    if (agent.organizationId !== organizationId || gone) continue;
    const { occupancy, shown } = agent;
    const device = agent.deviceId === null ? undefined : state.device.get(agent.deviceId);
    live.sessions.set(agent.id, {
      state: shown.state,
      reason: shown.reason,
      sinceMs: shown.sinceMs,
      queueId: shown.queueId,
      onShift: agent.onShift,
      shiftSinceMs: agent.shiftSinceMs,
      deviceId: agent.deviceId,
      nextDeviceId: agent.nextDeviceId,
      reachable: device !== undefined && deviceReachable(device),
      paused: agent.paused !== null,
      pausedUntilMs: agent.paused?.untilMs ?? null,
      loggedIn: new Set(agent.queueIds),
      wrapUp:
        occupancy.type === 'wrap-up'
          ? { queueId: occupancy.queueId, startedAtMs: occupancy.startedAtMs, untilMs: occupancy.untilMs }
          : null
    });
  }
}
