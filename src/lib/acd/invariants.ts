import { configured, isFree } from './indexes.ts';
import type { Indexes, Pool } from './indexes.ts';
import { heldOff } from './matcher.ts';
import { failuresToUnreachable } from './indexes.ts';
import type { Fact } from './facts.ts';
import { buildIndexes, compareFree, compareVisits, freeRank, knowsEnough, ringLimit, visitRank } from './pools.ts';
import type { Agent, Offer, State, Visit } from './state.ts';

/** A broken rule: its name and the subject's id. */
export interface Violation {
  rule: string;
  subject: string;
}

/**
 * The matcher's rules (design.md) as assertions on the state between two events. The simulator checks them after
 * every step, the running worker from time to time. Costs one pass over everything, so never on the path of a call.
 * Rules 4, 5, 6 and 9 in part: what state alone can show; `orderViolations` shows more.
 */
export function violations(state: State, indexes: Indexes): Violation[] {
  const found: Violation[] = [];
  const expect = (holds: boolean, rule: string, subject: string) => {
    if (!holds) found.push({ rule, subject });
  };
  checkAgents(state, expect);
  checkVisits(state, indexes, expect);
  checkOwners(state, expect);
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

function checkVisits(state: State, indexes: Indexes, expect: Expect): void {
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
    const joining = call?.forwardId ? state.forward.get(call.forwardId)?.phase === 'connecting' : false;
    const answered = (call?.offerId ?? null) !== null || joining;
    expect(visit.taken === answered, 'rule 1: who answered is being connected', visit.id);
    expect(!visit.hears || (call?.playing ?? null) !== null, 'rule 8: who must hear something hears it', visit.id);
    const limit = ringLimit(configured(state, 'queue', visit.queueId));
    if (!state.cell.connected || visit.taken || visit.hears || visit.offers.length >= limit) continue;
    // Held off until the deadline has been handled, which a busy machine may do a little late.
    const held = (agent: Agent) => state.deadline.has(`hold-off:${visit.id}:${agent.id}`);
    const able = (agent: Agent) => knowsEnough(indexes, agent.id, visit.needs);
    const idle = (queues.get(visit.queueId) ?? []).filter((agent) => able(agent) && !held(agent));
    expect(idle.length === 0, 'rule 2: no visit waits beside an agent free for it', visit.id);
  }
}

/**
 * What only the moment of offering shows. `facts` are those of one event, `state` and `indexes` as they stood after it:
 * agents only become fewer while visits are offered, so who is free now was free then.
 */
export function orderViolations(state: State, indexes: Indexes, facts: Fact[], nowMs: number): Violation[] {
  return facts.flatMap((fact) => {
    if (fact.type !== 'offered') return [];
    const visit = state.visit.get(fact.visitId);
    const agent = state.agent.get(fact.agentId);
    if (!visit || !agent) return [];
    const found: Violation[] = [];
    const expect: Expect = (holds, rule, subject) => void (holds || found.push({ rule, subject }));
    const mayTake = (one: Agent, other: Visit) =>
      one.queueIds.includes(other.queueId) && knowsEnough(indexes, one.id, other.needs) && !heldOff(other, one, nowMs);
    const { nth, of } = fact.why.ringing ?? { nth: 1, of: 1 };
    expect(mayTake(agent, visit), 'rule 2: only who is eligible is offered it', fact.offerId);
    expect(nth <= of, 'rule 4: no more are rung than the queue says', fact.offerId);
    for (const other of state.visit.values()) {
      if (other.taken || other.hears || other.id === visit.id || !mayTake(agent, other)) continue;
      const better = compareVisits(visitRank(other), visitRank(visit)) < 0;
      if (better) expect(other.offers.length > 0, 'rule 3: the better-ranked visit is offered first', fact.offerId);
      const more = other.offers.length < ringLimit(configured(state, 'queue', other.queueId));
      if (more)
        expect(other.offers.length >= nth - 1, 'rule 4: every visit rings one before any rings more', fact.offerId);
    }
    checkBest(state, indexes, fact, visit, mayTake, expect);
    return found;
  });
}

/** Rules 5 and 9: of those who were free and eligible, the first in the queue's own order was rung. */
function checkBest(
  state: State,
  indexes: Indexes,
  fact: Extract<Fact, { type: 'offered' }>,
  visit: Visit,
  mayTake: (agent: Agent, visit: Visit) => boolean,
  expect: Expect
): void {
  const rung = fact.why.order?.[0];
  if (!rung) return;
  const refused = (agentId: string) => visit.refusals.some((one) => one.agentId === agentId);
  const pool = { queueId: visit.queueId, needs: visit.needs } as Pool;
  for (const agent of state.agent.values()) {
    if (!isFree(state, agent) || !mayTake(agent, visit)) continue;
    if (refused(agent.id) && !refused(rung.agentId)) continue;
    const first =
      (refused(rung.agentId) && !refused(agent.id)) || compareFree(freeRank(state, indexes, agent, pool), rung) < 0;
    expect(!first, 'rule 9: each visit takes its best agent', fact.offerId);
  }
}

/** Rule 7: every state that is not final has an owner, a deadline and a leg. */
function checkOwners(state: State, expect: Expect): void {
  for (const call of state.call.values()) {
    const owned =
      call.phase === 'waiting' || call.phase === 'talking'
        ? call.visitId !== null || state.offer.has(call.offerId!) || state.forward.has(call.forwardId!)
        : call.phase === 'forwarding'
          ? state.forward.has(call.forwardId!)
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
  for (const forward of state.forward.values()) {
    const key = { ringing: 'ring-out', connecting: 'connect-out', talking: 'talk-out', ending: 'gone:forward' }[
      forward.phase
    ];
    expect(state.deadline.has(`${key}:${forward.id}`), `rule 7: a ${forward.phase} forward has a deadline`, forward.id);
    const call = state.call.get(forward.callId);
    if (forward.phase !== 'ending')
      expect(call?.forwardId === forward.id, 'rule 7: a forward that lives has a call that names it', forward.id);
    if (forward.phase === 'connecting' || forward.phase === 'talking')
      expect(call?.offerId === null, 'rule 1: a caller is joined to one at most', forward.id);
  }
  for (const agent of state.agent.values()) {
    const key = { 'wrap-up': 'wrap-up', 'busy-elsewhere': 'busy', free: null, offered: null, talk: null }[
      agent.occupancy.type
    ];
    if (key)
      expect(state.deadline.has(`${key}:${agent.id}`), `rule 7: ${agent.occupancy.type} has a deadline`, agent.id);
  }
}

/** Every index is what it would be if it were made anew from the state. Dearer than the rules, as it makes them anew. */
export function indexViolations(state: State, indexes: Indexes): Violation[] {
  const found: Violation[] = [];
  const expect: Expect = (holds, rule, subject) => void (holds || found.push({ rule, subject }));
  const anew = buildIndexes(state);
  const same = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);
  for (const [queueId, pools] of anew.pools)
    for (const [key, pool] of pools) {
      const here = indexes.pools.get(queueId)?.get(key);
      // Forgotten with a change of settings; it is made anew for the next visit that stands in it.
      if (!here && pool.open.size === 0) continue;
      expect(same(here?.open.items, pool.open.items), 'index: open visits are in order', `${queueId} ${key}`);
      expect(same(here?.free.items, pool.free.items), 'index: free agents are in order', `${queueId} ${key}`);
      expect(same(here?.crowd, pool.crowd), 'index: those logged in are counted', `${queueId} ${key}`);
    }
  for (const [queueId, pools] of indexes.pools)
    for (const [key, pool] of pools)
      if (!anew.pools.get(queueId)?.has(key))
        expect(pool.open.size === 0, 'index: no visit is forgotten', `${queueId} ${key}`);
  for (const [queueId, waiting] of anew.waiting)
    expect(same(indexes.waiting.get(queueId)?.items, waiting.items), 'index: visits are in order', queueId);
  expect(indexes.visitPlaces.size === state.visit.size, 'index: every visit has a place', String(state.visit.size));
  for (const [caller, count] of anew.waitingByCaller)
    expect(indexes.waitingByCaller.get(caller) === count, 'index: callers who wait are counted', caller);
  expect(indexes.waitingByCaller.size === anew.waitingByCaller.size, 'index: nobody else is counted', '');
  return found;
}
