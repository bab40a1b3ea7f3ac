import type { PbxEvent, PbxSnapshot } from './events.ts';
import { agentOf, endBusyElsewhere, endWrapUp } from './agents.ts';
import { callGone, playEnded, updateDevice } from './calls.ts';
import { deviceChange } from './devices.ts';
import { arrive, newCall } from './doors.ts';
import { boundTalk, dial, forwardRinging, sayGoodbye as sayGoodbyeToForward } from './forward-leg.ts';
import { connectForward, forwardAnswered, forwardConnected, forwardEnded } from './forwards.ts';
import { configured } from './indexes.ts';
import { ownPlayLimitMs, play } from './announcements.ts';
import { advance, answer, enterQueue, hangUpCall, startMusic, tellEntered } from './journey.ts';
import {
  connect,
  connected,
  legGoneOf,
  offerAnswered,
  offerEnded,
  offerPickedUp,
  offerRefused,
  offerRinging,
  ringAnew,
  sayGoodbye
} from './offers.ts';
import { id, isForwardId } from './ids.ts';
import type { ForwardId, OfferId, PlayId } from './ids.ts';
import { compareText } from './sorted.ts';
import type { Call, Forward, Offer } from './state.ts';
import { decodeTag } from './tag.ts';
import type { Tag } from './tag.ts';
import { newId, putAgent, putCall, putForward, putOffer, schedule, send, tell, toMatch } from './turn.ts';
import type { Turn } from './turn.ts';
import { writeTag } from './write-tag.ts';

type SeenCall = PbxSnapshot['calls'][number];

/** From now on nothing is offered; deadlines that would act on the PBX wait for the snapshot. */
export function disconnect(turn: Turn): void {
  turn.state.cell.connected = false;
  turn.changed.add('cell');
}

/**
 * Brings the state and the PBX together after a start, a reconnect or a restart of Asterisk. Commands that were
 * outstanding are not blindly repeated: what each was for is read off the snapshot and asked for again where it is
 * not so (the README lists the rule of each kind). Nobody is logged out and no place is lost.
 */
export function reconcile(turn: Turn, snapshot: PbxSnapshot): void {
  turn.state.cell.connected = true;
  turn.changed.add('cell');
  const pending = takeOutstanding(turn);
  const calls = new Map(snapshot.calls.map((call) => [call.callId, call]));
  const offers = new Map(snapshot.offers.map((offer) => [offer.offerId, offer]));
  const bridged = new Set(snapshot.connected);

  reconcileDevices(turn, snapshot);
  for (const call of inOrder(turn.state.call)) {
    if (calls.has(call.id)) continue;
    tell(turn, call.organizationId, { type: 'corrected', code: 'call-gone', subject: call.id });
    callGone(turn, call);
  }
  const known = inOrder(turn.state.call);
  // Before the offers, so that an offer whose call is adopted is known by then.
  for (const seen of snapshot.calls) if (!turn.state.call.has(seen.callId)) adopt(turn, seen, bridged);
  for (const offer of inOrder(turn.state.offer)) {
    const seen = offers.get(offer.id);
    if (seen) reconcileOffer(turn, offer, seen, bridged.has(offer.id));
    else if (offer.phase === 'ringing' && pending.has(`ring:${offer.id}`) && offer.ringUntilMs > turn.nowMs) {
      // Decided, but the order never reached the PBX: the same agent as would have been, with a full ring time (rule 5).
      ringAnew(turn, offer);
    } else offerGone(turn, offer);
  }
  for (const seen of snapshot.offers) {
    if (!turn.state.offer.has(seen.offerId)) send(turn, { type: 'hang-up-offer', offerId: seen.offerId });
  }
  reconcileForwards(turn, snapshot, pending, bridged);
  for (const call of known) {
    const seen = calls.get(call.id);
    if (seen && turn.state.call.has(call.id)) reconcileCall(turn, call, seen, pending);
  }
  for (const queueId of turn.indexes.waiting.keys()) toMatch(turn, queueId, 'recovered');
}

/** What was under way, by `type:leg`, and no longer is: late answers find nothing. */
function takeOutstanding(turn: Turn): Set<string> {
  const pending = new Set<string>();
  for (const { command } of turn.state.command.values()) {
    const subject =
      command.type === 'play'
        ? command.playId
        : 'offerId' in command
          ? command.offerId
          : 'forwardId' in command
            ? command.forwardId
            : command.callId;
    pending.add(`${command.type}:${subject}`);
    turn.changed.add(`command:${command.commandId}`);
  }
  turn.state.command.clear();
  return pending;
}

function reconcileDevices(turn: Turn, snapshot: PbxSnapshot): void {
  const seen = new Map(snapshot.devices.map((device) => [device.deviceId, device.reachable]));
  for (const [deviceId, reachable] of seen) {
    if (turn.state.device.get(deviceId)?.registered === reachable) continue;
    updateDevice(turn, deviceId, deviceChange(reachable ? 'registered' : 'unregistered', reachable));
  }
  for (const device of inOrder(turn.state.device)) {
    // Of a mobile the PBX knows nothing.
    if (device.registered && !device.mobile && !seen.has(device.id))
      updateDevice(turn, device.id, deviceChange('unregistered', false));
  }
}

function reconcileForwards(turn: Turn, snapshot: PbxSnapshot, pending: Set<string>, bridged: Set<string>): void {
  const seen = new Map(snapshot.forwards.map((forward) => [forward.forwardId, forward]));
  for (const forward of inOrder(turn.state.forward)) {
    const there = seen.get(forward.id);
    if (there) reconcileForward(turn, forward, there.answered, bridged.has(forward.id));
    else if (forward.phase === 'ringing' && pending.has(`dial:${forward.id}`)) dialAnew(turn, forward);
    else {
      tell(turn, forward.organizationId, { type: 'corrected', code: 'forward-gone', subject: forward.id });
      forwardEnded(turn, forward, 'lost', null);
    }
  }
  for (const { forwardId } of snapshot.forwards)
    if (!turn.state.forward.has(forwardId)) send(turn, { type: 'hang-up-forward', forwardId });
}

function reconcileForward(turn: Turn, forward: Forward, answered: boolean, bridged: boolean): void {
  switch (forward.phase) {
    case 'ringing':
      if (answered) forwardAnswered(turn, forward);
      else forwardRinging(turn, forward);
      return;
    case 'connecting':
      if (bridged) forwardConnected(turn, forward);
      else connectForward(turn, forward);
      return;
    case 'talking':
      boundTalk(turn, forward);
      if (!bridged) send(turn, { type: 'connect-forward', callId: forward.callId, forwardId: forward.id });
      return;
    case 'ending':
      return sayGoodbyeToForward(turn, forward);
  }
}

/** Decided, but the order never reached the PBX. */
function dialAnew(turn: Turn, forward: Forward): void {
  const call = turn.state.call.get(forward.callId);
  const presented = configured(turn.state, 'queue', forward.queueId)?.closing.presentNumber ?? null;
  if (call) dial(turn, call, forward, presented);
}

function reconcileOffer(
  turn: Turn,
  offer: Offer,
  { answered, pickedUp = false }: PbxSnapshot['offers'][number],
  bridged: boolean
): void {
  switch (offer.phase) {
    case 'ringing':
      // Whether it rings by now was told, if at all, while nobody listened.
      if (answered) offerAnswered(turn, offer);
      else if (pickedUp) offerPickedUp(turn, offer);
      else offerRinging(turn, offer);
      return;
    case 'connecting':
      if (bridged) connected(turn, offer);
      else connect(turn, offer);
      return;
    case 'talking':
      // Bridged again without a word: a second connect of what is already joined changes nothing.
      if (!bridged) send(turn, { type: 'connect', callId: offer.callId, offerId: offer.id });
      return;
    case 'ending':
      return sayGoodbye(turn, offer, answered ? 'hang-up' : (offer.goodbye ?? 'withdrawn'));
  }
}

function offerGone(turn: Turn, offer: Offer): void {
  if (offer.phase !== 'ending') {
    tell(turn, offer.organizationId, { type: 'corrected', code: 'offer-gone', subject: offer.id });
  }
  // Nobody's fault: it counts neither against the agent nor against the device.
  if (offer.phase === 'ringing') offerRefused(turn, offer, 'failed', 'cancelled', true);
  else if (offer.phase === 'ending') legGoneOf(turn, offer, false);
  else offerEnded(turn, offer, 'lost');
}

function reconcileCall(turn: Turn, call: Call, seen: SeenCall, pending: Set<string>): void {
  if (call.phase === 'ending') {
    if (call.hangUp) send(turn, { type: 'hang-up-call', callId: call.id, reason: call.hangUp.reason });
    return;
  }
  if (call.answered && !seen.answered) answer(turn, call);
  const visit = call.visitId === null ? undefined : turn.state.visit.get(call.visitId);
  if (visit && seen.tag === null) writeTag(turn, call, visit, null);
  // Who is being joined to somebody hears nothing of ours.
  if (call.offerId !== null || call.phase === 'talking' || isJoining(turn, call)) return;
  if (call.phase === 'waiting' || (call.phase === 'forwarding' && call.answered)) startMusic(turn, call);
  if (call.playing && call.playing.playId !== seen.playing) {
    const { playId, announcement } = call.playing;
    // Never begun: begun now, under a new id. Begun and over while nobody listened: the journey goes on.
    if (pending.has(`play:${playId}`)) play(turn, call, announcement, call.playing);
    else playEnded(turn, call, false);
  }
}

function isJoining(turn: Turn, call: Call): boolean {
  return call.forwardId !== null && turn.state.forward.get(call.forwardId)?.phase === 'connecting';
}

/**
 * A new call, or one that the worker's parent sent to the dialplan and that is back: that one waits on in the place it
 * had. Its visit is a new one, as the former may have been told as ended when the call left.
 */
export function arriveOrReturn(turn: Turn, event: Extract<PbxEvent, { type: 'call-arrived' }>): void {
  if (turn.state.call.has(event.callId)) return;
  const tag = decodeTag(event.tag ?? null);
  if (!tag || !configured(turn.state, 'queue', tag.queueId)) return arrive(turn, event);
  const seen = { ...event, answered: true, tag: event.tag ?? null, playing: null };
  enterAgain(turn, adoptedCall(turn, seen, tag), { ...tag, visitId: id.visit(newId(turn, 'v')) }, null);
}

/** A call that the state does not know: a new one, or one of ours from before the state was lost. */
function adopt(turn: Turn, seen: SeenCall, bridged: Set<string>): void {
  const tag = decodeTag(seen.tag);
  const queue = tag && configured(turn.state, 'queue', tag.queueId);
  if (!tag || !queue) {
    // With a tag but no queue there is nothing to give it back to: it is treated as if it came now.
    return arrive(turn, { type: 'call-arrived', callId: seen.callId, dialled: seen.dialled, caller: seen.caller });
  }
  const call = adoptedCall(turn, seen, tag);
  if (tag.partnerId && bridged.has(tag.partnerId)) {
    if (isForwardId(tag.partnerId)) return adoptForward(turn, call, tag, tag.partnerId);
    if (tag.agentId) return adoptTalk(turn, call, tag, tag.partnerId);
  }
  enterAgain(turn, call, tag, seen.playing);
}

function enterAgain(turn: Turn, call: Call, tag: Tag, playing: PlayId | null): void {
  putCall(turn, call);
  tell(turn, call.organizationId, { type: 'corrected', code: 'call-adopted', subject: call.id });
  const saidPlace = tag.saidPlace === null ? null : { place: tag.saidPlace, atMs: turn.nowMs };
  const kept = {
    id: tag.visitId,
    queuedAtMs: tag.queuedAtMs,
    creditSeconds: tag.creditSeconds,
    saidPlace,
    saidWait: tag.saidWait
  };
  enterQueue(turn, call, { because: 'adopted', strict: tag.strict, trigger: 'recovered', kept });
  // Something plays: it ends by itself, and the next is due after it.
  if (playing) playsAlready(turn, call, playing);
  else advance(turn, call);
}

/** Two who were joined by a forward talk on; to what number, and why, is lost with the state. */
function adoptForward(turn: Turn, call: Call, tag: Tag, forwardId: ForwardId): void {
  call.phase = 'talking';
  call.forwardId = forwardId;
  call.outcome = 'closed';
  putCall(turn, call);
  const forward: Forward = {
    v: 1,
    id: forwardId,
    callId: call.id,
    organizationId: call.organizationId,
    queueId: call.queueId,
    visitId: null,
    to: '',
    why: 'nobody',
    phase: 'talking',
    ringing: true,
    showing: 'caller',
    ringSeconds: 0,
    talkSinceMs: tag.talkSinceMs ?? turn.nowMs,
    attempts: 0
  };
  putForward(turn, forward);
  boundTalk(turn, forward);
  tell(turn, call.organizationId, { type: 'corrected', code: 'call-adopted', subject: call.id });
}

function adoptTalk(turn: Turn, call: Call, tag: Tag, offerId: OfferId): void {
  putCall(turn, call);
  tell(turn, call.organizationId, { type: 'corrected', code: 'call-adopted', subject: call.id });
  const { agentId } = tag;
  const agent = agentId && agentOf(turn, agentId);
  if (!agentId || !agent) return hangUpCall(turn, call, 'normal', null, 'system');
  const { visitId, queuedAtMs, creditSeconds } = tag;
  const organizationId = call.organizationId;
  const talkSinceMs = tag.talkSinceMs ?? turn.nowMs;
  const visit = { id: visitId, organizationId, queueId: call.queueId, queuedAtMs, creditSeconds };
  tellEntered(turn, call, { ...visit, strict: tag.strict }, 'adopted');
  call.phase = 'talking';
  call.offerId = offerId;
  putCall(turn, call);
  // An old state may know of what was over before this talk began.
  endWrapUp(turn, agent, 'time');
  endBusyElsewhere(turn, agent);
  agent.occupancy = { type: 'talk', offerId };
  putAgent(turn, agent);
  const about = { offerId, visitId, callId: call.id, queueId: call.queueId, agentId };
  putOffer(turn, {
    v: 2,
    id: offerId,
    visitId,
    callId: call.id,
    organizationId,
    queueId: call.queueId,
    agentId,
    deviceId: agent.deviceId ?? configured(turn.state, 'agent', agentId)!.deviceId,
    phase: 'talking',
    queuedAtMs,
    offeredAtMs: turn.nowMs,
    ringUntilMs: turn.nowMs,
    ringing: true,
    talkSinceMs,
    held: false,
    attempts: 0,
    wrapUp: true,
    goodbye: null,
    mobile: null
  });
  tell(turn, organizationId, { type: 'talk-started', ...about, sinceMs: talkSinceMs });
  tell(turn, organizationId, {
    type: 'visit-ended',
    visitId,
    callId: call.id,
    queueId: call.queueId,
    outcome: 'answered',
    waitedMs: Math.max(0, talkSinceMs - queuedAtMs),
    agentId
  });
}

function adoptedCall(turn: Turn, seen: SeenCall, tag: Tag): Call {
  const call = newCall(seen, {
    organizationId: tag.organizationId,
    numberId: turn.indexes.numberByDialled.get(seen.dialled)?.id ?? null,
    queueId: tag.queueId,
    language: tag.language,
    arrivedAtMs: tag.queuedAtMs
  });
  return { ...call, phase: 'waiting', answered: true };
}

function inOrder<T extends { id: string }>(entities: Map<string, T>): T[] {
  return [...entities.values()].toSorted((a, b) => compareText(a.id, b.id));
}

function playsAlready(turn: Turn, call: Call, playId: PlayId): void {
  call.playing = { playId, announcement: 'repeated', media: [] };
  putCall(turn, call);
  // Nobody knows which it is.
  schedule(turn, `play:${call.id}`, turn.nowMs + ownPlayLimitMs);
}
