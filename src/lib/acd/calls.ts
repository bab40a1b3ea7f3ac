import { agentOf } from './agents.ts';
import { endPlay } from './announcements.ts';
import { afterClosed } from './doors.ts';
import { advance, closedOutcome, finishCall, goneAttempts, goneLimitMs, hangUpCall } from './journey.ts';
import { endTalk, endVisit, legGoneOf, loseTalk, offerRefused, sayGoodbye } from './offers.ts';
import type { Call, Offer } from './state.ts';
import { putCall, schedule, send, tell, unschedule } from './turn.ts';
import type { Turn } from './turn.ts';
import { changeDevice, deviceOf } from './devices.ts';
import type { DeviceId } from './ids.ts';
import type { Device } from './state.ts';

/** A page that went away in a call has this long to come back before the caller is told (a reload takes 1 to 3 s). */
export const pageGraceMs = 7_000;

/** The caller's leg is gone, at whatever moment. */
export function callGone(turn: Turn, call: Call): void {
  endPlay(turn, call, false);
  const visit = call.visitId === null ? undefined : turn.state.visit.get(call.visitId);
  const offer = call.offerId === null ? undefined : turn.state.offer.get(call.offerId);
  switch (call.phase) {
    case 'welcoming':
      return finishCall(turn, call, 'left-before-queue', 'caller');
    case 'closed':
    case 'forwarding':
      return finishCall(turn, call, closedOutcome(call), 'caller');
    case 'waiting':
      if (visit) endVisit(turn, visit, 'abandoned');
      return finishCall(turn, call, null, 'caller');
    case 'talking':
      if (offer?.phase === 'talking') {
        endTalk(turn, offer, 'caller', false);
        sayGoodbye(turn, offer, 'hang-up');
      }
      return finishCall(turn, call, call.outcome, 'caller');
    case 'ending':
      return finishCall(turn, call, call.outcome, call.endedBy);
  }
}

/** The caller's leg was told to go and has not said that it has: told again, then forgotten and counted (B8). */
export function callNotGone(turn: Turn, call: Call): void {
  if (call.phase !== 'ending' || !call.hangUp) return;
  if (call.hangUp.attempts >= goneAttempts) {
    tell(turn, call.organizationId, { type: 'corrected', code: 'call-never-gone', subject: call.id });
    return finishCall(turn, call, call.outcome, call.endedBy);
  }
  call.hangUp.attempts += 1;
  putCall(turn, call);
  send(turn, { type: 'hang-up-call', callId: call.id, reason: call.hangUp.reason });
  schedule(turn, `gone:call:${call.id}`, turn.nowMs + goneLimitMs);
}

export function offerNotGone(turn: Turn, offer: Offer): void {
  if (offer.phase !== 'ending' || !offer.goodbye) return;
  if (offer.attempts < goneAttempts) return sayGoodbye(turn, offer, offer.goodbye);
  tell(turn, offer.organizationId, { type: 'corrected', code: 'offer-never-gone', subject: offer.id });
  legGoneOf(turn, offer, false);
}

export function playEnded(turn: Turn, call: Call, failed: boolean): void {
  endPlay(turn, call, failed);
  if (call.phase === 'ending' || call.offerId !== null) return;
  advance(turn, call);
  if (call.phase === 'closed' && call.playing === null) afterClosed(turn, call);
}

/** An announcement that never told its end: stopped, counted as failed, and the journey goes on. */
export function playOverdue(turn: Turn, call: Call): void {
  if (!call.playing) return;
  send(turn, { type: 'stop-play', callId: call.id, playId: call.playing.playId });
  playEnded(turn, call, true);
}

/** The agent's own hang-up by the desk, for when the softphone's path is gone. */
export function hangUpByAgent(turn: Turn, offer: Offer): void {
  endTalk(turn, offer, 'agent', false);
  sayGoodbye(turn, offer, 'hang-up');
}

/** E7: a talk on a mobile has lasted as long as one may. */
export function hangUpBySystem(turn: Turn, offer: Offer): void {
  if (offer.phase !== 'talking') return;
  endTalk(turn, offer, 'system', false);
  sayGoodbye(turn, offer, 'hang-up');
}

/** A device's reachability changed: what rings there is taken back at once (B9), a call gets a grace if its page went. */
export function updateDevice(turn: Turn, deviceId: DeviceId, change: Partial<Device>): void {
  const device = deviceOf(turn, deviceId);
  const pageWent = change.pageGone === true && !device.pageGone;
  const changed = changeDevice(turn, device, change);
  if (change.pageGone === false) unschedule(turn, `page:${deviceId}`);
  const offer = offerOn(turn, deviceId);
  if (!offer) return;
  if (changed && offer.phase === 'ringing' && (!device.registered || device.pageGone)) {
    offerRefused(turn, offer, 'failed', 'unreachable', false);
  } else if (pageWent && (offer.phase === 'talking' || offer.phase === 'connecting')) {
    schedule(turn, `page:${deviceId}`, turn.nowMs + pageGraceMs);
  }
}

export function pageGraceOver(turn: Turn, deviceId: DeviceId): void {
  const offer = offerOn(turn, deviceId);
  if (!offer || !turn.state.device.get(deviceId)?.pageGone) return;
  // One that is still connecting comes here again, or ends by its own deadline.
  if (offer.phase === 'connecting') return schedule(turn, `page:${deviceId}`, turn.nowMs + 1_000);
  if (offer.phase !== 'talking') return;
  loseLeg(turn, offer);
}

/** The agent's leg is up in the PBX, but nobody is at its other end: the caller is told at once, and queued first. */
export function loseLeg(turn: Turn, offer: Offer): void {
  loseTalk(turn, offer, turn.state.call.get(offer.callId));
  sayGoodbye(turn, offer, 'hang-up');
}

function offerOn(turn: Turn, deviceId: DeviceId): Offer | undefined {
  const agentId = turn.indexes.agentByDevice.get(deviceId);
  const occupancy = agentId === undefined ? undefined : agentOf(turn, agentId)?.occupancy;
  if (occupancy?.type !== 'offered' && occupancy?.type !== 'talk') return undefined;
  const offer = turn.state.offer.get(occupancy.offerId);
  return offer?.deviceId === deviceId ? offer : undefined;
}

/** Nobody will ever answer this call here any more: its queue is gone. */
export function failCall(turn: Turn, call: Call): void {
  const visit = call.visitId === null ? undefined : turn.state.visit.get(call.visitId);
  if (visit) endVisit(turn, visit, 'failed');
  call.visitId = null;
  call.offerId = null;
  const shut = call.phase === 'closed' || call.phase === 'forwarding';
  const outcome = shut ? closedOutcome(call) : call.phase === 'welcoming' ? 'refused' : null;
  hangUpCall(turn, call, 'normal', outcome, 'system');
}
