import type { Fact } from '#lib/acd/facts.ts';
import type { AgentId, OfferId } from '#lib/acd/ids.ts';
import { neverTalked } from './day.ts';
import type { Situation } from '#lib/acd/state.ts';
import type { Live, LiveSession, Situated } from './live-state.ts';

/** Takes one fact into the live part. Kinds that views do not show leave it as it is. */
export function foldLive(live: Live, fact: Fact): void {
  switch (fact.type) {
    case 'configured':
      return configure(live, fact);
    case 'hours-changed': {
      const { open, reason, untilMs, temporary = null } = fact;
      return void live.hours.set(fact.queueId, { open, reason, untilMs, temporary });
    }
    case 'situation-changed': {
      const situated = situatedAs(fact);
      return void (situated ? live.situations.set(fact.queueId, situated) : live.situations.delete(fact.queueId));
    }
    case 'forward-stopped':
      return void live.stopped.set(fact.queueId, { limit: fact.limit, atMs: fact.atMs });
    case 'visit-entered': {
      const { queueId, callId, queuedAtMs, caller, withheld } = fact;
      return void live.visits.set(fact.visitId, { queueId, callId, queuedAtMs, caller, withheld });
    }
    case 'visit-ended':
      live.visits.delete(fact.visitId);
      if (fact.outcome !== 'answered') dropUntalked(live, fact.visitId);
      return;
    case 'offered':
    case 'offer-ringing':
    case 'offer-picked-up':
    case 'offer-rung-anew':
    case 'offer-ended':
    case 'talk-started':
    case 'talk-ended':
    case 'held':
      return foldOffer(live, fact);
    case 'corrected':
      return void (neverTalked.has(fact.code) && live.offers.delete(fact.subject as OfferId));
    default:
      return foldSession(live, fact);
  }
}

/** Worst first: nobody is there, so many wait, they wait too long. */
export function situatedAs({ full, late, nobody }: Pick<Situation, 'full' | 'late' | 'nobody'>): Situated | null {
  return nobody ?? (full ? 'full' : late ? 'late' : null);
}

function configure(live: Live, { value, entity, id }: Extract<Fact, { type: 'configured' }>): void {
  if (value?.type === 'queue') live.queues.set(value.id, value);
  else if (value?.type === 'member') live.members.set(value.id, value);
  else if (value?.type === 'agent') live.agents.set(value.id, value);
  // One of before there were any.
  else if (value?.type === 'organization') live.pauseReasons = value.pauseReasons ?? [];
  if (value !== null) return;
  if (entity === 'queue') {
    live.queues.delete(id as never);
    live.hours.delete(id as never);
    live.situations.delete(id as never);
    live.stopped.delete(id as never);
  } else if (entity === 'member') live.members.delete(id);
  else if (entity === 'agent') {
    live.agents.delete(id as AgentId);
    forget(live, id as AgentId);
  }
}

/** Who is removed and no longer on shift is gone for good. */
function forget(live: Live, agentId: AgentId): void {
  const session = live.sessions.get(agentId);
  if (session && !session.onShift && !live.agents.has(agentId)) live.sessions.delete(agentId);
}

function dropUntalked(live: Live, visitId: string): void {
  for (const [offerId, offer] of live.offers) {
    if (offer.visitId === visitId && offer.talkSinceMs === null) live.offers.delete(offerId);
  }
}

type OfferFact = Extract<
  Fact,
  {
    type:
      | 'offered'
      | 'offer-ringing'
      | 'offer-picked-up'
      | 'offer-rung-anew'
      | 'offer-ended'
      | 'talk-started'
      | 'talk-ended'
      | 'held';
  }
>;

function foldOffer(live: Live, fact: OfferFact): void {
  const offer = live.offers.get(fact.offerId);
  switch (fact.type) {
    case 'offered': {
      const visit = live.visits.get(fact.visitId);
      if (!visit) return;
      const { visitId, agentId, atMs: offeredAtMs, ringUntilMs } = fact;
      const fresh = { accepted: false, pickedUp: false, talkSinceMs: null, held: false };
      return void live.offers.set(fact.offerId, { ...visit, visitId, agentId, offeredAtMs, ringUntilMs, ...fresh });
    }
    case 'offer-ringing':
    case 'offer-rung-anew':
      if (offer) offer.ringUntilMs = fact.ringUntilMs ?? offer.ringUntilMs;
      return;
    case 'offer-picked-up':
      if (offer) Object.assign(offer, { pickedUp: true, ringUntilMs: fact.untilMs });
      return;
    case 'offer-ended':
      if (fact.outcome !== 'accepted') live.offers.delete(fact.offerId);
      else if (offer) Object.assign(offer, { accepted: true, pickedUp: false });
      return;
    case 'talk-started': {
      if (offer) return void (offer.talkSinceMs = fact.sinceMs);
      // Adopted in the middle of a talk: what came before it was never told.
      const visit = live.visits.get(fact.visitId);
      if (!visit) return;
      const { visitId, agentId, atMs, sinceMs: talkSinceMs } = fact;
      const times = { offeredAtMs: atMs, ringUntilMs: atMs, talkSinceMs };
      return void live.offers.set(fact.offerId, {
        ...visit,
        visitId,
        agentId,
        accepted: true,
        pickedUp: false,
        held: false,
        ...times
      });
    }
    case 'talk-ended':
      return void live.offers.delete(fact.offerId);
    case 'held':
      if (offer) offer.held = fact.held;
      return;
  }
}

function foldSession(live: Live, fact: Fact): void {
  if (!('agentId' in fact) || fact.agentId === null) return;
  const session = sessionOf(live, fact.agentId, fact.atMs);
  if (!session) return;
  switch (fact.type) {
    case 'shift-changed':
      session.onShift = fact.on;
      session.shiftSinceMs = fact.on ? (fact.sinceMs ?? fact.atMs) : null;
      session.deviceId = fact.deviceId;
      session.nextDeviceId = null;
      session.reachable = fact.reachable;
      return forget(live, fact.agentId);
    case 'device-changed':
      if (fact.from === 'next-call') return void (session.nextDeviceId = fact.deviceId);
      return void Object.assign(session, { deviceId: fact.deviceId, nextDeviceId: null, reachable: fact.reachable });
    case 'login-changed':
      return void (fact.loggedIn ? session.loggedIn.add(fact.queueId) : session.loggedIn.delete(fact.queueId));
    case 'pause-changed':
      session.paused = fact.paused;
      session.pausedUntilMs = fact.untilMs ?? null;
      return;
    case 'reachability-changed':
      session.reachable = fact.reachable;
      return;
    case 'wrap-up-started':
      session.wrapUp = { queueId: fact.queueId, startedAtMs: fact.atMs, untilMs: fact.untilMs };
      return;
    case 'wrap-up-changed':
      if (session.wrapUp) session.wrapUp.untilMs = fact.untilMs;
      return;
    case 'wrap-up-ended':
      session.wrapUp = null;
      return;
    case 'agent-state':
      session.state = fact.state;
      session.reason = fact.reason;
      session.sinceMs = fact.sinceMs;
      session.queueId = fact.queueId;
      return;
    default:
      return;
  }
}

function sessionOf(live: Live, agentId: AgentId, atMs: number): LiveSession | undefined {
  const known = live.sessions.get(agentId);
  if (known || !live.agents.has(agentId)) return known;
  const session: LiveSession = { ...loggedOut(atMs), loggedIn: new Set() };
  live.sessions.set(agentId, session);
  return session;
}

function loggedOut(sinceMs: number): Omit<LiveSession, 'loggedIn'> {
  const nowhere = { queueId: null, deviceId: null, nextDeviceId: null, wrapUp: null };
  const off = { onShift: false, shiftSinceMs: null, reachable: false, paused: false, pausedUntilMs: null };
  return { state: 'logged-out', reason: null, sinceMs, ...nowhere, ...off };
}
