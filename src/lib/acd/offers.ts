import type { LegEnd } from './events.ts';
import type { FactBody, OfferOutcome, OfferWhy } from './facts.ts';
import { id } from './ids.ts';
import { acted, agentOf, logOut, release, wrapUpSecondsOf } from './agents.ts';
import { devicesOf } from './configuration.ts';
import type { MobileRing } from './commands.ts';
import { deviceFailed, deviceStopped, deviceWorked } from './devices.ts';
import { countCall } from './fairness.ts';
import { leaveForward, silentForMs } from './forward-leg.ts';
import { configured } from './indexes.ts';
import { learnFromVisit, learnHandling } from './pace.ts';
import { payFor, takeLeaveForMobile, talkMostMs, trunkOf } from './outgoing.ts';
import { keepPlace } from './places.ts';
import { indexFree } from './pools.ts';
import { endPlay, quiet } from './announcements.ts';
import { advance, enterQueue, goneLimitMs, hangUpCall, startMusic } from './journey.ts';
import type { Agent, Call, Offer, Visit } from './state.ts';
import {
  dropOffer,
  dropVisit,
  newId,
  putAgent,
  putCall,
  putOffer,
  putVisit,
  schedule,
  send,
  tell,
  toMatch,
  unschedule
} from './turn.ts';
import type { Turn } from './turn.ts';
import { writeTag } from './write-tag.ts';

/** Rule 5: who refused a visit is not offered it again within this. */
export const holdOffMs = 10_000;
/** A softphone rings within milliseconds; one that has not by now is not there. */
export const silentLimitMs = 5_000;
/** From the agent's answer to both legs being in the bridge; after it, and so many tries, the caller goes back. */
export const connectLimitMs = 5_000;
export const connectAttempts = 2;

/** A mobile lies in a pocket or a bag, and rings in the ear of nobody who sits at a desk: so much longer than the queue says. */
export const mobileMoreSeconds = 5;
/** From a mobile's answer to the press of 1: what is said takes half of it. Who does not press is a voicemail. */
export const pressLimitMs = 10_000;

/** False: it could not be made; the agent is not free any more if that was for their device. */
export function makeOffer(turn: Turn, visit: Visit, agent: Agent, why: OfferWhy): boolean {
  const queue = configured(turn.state, 'queue', visit.queueId);
  const call = turn.state.call.get(visit.callId);
  if (!queue || !call || agent.deviceId === null) return false;
  const to = mobileNumber(turn, agent);
  const stopped = to === null ? null : takeLeaveForMobile(turn, agent.organizationId, to);
  if (stopped !== null) {
    deviceStopped(turn, agent.deviceId, stopped);
    indexFree(turn.state, turn.indexes, agent);
    return false;
  }
  const offer: Offer = {
    v: 2,
    id: id.offer(newId(turn, 'o')),
    visitId: visit.id,
    callId: visit.callId,
    organizationId: visit.organizationId,
    queueId: visit.queueId,
    agentId: agent.id,
    deviceId: agent.deviceId,
    phase: 'ringing',
    queuedAtMs: visit.queuedAtMs,
    offeredAtMs: turn.nowMs,
    ringUntilMs: ringUntilMs(turn, queue.ringSeconds, to !== null),
    ringing: false,
    talkSinceMs: null,
    held: false,
    attempts: 0,
    wrapUp: false,
    goodbye: null,
    mobile: to === null ? null : { to, pickedUpAtMs: null }
  };
  putOffer(turn, offer);
  visit.offers.push(offer.id);
  putVisit(turn, visit);
  agent.occupancy = { type: 'offered', offerId: offer.id };
  putAgent(turn, agent);
  indexFree(turn.state, turn.indexes, agent);
  tell(turn, offer.organizationId, {
    type: 'offered',
    ...about(offer),
    deviceId: offer.deviceId,
    ringUntilMs: offer.ringUntilMs,
    why
  });
  ring(turn, offer, queue.ringSeconds);
  return true;
}

/** P16: of an agent who has chosen their mobile; null: a device that registers with us. */
function mobileNumber(turn: Turn, agent: Agent): string | null {
  const value = configured(turn.state, 'agent', agent.id);
  const device = value && devicesOf(value).find((one) => one.id === agent.deviceId);
  return device?.kind === 'mobile' ? device.number : null;
}

/** As far as can be told before it rings: a mobile's time counts from its ringing, as that of any number outside. */
function ringUntilMs(turn: Turn, ringSeconds: number, mobile: boolean): number {
  return turn.nowMs + (mobile ? silentForMs + mobileMoreSeconds * 1_000 : 0) + ringSeconds * 1_000;
}

export function offerRinging(turn: Turn, offer: Offer): void {
  if (offer.phase !== 'ringing' || offer.ringing) return;
  offer.ringing = true;
  if (offer.mobile) offer.ringUntilMs = turn.nowMs + (ringSecondsOf(turn, offer) + mobileMoreSeconds) * 1_000;
  putOffer(turn, offer);
  const { id: offerId, visitId, agentId, ringUntilMs: untilMs } = offer;
  const begun = offer.mobile ? { ringUntilMs: untilMs } : {};
  tell(turn, offer.organizationId, { type: 'offer-ringing', offerId, visitId, agentId, ...begun });
  schedule(turn, `ring:${offer.id}`, untilMs);
}

/** P16: a mobile has been answered; whether by its agent, the press of 1 tells. The caller hears on what they hear. */
export function offerPickedUp(turn: Turn, offer: Offer): void {
  if (offer.phase === 'ending') return sayGoodbye(turn, offer, 'hang-up');
  if (offer.phase !== 'ringing' || !offer.mobile || offer.mobile.pickedUpAtMs !== null) return;
  const untilMs = turn.nowMs + pressLimitMs;
  offer.mobile = { ...offer.mobile, pickedUpAtMs: turn.nowMs };
  offer.ringing = true;
  offer.ringUntilMs = untilMs;
  putOffer(turn, offer);
  const { id: offerId, visitId, agentId } = offer;
  tell(turn, offer.organizationId, { type: 'offer-picked-up', offerId, visitId, agentId, untilMs });
  schedule(turn, `ring:${offer.id}`, untilMs);
}

/** Its time is up: a miss when it rang to the end; a device that never rang is unreachable, and nobody's miss (B9). */
export function ringOver(turn: Turn, offer: Offer): void {
  if (offer.phase !== 'ringing') return;
  if (!offer.ringing) offerRefused(turn, offer, 'failed', 'unreachable', false);
  else offerRefused(turn, offer, 'missed', 'no-answer', false);
}

/** The ring that was ordered never began: a full one begins now. */
export function ringAnew(turn: Turn, offer: Offer): void {
  const seconds = ringSecondsOf(turn, offer);
  offer.ringUntilMs = ringUntilMs(turn, seconds, offer.mobile !== null);
  putOffer(turn, offer);
  const { id: offerId, visitId, agentId } = offer;
  tell(turn, offer.organizationId, {
    type: 'offer-rung-anew',
    offerId,
    visitId,
    agentId,
    ringUntilMs: offer.ringUntilMs
  });
  ring(turn, offer, seconds);
}

function ringSecondsOf(turn: Turn, offer: Offer): number {
  return configured(turn.state, 'queue', offer.queueId)?.ringSeconds ?? 0;
}

function ring(turn: Turn, offer: Offer, ringSeconds: number): void {
  const mobile = mobileRing(turn, offer);
  send(turn, {
    type: 'ring',
    offerId: offer.id,
    callId: offer.callId,
    deviceId: offer.deviceId,
    caller: turn.state.call.get(offer.callId)?.caller.token ?? null,
    queueId: offer.queueId,
    queueName: configured(turn.state, 'queue', offer.queueId)?.name ?? '',
    ringSeconds: ringSeconds + (mobile ? mobileMoreSeconds : 0),
    ...(mobile && { mobile })
  });
  const silentUntilMs = mobile ? offer.ringUntilMs : turn.nowMs + silentLimitMs;
  schedule(turn, `ring:${offer.id}`, Math.min(offer.ringUntilMs, silentUntilMs));
}

function mobileRing(turn: Turn, offer: Offer): MobileRing | null {
  if (!offer.mobile) return null;
  const { name, countryCode, sendsAs, asserted } = trunkOf(turn, offer.organizationId);
  const presented = configured(turn.state, 'queue', offer.queueId)?.closing.presentNumber;
  return {
    to: offer.mobile.to,
    showing: presented ?? turn.state.call.get(offer.callId)?.dialled ?? '',
    trunk: { name, countryCode, sendsAs, asserted },
    language: configured(turn.state, 'agent', offer.agentId)?.language ?? 'sv'
  };
}

/** The agent has answered: the first answer wins, and the caller is joined to them (rules 1, 8). */
export function offerAnswered(turn: Turn, offer: Offer): void {
  // Answered while it was being taken back: told to go again, since a cancel no longer reaches an answered leg.
  if (offer.phase === 'ending') return sayGoodbye(turn, offer, 'hang-up');
  if (offer.phase !== 'ringing') return;
  const visit = turn.state.visit.get(offer.visitId);
  const call = turn.state.call.get(offer.callId);
  const agent = agentOf(turn, offer.agentId);
  if (!visit || !call || !agent) return sayGoodbye(turn, offer, 'hang-up');
  unschedule(turn, `ring:${offer.id}`);
  offer.phase = 'connecting';
  if (offer.mobile) offer.mobile.pickedUpAtMs ??= turn.nowMs;
  agent.occupancy = { type: 'talk', offerId: offer.id };
  acted(agent);
  putAgent(turn, agent);
  deviceWorked(turn, offer.deviceId);
  tellEnded(turn, offer, 'accepted', null, 0);
  for (const other of offersOf(turn, visit)) if (other.id !== offer.id) withdraw(turn, other, 'answered-elsewhere');
  visit.offers = [offer.id];
  visit.taken = true;
  putVisit(turn, visit);
  call.offerId = offer.id;
  leaveForward(turn, call);
  endPlay(turn, call, false);
  quiet(turn, call);
  putCall(turn, call);
  connect(turn, offer);
}

export function connect(turn: Turn, offer: Offer): void {
  offer.attempts += 1;
  putOffer(turn, offer);
  send(turn, { type: 'connect', callId: offer.callId, offerId: offer.id });
  schedule(turn, `connect:${offer.id}`, turn.nowMs + connectLimitMs);
}

/** Both legs are in the bridge: the visit is answered. */
export function connected(turn: Turn, offer: Offer): void {
  const visit = turn.state.visit.get(offer.visitId);
  const call = turn.state.call.get(offer.callId);
  unschedule(turn, `connect:${offer.id}`);
  if (offer.phase !== 'connecting' || !visit || !call) return;
  offer.phase = 'talking';
  offer.talkSinceMs = turn.nowMs;
  offer.wrapUp = true;
  putOffer(turn, offer);
  call.phase = 'talking';
  call.after = [];
  call.visitId = null;
  putCall(turn, call);
  tellVisitEnded(turn, visit, 'answered', offer.agentId);
  forgetVisit(turn, visit);
  learnFromVisit(turn, visit, 'answered');
  const agent = turn.state.agent.get(offer.agentId);
  if (agent) countCall(turn, agent);
  tell(turn, offer.organizationId, { type: 'talk-started', ...about(offer), sinceMs: turn.nowMs });
  // E7: a call that is paid for has an end.
  if (offer.mobile) schedule(turn, `talk-out:${offer.id}`, turn.nowMs + talkMostMs(turn, offer.organizationId));
  writeTag(turn, call, visit, offer);
}

/** The agent answered but could not be joined: the caller waits on in their place. */
export function connectFailed(turn: Turn, offer: Offer, mayRepeat: boolean): void {
  if (offer.phase !== 'connecting') return;
  if (mayRepeat && offer.attempts < connectAttempts) return connect(turn, offer);
  tell(turn, offer.organizationId, { type: 'corrected', code: 'connect-failed', subject: offer.id });
  sayGoodbye(turn, offer, 'hang-up');
  backToWaiting(turn, offer);
}

/** The visit of an offer that came to nothing waits on, where it stood. */
function backToWaiting(turn: Turn, offer: Offer): void {
  const visit = turn.state.visit.get(offer.visitId);
  const call = turn.state.call.get(offer.callId);
  if (!visit || !call) return;
  visit.offers = visit.offers.filter((other) => other !== offer.id);
  visit.taken = false;
  visit.refusals = [
    ...visit.refusals.filter((one) => one.agentId !== offer.agentId),
    { agentId: offer.agentId, untilMs: turn.nowMs }
  ];
  putVisit(turn, visit);
  toMatch(turn, visit.queueId, 'offer-ended');
  turn.toExplain.set(visit.id, 'offer-ended');
  if (call.offerId === offer.id) {
    call.offerId = null;
    putCall(turn, call);
    startMusic(turn, call);
    advance(turn, call);
  }
}

/** What a leg that ended unanswered means (rule 5). */
export function outcomeOf(cause: LegEnd): OfferOutcome {
  return cause === 'declined' ? 'declined' : cause === 'no-answer' ? 'missed' : 'failed';
}

/**
 * A ringing offer came to nothing. `legGone` false: the leg is told to go and the agent is free when it has.
 * Misses and declines count for P18 and hold the agent off this visit; busy and failures count for neither.
 */
export function offerRefused(
  turn: Turn,
  offer: Offer,
  outcome: OfferOutcome,
  cause: LegEnd | null,
  legGone: boolean
): void {
  const agent = agentOf(turn, offer.agentId);
  const visit = turn.state.visit.get(offer.visitId);
  const queue = configured(turn.state, 'queue', offer.queueId);
  unschedule(turn, `ring:${offer.id}`);
  const refused = outcome === 'missed' || outcome === 'declined';
  const counts = outcome === 'missed' || (outcome === 'declined' && (queue?.declinesCount ?? false));
  if (agent && counts) agent.unansweredInRow += 1;
  if (agent && refused) agent.demoted = true;
  if (visit && agent) {
    const untilMs = refused ? turn.nowMs + holdOffMs : turn.nowMs;
    visit.refusals = [...visit.refusals.filter((one) => one.agentId !== agent.id), { agentId: agent.id, untilMs }];
    if (refused) schedule(turn, `hold-off:${visit.id}:${agent.id}`, untilMs);
    visit.offers = visit.offers.filter((other) => other !== offer.id);
    putVisit(turn, visit);
    toMatch(turn, visit.queueId, 'offer-ended');
    turn.toExplain.set(visit.id, 'offer-ended');
  }
  tellEnded(turn, offer, outcome, cause, agent?.unansweredInRow ?? 0);
  if (agent) putAgent(turn, agent);
  if (cause === 'failed' || cause === 'unreachable' || cause === 'lost') deviceFailed(turn, offer.deviceId);
  const limit = queue?.logoutAfterUnanswered ?? 0;
  if (agent && counts && limit > 0 && agent.unansweredInRow >= limit) {
    agent.loggedOutUnanswered = true;
    logOut(turn, agent, agent.queueIds, 'unanswered');
  }
  if (legGone) legGoneOf(turn, offer, cause === 'busy');
  else sayGoodbye(turn, offer, outcome === 'missed' ? 'missed' : 'withdrawn');
}

/** Takes a ringing offer back; no fault of the agent's. The visit is left as it is. */
export function withdraw(turn: Turn, offer: Offer, reason: 'answered-elsewhere' | 'withdrawn'): void {
  if (offer.phase !== 'ringing') return;
  unschedule(turn, `ring:${offer.id}`);
  tellEnded(turn, offer, 'withdrawn', null, agentOf(turn, offer.agentId)?.unansweredInRow ?? 0);
  offer.goodbye = 'withdrawn';
  offer.phase = 'ending';
  offer.attempts = 1;
  putOffer(turn, offer);
  send(turn, { type: 'cancel-ring', offerId: offer.id, reason });
  schedule(turn, `gone:offer:${offer.id}`, turn.nowMs + goneLimitMs);
}

/** Takes a ringing offer back from an agent who leaves; the visit finds another. */
export function withdrawFromAgent(turn: Turn, offer: Offer): void {
  const visit = turn.state.visit.get(offer.visitId);
  withdraw(turn, offer, 'withdrawn');
  if (!visit) return;
  visit.offers = visit.offers.filter((other) => other !== offer.id);
  putVisit(turn, visit);
  toMatch(turn, visit.queueId, 'offer-ended');
  turn.toExplain.set(visit.id, 'offer-ended');
}

/** Tells the agent's leg to go; the offer stays until it has, or has been told often enough. */
export function sayGoodbye(turn: Turn, offer: Offer, goodbye: NonNullable<Offer['goodbye']>): void {
  unschedule(turn, `ring:${offer.id}`);
  unschedule(turn, `connect:${offer.id}`);
  unschedule(turn, `talk-out:${offer.id}`);
  offer.attempts = offer.phase === 'ending' && offer.goodbye === goodbye ? offer.attempts + 1 : 1;
  offer.phase = 'ending';
  offer.goodbye = goodbye;
  putOffer(turn, offer);
  send(
    turn,
    goodbye === 'hang-up'
      ? { type: 'hang-up-offer', offerId: offer.id }
      : { type: 'cancel-ring', offerId: offer.id, reason: goodbye }
  );
  schedule(turn, `gone:offer:${offer.id}`, turn.nowMs + goneLimitMs);
}

/** The agent's leg is gone, whoever ended it and in whatever phase. */
export function offerEnded(turn: Turn, offer: Offer, cause: LegEnd): void {
  const call = turn.state.call.get(offer.callId);
  switch (offer.phase) {
    case 'ringing':
      return offerRefused(turn, offer, outcomeOf(cause), cause, true);
    case 'connecting':
      tell(turn, offer.organizationId, { type: 'corrected', code: 'agent-left-before-talk', subject: offer.id });
      if (cause !== 'hung-up') deviceFailed(turn, offer.deviceId);
      legGoneOf(turn, offer, false);
      return backToWaiting(turn, offer);
    case 'talking':
      if (cause === 'hung-up') endTalk(turn, offer, 'agent', false);
      else loseTalk(turn, offer, call);
      return legGoneOf(turn, offer, false);
    case 'ending':
      return legGoneOf(turn, offer, cause === 'busy');
  }
}

/** The agent hung up, here or on the desk: the caller's leg ends too. */
export function endTalk(turn: Turn, offer: Offer, endedBy: 'caller' | 'agent' | 'system', lost: boolean): void {
  if (offer.phase !== 'talking') return;
  const talkedMs = turn.nowMs - (offer.talkSinceMs ?? turn.nowMs);
  tell(turn, offer.organizationId, { type: 'talk-ended', ...about(offer), talkedMs, endedBy, lost });
  if (!lost) learnHandling(turn, offer, wrapUpSecondsOf(turn, offer.agentId, offer.queueId) * 1_000);
  const call = turn.state.call.get(offer.callId);
  if (call && endedBy !== 'caller' && !lost) hangUpCall(turn, call, 'normal', null, endedBy);
}

/** The agent's leg was lost, not hung up: the caller is told, and waits first in line (a new visit). */
export function loseTalk(turn: Turn, offer: Offer, call: Call | undefined): void {
  endTalk(turn, offer, 'system', true);
  if (!call || call.phase !== 'talking') return;
  tell(turn, offer.organizationId, { type: 'corrected', code: 'agent-lost', subject: call.id });
  // Its queue was removed in the talk: nobody could ever be offered it.
  if (!configured(turn.state, 'queue', call.queueId)) return hangUpCall(turn, call, 'normal', null, 'system');
  call.after = ['reconnecting'];
  const needsSinceMs = offer.queuedAtMs;
  enterQueue(turn, call, { because: 'agent-lost', strict: true, trigger: 'visit-entered', needsSinceMs });
  advance(turn, call);
}

export function legGoneOf(turn: Turn, offer: Offer, busy: boolean): void {
  if (offer.mobile && offer.mobile.pickedUpAtMs !== null) {
    const { organizationId, mobile } = offer;
    payFor(turn, { organizationId, to: mobile.to }, Math.max(1, turn.nowMs - offer.mobile.pickedUpAtMs));
  }
  for (const key of ['ring', 'connect', 'talk-out', 'gone:offer']) unschedule(turn, `${key}:${offer.id}`);
  dropOffer(turn, offer);
  const agent = turn.state.agent.get(offer.agentId);
  if (agent) release(turn, agent, offer, busy);
}

export function offersOf(turn: Turn, visit: Visit): Offer[] {
  return visit.offers.flatMap((offerId) => turn.state.offer.get(offerId) ?? []);
}

/** Somebody else has the caller: what still rings for them is taken back. */
export function withdrawOffers(turn: Turn, visit: Visit): void {
  for (const offer of offersOf(turn, visit)) withdraw(turn, offer, 'answered-elsewhere');
  visit.offers = [];
}

export function endVisit(
  turn: Turn,
  visit: Visit,
  outcome: Extract<FactBody, { type: 'visit-ended' }>['outcome']
): void {
  for (const offer of offersOf(turn, visit)) {
    if (offer.phase === 'ringing') withdraw(turn, offer, 'withdrawn');
    else if (offer.phase !== 'ending') sayGoodbye(turn, offer, 'hang-up');
  }
  if (outcome === 'abandoned') keepPlace(turn, visit);
  forgetVisit(turn, visit);
  learnFromVisit(turn, visit, outcome);
  tellVisitEnded(turn, visit, outcome, null);
}

export function forgetVisit(turn: Turn, visit: Visit): void {
  for (const refusal of visit.refusals) unschedule(turn, `hold-off:${visit.id}:${refusal.agentId}`);
  unschedule(turn, `needs:${visit.id}`);
  dropVisit(turn, visit);
}

export function tellVisitEnded(
  turn: Turn,
  visit: Visit,
  outcome: Extract<FactBody, { type: 'visit-ended' }>['outcome'],
  agentId: Offer['agentId'] | null
): void {
  const { id: visitId, callId, queueId } = visit;
  const waitedMs = Math.max(0, turn.nowMs - visit.queuedAtMs);
  tell(turn, visit.organizationId, { type: 'visit-ended', visitId, callId, queueId, outcome, waitedMs, agentId });
}

function tellEnded(
  turn: Turn,
  offer: Offer,
  outcome: OfferOutcome,
  cause: LegEnd | null,
  unansweredInRow: number
): void {
  const { id: offerId, visitId, queueId, agentId } = offer;
  tell(turn, offer.organizationId, {
    type: 'offer-ended',
    offerId,
    visitId,
    queueId,
    agentId,
    outcome,
    cause,
    unansweredInRow
  });
}

function about(offer: Offer) {
  const { id: offerId, visitId, callId, queueId, agentId } = offer;
  return { offerId, visitId, callId, queueId, agentId };
}
