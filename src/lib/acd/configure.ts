import { devicesOf } from './configuration.ts';
import type { AgentValue, ConfigurationValue, QueueValue } from './configuration.ts';
import type { EngineEvent } from './events.ts';
import type { AgentId, QueueId } from './ids.ts';
import { endShift, endWrapUp, logIn, logOut, memberships } from './agents.ts';
import { assertNever } from './assert-never.ts';
import { failCall } from './calls.ts';
import { changeTo } from './device-choice.ts';
import { tellHours } from './hours.ts';
import { indexConfiguration } from './indexes.ts';
import { startMusic } from './journey.ts';
import { refreshNumber, refreshWaiting } from './needs.ts';
import { withdrawFromAgent } from './offers.ts';
import { dropPace } from './pace.ts';
import { forgetStopped } from './outgoing.ts';
import { dropEmptyPools } from './pools.ts';
import { compareText } from './sorted.ts';
import type { Agent } from './state.ts';
import { changeTemporary, unlessOver } from './temporary.ts';
import { putAgent, tell } from './turn.ts';
import type { Turn } from './turn.ts';
import { withDefaults } from './upgrade.ts';

type Changed = Extract<EngineEvent, { type: 'configuration-changed' }>;

/**
 * A whole value as administrators decided it, at any moment and in any order: a member may come before its queue.
 * Versions only grow; one that is not newer is nothing new.
 */
export function configure(turn: Turn, event: Changed): void {
  const key = `${event.entity}:${event.id}`;
  const before = turn.state.configuration.get(key);
  if (before && before.version >= event.version) return;
  const old = before?.value ?? null;
  const { entity, id, version } = event;
  const given = event.value && withDefaults(event.value);
  const value = given?.type === 'temporary' ? unlessOver(given, turn.nowMs) : given;
  turn.state.configuration.set(key, { v: 9, entity, id, version, value });
  turn.changed.add(`configuration:${key}`);
  indexConfiguration(turn.indexes, old, value);
  const one = value ?? old;
  if (!one) return;
  tell(turn, organizationOf(one), {
    type: 'configured',
    entity,
    id,
    version,
    removed: value === null,
    name: nameOf(value),
    value
  });
  apply(turn, one, value === null, old);
}

function apply(turn: Turn, one: ConfigurationValue, removed: boolean, old: ConfigurationValue | null): void {
  switch (one.type) {
    case 'organization':
    case 'skill':
      return;
    case 'number':
      return refreshNumber(turn, one.id);
    case 'queue':
      return removed ? removeQueue(turn, one.id) : changeQueue(turn, one, old?.type === 'queue' ? old : null);
    case 'temporary':
      return changeTemporary(turn, removed ? null : one, old?.type === 'temporary' ? old : null);
    case 'member':
      return refreshMember(turn, one.agentId, old === null ? [one.queueId] : []);
    case 'agent':
      if (removed) return removeAgent(turn, one.id);
      refreshDevice(turn, one);
      return refreshMember(turn, one.id, old === null ? memberships(turn, one.id) : []);
    default:
      return assertNever(one);
  }
}

function changeQueue(turn: Turn, queue: QueueValue, old: QueueValue | null): void {
  turn.toAssess.add(queue.id);
  if (!old || old.scheduleId !== queue.scheduleId) tellHours(turn, queue.id);
  for (const agentId of membersOf(turn, queue.id)) refreshMember(turn, agentId, old === null ? [queue.id] : []);
  refreshWaiting(turn, queue.id);
  if (old && old.music !== queue.music) changeMusic(turn, queue.id);
  dropEmptyPools(turn.indexes, queue.id);
}

/** Who waits hears the other at once: the one they hear may be removed next, and would end in silence. */
function changeMusic(turn: Turn, queueId: QueueId): void {
  for (const { visitId } of turn.indexes.waiting.get(queueId)?.items ?? []) {
    const visit = turn.state.visit.get(visitId);
    const call = visit && turn.state.call.get(visit.callId);
    // Whoever is being connected is to hear the agent.
    if (call && !visit.taken) startMusic(turn, call);
  }
}

function removeQueue(turn: Turn, queueId: QueueId): void {
  forgetStopped(turn, queueId);
  turn.toAssess.add(queueId);
  // A copy: each call that fails leaves the list.
  for (const { visitId } of turn.indexes.waiting.get(queueId)?.items.slice() ?? []) {
    const visit = turn.state.visit.get(visitId);
    const call = visit && turn.state.call.get(visit.callId);
    if (call) failCall(turn, call);
  }
  for (const agentId of membersOf(turn, queueId)) refreshMember(turn, agentId, []);
  dropPace(turn, queueId);
}

/**
 * P26: a membership that takes effect with this value is logged in at once while on shift; one that is gone is logged
 * out, whatever rings. Queues the agent has left by themselves stay left.
 */
function refreshMember(turn: Turn, agentId: AgentId, added: QueueId[]): void {
  const agent = turn.state.agent.get(agentId);
  if (!agent?.onShift) return;
  const mine = memberships(turn, agentId);
  const gone = agent.queueIds.filter((queueId) => !mine.includes(queueId));
  takeBack(turn, agent, gone);
  logOut(turn, agent, gone, 'removed');
  if (agent.leaving !== 'shift') {
    logIn(
      turn,
      agent,
      mine.filter((queueId) => added.includes(queueId)),
      'membership'
    );
  }
  if (agent.queueIds.length === 0) endWrapUp(turn, agent, 'time');
  // A changed tier moves them among the free.
  putAgent(turn, agent);
}

/** P16: whoever was to be rung on a device that is theirs no more is rung on their softphone. */
function refreshDevice(turn: Turn, value: AgentValue): void {
  const agent = turn.state.agent.get(value.id);
  if (!agent?.onShift) return;
  const chosen = agent.nextDeviceId ?? agent.deviceId;
  if (!devicesOf(value).some(({ id }) => id === chosen)) changeTo(turn, agent, value.deviceId);
}

function membersOf(turn: Turn, queueId: QueueId): AgentId[] {
  return [...(turn.indexes.membersByQueue.get(queueId)?.keys() ?? [])].toSorted(compareText);
}

function takeBack(turn: Turn, agent: Agent, queueIds: QueueId[]): void {
  if (agent.occupancy.type !== 'offered') return;
  const offer = turn.state.offer.get(agent.occupancy.offerId);
  if (offer && queueIds.includes(offer.queueId)) withdrawFromAgent(turn, offer);
}

function removeAgent(turn: Turn, agentId: AgentId): void {
  const agent = turn.state.agent.get(agentId);
  if (!agent) return;
  takeBack(turn, agent, agent.queueIds);
  if (agent.occupancy.type === 'offered' || agent.occupancy.type === 'talk') agent.leaving = 'shift';
  else endShift(turn, agent);
  putAgent(turn, agent);
}

function organizationOf(value: ConfigurationValue) {
  return value.type === 'organization' ? value.id : value.organizationId;
}

function nameOf(value: ConfigurationValue | null): string | null {
  if (value === null) return null;
  if (value.type === 'number') return value.e164;
  return value.type === 'member' ? null : value.name;
}
