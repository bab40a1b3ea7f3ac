import { compareVisits, configured, isFree, visitRank } from './indexes.ts';
import type { Indexes } from './indexes.ts';
import { heldOff } from './matcher.ts';
import { failuresToUnreachable } from './indexes.ts';
import type { Fact } from './facts.ts';
import type { Agent, Offer, State, Visit } from './state.ts';

/** A broken rule: its name and the subject's id. */
export interface Violation {
  rule: string;
  subject: string;
}

/**
 * The matcher's rules (design.md) as assertions on the state between two events. The simulator checks them after
 * every step, the running worker from time to time. Costs one pass over everything, so never on the path of a call.
 * Rule 4 has nothing to check before parallel ringing; rules 5, 6 and 9 in part (what state alone can show).
 */
export function violations(state: State, indexes: Indexes): Violation[] {
  const found: Violation[] = [];
  const expect = (holds: boolean, rule: string, subject: string) => {
    if (!holds) found.push({ rule, subject });
  };
  checkAgents(state, expect);
  checkVisits(state, expect);
  checkOwners(state, expect);
  checkIndexes(state, indexes, expect);
  return found;
}

type Expect = (holds: boolean, rule: string, subject: string) => void;

function checkAgents(state: State, expect: Expect): void {
  const legs = new Map<string, number>();
  for (const offer of state.offer.values()) legs.set(offer.agentId, (legs.get(offer.agentId) ?? 0) + 1);
  for (const [agentId, count] of legs) expect(count <= 1, 'rule 1: an agent has one leg at most', agentId);
  for (const agent of state.agent.values()) {
    const { occupancy } = agent;
    if (occupancy.type === 'offered' || occupancy.type === 'talk') {
      const offer = state.offer.get(occupancy.offerId);
      expect(offer?.agentId === agent.id, 'rule 1: an occupied agent has the offer it names', agent.id);
    } else expect(!legs.has(agent.id), 'rule 1: an agent with a leg is occupied', agent.id);
    expect(agent.onShift || agent.queueIds.length === 0, 'rule 2: only who is on shift is logged in', agent.id);
    const member = agent.queueIds.every((queueId) => configured(state, 'member', `${queueId}:${agent.id}`));
    expect(member, 'rule 2: only members are logged in', agent.id);
    const device = agent.deviceId === null ? undefined : state.device.get(agent.deviceId);
    const failures = device?.failures ?? 0;
    expect(failures <= failuresToUnreachable, 'rule 5: failures are counted to three', agent.id);
  }
  const talking = new Map<string, Offer>();
  for (const offer of state.offer.values()) {
    if (offer.phase !== 'connecting' && offer.phase !== 'talking') continue;
    expect(!talking.has(offer.visitId), 'rule 1: a visit is connected to one agent at most', offer.visitId);
    talking.set(offer.visitId, offer);
  }
}

function checkVisits(state: State, expect: Expect): void {
  const free = [...state.agent.values()].filter((agent) => isFree(state, agent));
  const queues = new Map<string, Agent[]>();
  for (const agent of free)
    for (const queueId of agent.queueIds) queues.set(queueId, [...(queues.get(queueId) ?? []), agent]);
  for (const visit of state.visit.values()) {
    const call = state.call.get(visit.callId);
    expect(call?.visitId === visit.id && call.phase === 'waiting', 'rule 7: a visit has a waiting call', visit.id);
    const mustHear = call?.before.length === 0;
    expect(mustHear, 'rule 8: a visit begins when what must be heard has been', visit.id);
    for (const offerId of visit.offers) {
      expect(state.offer.get(offerId)?.visitId === visit.id, 'rule 1: offers of a visit are its own', visit.id);
    }
    expect(visit.offers.length <= 1, 'rule 4: longest idle rings one agent', visit.id);
    if (!state.cell.connected || visit.offers.length > 0) continue;
    // Held off until the deadline has been handled, which a busy machine may do a little late.
    const held = (agent: Agent) => state.deadline.has(`hold-off:${visit.id}:${agent.id}`);
    const idle = (queues.get(visit.queueId) ?? []).filter((agent) => !held(agent));
    expect(idle.length === 0, 'rule 2: no visit waits beside an agent free for it', visit.id);
  }
}

/**
 * Rule 3 (and 9), which only the moment of offering shows: nobody eligible for a better-ranked visit without an offer
 * was given a worse one. `facts` are those of one event, `state` is as it stood after it.
 */
export function orderViolations(state: State, facts: Fact[], nowMs: number): Violation[] {
  const offered = facts.filter((fact) => fact.type === 'offered');
  if (offered.length === 0) return [];
  const waiting = [...state.visit.values()].filter((visit) => visit.offers.length === 0);
  return offered.flatMap((fact) => {
    const visit = state.visit.get(fact.visitId);
    const agent = state.agent.get(fact.agentId);
    if (!visit || !agent) return [];
    const passedOver = waiting.some((other) => isBetter(other, visit) && mayTake(agent, other, nowMs));
    return passedOver ? [{ rule: 'rule 3: the better-ranked visit is offered first', subject: fact.offerId }] : [];
  });
}

function isBetter(one: Visit, other: Visit): boolean {
  return compareVisits(visitRank(one), visitRank(other)) < 0;
}

function mayTake(agent: Agent, visit: Visit, nowMs: number): boolean {
  return agent.queueIds.includes(visit.queueId) && !heldOff(visit, agent, nowMs);
}

/** Rule 7: every state that is not final has an owner, a deadline and a leg. */
function checkOwners(state: State, expect: Expect): void {
  for (const call of state.call.values()) {
    const owned =
      call.phase === 'waiting' || call.phase === 'talking'
        ? call.visitId !== null || state.offer.has(call.offerId!)
        : call.phase === 'ending'
          ? state.deadline.has(`gone:call:${call.id}`)
          : call.playing !== null && state.deadline.has(`play:${call.id}`);
    expect(owned, `rule 7: a ${call.phase} call has an owner and a deadline`, call.id);
    if (call.playing) expect(state.deadline.has(`play:${call.id}`), 'rule 7: an announcement has a deadline', call.id);
  }
  for (const offer of state.offer.values()) {
    const key = { ringing: 'ring', connecting: 'connect', talking: null, ending: 'gone:offer' }[offer.phase];
    if (key)
      expect(state.deadline.has(`${key}:${offer.id}`), `rule 7: a ${offer.phase} offer has a deadline`, offer.id);
    const call = state.call.get(offer.callId);
    if (offer.phase !== 'ending') expect(call !== undefined, 'rule 7: an offer that lives has a call', offer.id);
    if (offer.phase === 'talking')
      expect(call?.offerId === offer.id, 'rule 1: a talking call names its offer', offer.id);
  }
  for (const agent of state.agent.values()) {
    const key = { 'wrap-up': 'wrap-up', 'busy-elsewhere': 'busy', free: null, offered: null, talk: null }[
      agent.occupancy.type
    ];
    if (key)
      expect(state.deadline.has(`${key}:${agent.id}`), `rule 7: ${agent.occupancy.type} has a deadline`, agent.id);
  }
}

function checkIndexes(state: State, indexes: Indexes, expect: Expect): void {
  let waiting = 0;
  let unoffered = 0;
  for (const set of indexes.waiting.values()) waiting += set.size;
  for (const set of indexes.unoffered.values()) unoffered += set.size;
  const visits = [...state.visit.values()];
  expect(waiting === visits.length, 'index: all visits are in order', String(waiting));
  const without = visits.filter((visit) => visit.offers.length === 0).length;
  expect(unoffered === without, 'index: visits without an offer are in order', String(unoffered));
  for (const agent of state.agent.values()) {
    const places = indexes.freeRanks.get(agent.id)?.length ?? 0;
    const wanted = isFree(state, agent) ? agent.queueIds.length : 0;
    expect(places === wanted, 'index: free agents are in order', agent.id);
  }
}
