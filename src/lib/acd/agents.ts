import type { AgentState, FactBody } from './facts.ts';
import type { AgentId, DeviceId, QueueId } from './ids.ts';
import { followShare } from './fairness.ts';
import { configured, isReachable } from './indexes.ts';
import { indexCrowd, indexFree, loggedInTo } from './pools.ts';
import { compareText } from './sorted.ts';
import type { Agent, Offer } from './state.ts';
import { putAgent, schedule, tell, toMatch, unschedule } from './turn.ts';
import type { Turn } from './turn.ts';
import { noShare } from './upgrade.ts';

/** An agent whose device said *busy* is tried again after this. */
export const busyElsewhereMs = 10_000;
/** A mobile has calls of its own that we know nothing of, and each try costs one. */
export const mobileBusyMs = 60_000;
export const maxWrapUpExtensions = 5;
export const maxWrapUpExtensionMs = 600_000;

/** The session of an agent who exists; one is made, logged out, when there is none yet. */
export function agentOf(turn: Turn, agentId: AgentId): Agent | null {
  const known = turn.state.agent.get(agentId);
  if (known) return known;
  const value = configured(turn.state, 'agent', agentId);
  if (!value) return null;
  return {
    v: 3,
    id: agentId,
    organizationId: value.organizationId,
    onShift: false,
    shiftSinceMs: null,
    deviceId: null,
    nextDeviceId: null,
    queueIds: [],
    paused: null,
    leaving: null,
    occupancy: { type: 'free' },
    idleSinceMs: turn.nowMs,
    demoted: false,
    unansweredInRow: 0,
    loggedOutUnanswered: false,
    fair: noShare(),
    shown: { state: 'logged-out', reason: null, queueId: null, visitId: null, sinceMs: turn.nowMs }
  };
}

/** Queues that exist and have the agent as a member, in order of id. */
export function memberships(turn: Turn, agentId: AgentId): QueueId[] {
  const members = turn.indexes.membersByAgent.get(agentId);
  if (!members || !configured(turn.state, 'agent', agentId)) return [];
  return [...members.keys()].filter((queueId) => configured(turn.state, 'queue', queueId)).toSorted(compareText);
}

type By = Extract<FactBody, { type: 'login-changed' }>['by'];

export function logIn(turn: Turn, agent: Agent, queueIds: QueueId[], by: By): void {
  const added = queueIds.filter((queueId) => !agent.queueIds.includes(queueId));
  if (added.length === 0) return;
  if (agent.queueIds.length === 0) agent.idleSinceMs = turn.nowMs;
  agent.queueIds = [...agent.queueIds, ...added].toSorted(compareText);
  if (by !== 'membership') acted(agent);
  agent.loggedOutUnanswered = false;
  putAgent(turn, agent);
  for (const queueId of added) tellLogin(turn, agent, queueId, true, by);
}

/** At once: whether it has to wait for a call's end is decided before. */
export function logOut(turn: Turn, agent: Agent, queueIds: QueueId[], by: By): void {
  const removed = queueIds.filter((queueId) => agent.queueIds.includes(queueId));
  if (removed.length === 0) return;
  agent.queueIds = agent.queueIds.filter((queueId) => !removed.includes(queueId));
  putAgent(turn, agent);
  for (const queueId of removed) {
    tellLogin(turn, agent, queueId, false, by);
    // They are still counted there: the index follows at the end of the turn.
    if (by === 'unanswered' && loggedInTo(turn.indexes, queueId) <= 1)
      tell(turn, agent.organizationId, { type: 'last-agent-logged-out', queueId, agentId: agent.id });
  }
}

function tellLogin(turn: Turn, agent: Agent, queueId: QueueId, loggedIn: boolean, by: By): void {
  tell(turn, agent.organizationId, { type: 'login-changed', agentId: agent.id, queueId, loggedIn, by });
}

export function beginShift(turn: Turn, agent: Agent, deviceId: DeviceId, sinceMs: number): void {
  agent.onShift = true;
  agent.shiftSinceMs = sinceMs;
  agent.deviceId = deviceId;
  turn.indexes.agentByDevice.set(deviceId, agent.id);
  putAgent(turn, agent);
  tell(turn, agent.organizationId, {
    type: 'shift-changed',
    agentId: agent.id,
    on: true,
    deviceId,
    reachable: isReachable(turn.state, agent),
    ...(sinceMs === turn.nowMs ? {} : { sinceMs })
  });
}

/** P16: from now on they are rung there. Their place in the order stays (rule 6). */
export function moveTo(turn: Turn, agent: Agent, deviceId: DeviceId): void {
  endBusyElsewhere(turn, agent);
  if (agent.deviceId !== null) turn.indexes.agentByDevice.delete(agent.deviceId);
  agent.deviceId = deviceId;
  agent.nextDeviceId = null;
  turn.indexes.agentByDevice.set(deviceId, agent.id);
  putAgent(turn, agent);
  const reachable = isReachable(turn.state, agent);
  tell(turn, agent.organizationId, { type: 'device-changed', agentId: agent.id, deviceId, reachable, from: 'now' });
}

export function endShift(turn: Turn, agent: Agent): void {
  if (!agent.onShift) return;
  endWrapUp(turn, agent, 'agent');
  endBusyElsewhere(turn, agent);
  logOut(turn, agent, agent.queueIds, 'shift');
  if (agent.paused) {
    agent.paused = null;
    tell(turn, agent.organizationId, { type: 'pause-changed', agentId: agent.id, paused: false, reason: null });
  }
  if (agent.deviceId !== null) turn.indexes.agentByDevice.delete(agent.deviceId);
  agent.onShift = false;
  agent.shiftSinceMs = null;
  agent.deviceId = null;
  agent.nextDeviceId = null;
  agent.leaving = null;
  agent.loggedOutUnanswered = false;
  putAgent(turn, agent);
  tell(turn, agent.organizationId, {
    type: 'shift-changed',
    agentId: agent.id,
    on: false,
    deviceId: null,
    reachable: false
  });
}

/** An answer, a login, a resume: the row of unanswered offers begins anew (P18), and the place in the order (rule 5). */
export function acted(agent: Agent): void {
  agent.unansweredInRow = 0;
  agent.demoted = false;
}

export function wrapUpSecondsOf(turn: Turn, agentId: AgentId, queueId: QueueId): number {
  const own = turn.indexes.membersByAgent.get(agentId)?.get(queueId)?.wrapUpSeconds ?? null;
  return own ?? configured(turn.state, 'queue', queueId)?.wrapUpSeconds ?? 0;
}

/** Rule 6: the agent's own leg has left the call. */
export function startWrapUp(turn: Turn, agent: Agent, queueId: QueueId): void {
  const seconds = agent.queueIds.length > 0 ? wrapUpSecondsOf(turn, agent.id, queueId) : 0;
  if (seconds <= 0) {
    agent.occupancy = { type: 'free' };
    agent.idleSinceMs = turn.nowMs;
    return putAgent(turn, agent);
  }
  const untilMs = turn.nowMs + seconds * 1_000;
  agent.occupancy = { type: 'wrap-up', queueId, startedAtMs: turn.nowMs, untilMs, extensions: 0, extendedMs: 0 };
  putAgent(turn, agent);
  schedule(turn, `wrap-up:${agent.id}`, untilMs);
  tell(turn, agent.organizationId, { type: 'wrap-up-started', agentId: agent.id, queueId, untilMs });
}

export function endWrapUp(turn: Turn, agent: Agent, by: 'time' | 'agent'): void {
  if (agent.occupancy.type !== 'wrap-up') return;
  agent.occupancy = { type: 'free' };
  agent.idleSinceMs = turn.nowMs;
  if (by === 'agent') agent.demoted = false;
  putAgent(turn, agent);
  unschedule(turn, `wrap-up:${agent.id}`);
  tell(turn, agent.organizationId, { type: 'wrap-up-ended', agentId: agent.id, by });
}

export function busyElsewhere(turn: Turn, agent: Agent, forMs: number): void {
  const untilMs = turn.nowMs + forMs;
  agent.occupancy = { type: 'busy-elsewhere', untilMs };
  putAgent(turn, agent);
  schedule(turn, `busy:${agent.id}`, untilMs);
}

export function endBusyElsewhere(turn: Turn, agent: Agent): void {
  if (agent.occupancy.type !== 'busy-elsewhere') return;
  agent.occupancy = { type: 'free' };
  putAgent(turn, agent);
  unschedule(turn, `busy:${agent.id}`);
}

/** The agent's leg of an offer is gone: they are free, in wrap-up, or leave as they had asked to. */
export function release(turn: Turn, agent: Agent, offer: Offer, busy: boolean): void {
  const occupancy = agent.occupancy;
  if ((occupancy.type !== 'offered' && occupancy.type !== 'talk') || occupancy.offerId !== offer.id) return;
  agent.occupancy = { type: 'free' };
  const leaving = agent.leaving;
  agent.leaving = null;
  putAgent(turn, agent);
  if (leaving === 'shift') endShift(turn, agent);
  else if (leaving) logOut(turn, agent, leaving, 'agent');
  const moves = agent.nextDeviceId !== null;
  if (agent.nextDeviceId !== null) moveTo(turn, agent, agent.nextDeviceId);
  if (offer.wrapUp) startWrapUp(turn, agent, offer.queueId);
  else if (busy && agent.onShift && !moves) busyElsewhere(turn, agent, offer.mobile ? mobileBusyMs : busyElsewhereMs);
}

/** Places of the touched agents among the free. Those newly there let their queues be matched. */
export function refreshFree(turn: Turn): void {
  for (const agentId of turn.toRefresh) {
    const agent = turn.state.agent.get(agentId);
    if (!agent) continue;
    followShare(turn, agent);
    for (const queueId of indexFree(turn.state, turn.indexes, agent)) toMatch(turn, queueId, 'agent-free');
  }
}

/** Tells the shown state of the touched agents where it has changed. Last in the turn, in order of id. */
export function tellAgentStates(turn: Turn): void {
  for (const agentId of [...turn.toRefresh].toSorted(compareText)) {
    const agent = turn.state.agent.get(agentId);
    if (!agent) continue;
    // Removed, and done with their last call: nobody asks for them any more.
    if (!agent.onShift && agent.occupancy.type === 'free' && !configured(turn.state, 'agent', agentId)) {
      turn.state.agent.delete(agentId);
    }
    const now = shownState(turn, agent);
    const was = agent.shown;
    const same =
      was.state === now.state &&
      was.reason === now.reason &&
      was.queueId === now.queueId &&
      was.visitId === now.visitId;
    if (same) {
      for (const queueId of indexCrowd(turn.indexes, agent)) turn.toAssess.add(queueId);
      continue;
    }
    agent.shown = { ...now, sinceMs: was.state === now.state ? was.sinceMs : turn.nowMs };
    if (now.state === 'offered' || now.state === 'on-call') agent.shown.sinceMs = turn.nowMs;
    // A pause is older than its being shown when something worse hid it: logged out, out of reach, or the state lost.
    if (now.state === 'paused' && (was.state === 'logged-out' || was.state === 'unreachable'))
      agent.shown.sinceMs = agent.paused?.sinceMs ?? turn.nowMs;
    for (const queueId of indexCrowd(turn.indexes, agent)) turn.toAssess.add(queueId);
    turn.changed.add(`agent:${agent.id}`);
    tell(turn, agent.organizationId, { type: 'agent-state', agentId, ...now, sinceMs: agent.shown.sinceMs });
  }
}

function shownState(turn: Turn, agent: Agent): Omit<Agent['shown'], 'sinceMs'> {
  const show = (state: AgentState, reason: string | null = null, offer?: Offer, queueId?: QueueId) => ({
    state,
    reason,
    queueId: offer?.queueId ?? queueId ?? null,
    visitId: offer?.visitId ?? null
  });
  const occupancy = agent.occupancy;
  const offer =
    occupancy.type === 'offered' || occupancy.type === 'talk' ? turn.state.offer.get(occupancy.offerId) : undefined;
  if (!offer && agent.queueIds.length === 0) {
    return show('logged-out', agent.loggedOutUnanswered ? 'unanswered' : null);
  }
  if (agent.onShift && !isReachable(turn.state, agent)) {
    const device = agent.deviceId === null ? undefined : turn.state.device.get(agent.deviceId);
    return show('unreachable', device?.reason ?? 'unregistered', offer);
  }
  switch (occupancy.type) {
    case 'offered':
      return show('offered', null, offer);
    case 'talk':
      return show('on-call', null, offer);
    case 'busy-elsewhere':
      return show('on-call', 'busy-elsewhere');
    case 'wrap-up':
      return agent.paused ? show('paused', agent.paused.reason) : show('wrap-up', null, undefined, occupancy.queueId);
    case 'free':
      return agent.paused ? show('paused', agent.paused.reason) : show('free');
  }
}
