import type { NumberValue, QueueValue } from './configuration.ts';
import type { ClosedReason, PbxEvent } from './events.ts';
import { leaveForward, ringOutside } from './forward-leg.ts';
import { id, type CallId } from './ids.ts';
import { configured, openNow } from './indexes.ts';
import { closedAnnouncement, endPlay, quiet } from './announcements.ts';
import { advance, answer, closedOutcome, hangUpCall, startMusic } from './journey.ts';
import { endVisit } from './offers.ts';
import { mostHops, presentsOwn, takeLeave, takeLeaveAgain, tellStopped } from './outgoing.ts';
import { seeCaller } from './places.ts';
import { refusal, sendAwayAgainMs } from './situation.ts';
import type { Call, Forward } from './state.ts';
import { putCall, schedule, send, tell } from './turn.ts';
import type { Turn } from './turn.ts';

/*
 * Who comes in, and what becomes of those who do not: closed (P4), too many (P10), nobody there (P11). One decision at
 * the door, before answer: a caller who is sent away has paid for nothing.
 */

/** Stands in facts of calls to numbers that belong to nobody. */
export const unknownOrganization = id.organization('unknown');

/** A new call. */
export function arrive(turn: Turn, event: Extract<PbxEvent, { type: 'call-arrived' }>): void {
  if (turn.state.call.has(event.callId)) return;
  const number = turn.indexes.numberByDialled.get(event.dialled) ?? null;
  const queue = number && configured(turn.state, 'queue', number.queueId);
  const call = newCall(event, {
    organizationId: number?.organizationId ?? unknownOrganization,
    numberId: number?.id ?? null,
    queueId: number?.queueId ?? id.queue(''),
    language: number?.language ?? 'sv',
    arrivedAtMs: turn.nowMs
  });
  if (!number || !queue) return hangUpCall(turn, call, 'no-answer', 'refused', 'system');
  tell(turn, call.organizationId, {
    type: 'call-arrived',
    callId: call.id,
    caller: call.caller.token,
    withheld: call.caller.withheld,
    dialled: call.dialled,
    numberId: number.id,
    queueId: queue.id
  });
  const { callsMost } = turn.state.cell;
  if (callsMost !== null && turn.state.call.size >= callsMost) {
    // Callers who wait must not take the last legs from those who are to answer them.
    call.reason = 'full';
    return hangUpCall(turn, call, 'busy', 'refused', 'system');
  }
  atTheDoor(turn, call, queue);
}

/** A call of which nothing has been told or done. */
export function newCall(
  leg: Pick<Call, 'caller' | 'dialled'> & { callId: CallId },
  where: Pick<Call, 'organizationId' | 'numberId' | 'queueId' | 'language' | 'arrivedAtMs'>
): Call {
  return {
    v: 3,
    id: leg.callId,
    caller: leg.caller,
    dialled: leg.dialled,
    ...where,
    phase: 'welcoming',
    answered: false,
    visitId: null,
    offerId: null,
    forwardId: null,
    tried: null,
    hops: 0,
    before: [],
    after: [],
    playing: null,
    outcome: null,
    reason: null,
    endedBy: 'system',
    hangUp: null
  };
}

function atTheDoor(turn: Turn, call: Call, queue: QueueValue): void {
  const { open, reason } = openNow(turn, queue);
  const why = open ? refusal(turn, queue) : reason;
  if (why === null) return admit(turn, call, queue);
  call.reason = why;
  if ((isHours(why) || why === 'situation') && closedAnnouncement(queue, why)) return announceClosed(turn, call);
  sendAway(turn, call, why, destination(queue, why));
}

function admit(turn: Turn, call: Call, queue: QueueValue): void {
  seeCaller(turn, call);
  call.phase = 'welcoming';
  call.reason = null;
  const all = (['welcome', 'first'] as const).filter((kind) => queue[kind] !== null);
  const lastMust = all.findLastIndex((kind) => queue[kind]?.mustBeHeard);
  call.before = all.slice(0, lastMust + 1);
  call.after = [...all.slice(lastMust + 1), 'position', 'waiting-time'];
  answer(turn, call);
  advance(turn, call);
}

const isHours = (why: ClosedReason) => why === 'outside-hours' || why === 'holiday' || why === 'temporary';

function destination({ closing }: QueueValue, why: ClosedReason): string | null {
  if (why === 'situation') return closing.situationTo;
  if (why === 'nobody') return closing.nobodyTo;
  return why === 'unreachable' ? closing.unreachableTo : closing.closedTo;
}

function announceClosed(turn: Turn, call: Call): void {
  call.phase = 'closed';
  call.before = ['closed'];
  if (!call.answered) answer(turn, call);
  advance(turn, call);
  if (call.playing === null) afterClosed(turn, call);
}

/** The announcement has been heard (P4): on to the other number, unless that has been tried. */
export function afterClosed(turn: Turn, call: Call): void {
  const queue = configured(turn.state, 'queue', call.queueId);
  const why = call.reason;
  const to = queue && why && call.tried !== why ? destination(queue, why) : null;
  if (why === null || to === null) return hangUpCall(turn, call, 'normal', closedOutcome(call), 'system');
  sendAway(turn, call, why, to);
}

/** Who is not let in: to the other number, or the end. Busy before answer costs the caller nothing (P10). */
function sendAway(turn: Turn, call: Call, why: ClosedReason, to: string | null): void {
  if (to !== null) return forward(turn, call, why, to);
  hangUpCall(turn, call, call.answered ? 'normal' : 'busy', closedOutcome(call), 'system');
}

/**
 * To an alternative number, inside or outside. Who waits in the queue goes on waiting meanwhile, and whoever answers
 * first has them; who is at the door is not answered before the target is.
 */
export function forward(turn: Turn, call: Call, why: ClosedReason, to: string): void {
  call.tried = why;
  putCall(turn, call);
  const inside = turn.indexes.numberByDialled.get(to);
  if (inside && inside.organizationId === call.organizationId) return moveTo(turn, call, why, inside);
  const limit = takeLeave(turn, call, to);
  if (limit !== null) return stopped(turn, call, why, to, limit);
  if (call.phase !== 'waiting') {
    call.phase = 'forwarding';
    // After the announcement there would be silence; before answer the caller hears it ring.
    if (call.answered) startMusic(turn, call);
  }
  const { closing } = queueOf(turn, call);
  const showing = presentsOwn(turn, call.organizationId) ? 'own' : 'caller';
  ringOutside(turn, call, { to, why, showing, ringSeconds: closing.ringSeconds }, closing.presentNumber);
}

function queueOf(turn: Turn, call: Call): QueueValue {
  const queue = configured(turn.state, 'queue', call.queueId);
  if (!queue) throw new Error(`a call is forwarded by a queue that is gone: ${call.queueId}`);
  return queue;
}

type Limit = Exclude<ReturnType<typeof takeLeave>, null>;

function stopped(turn: Turn, call: Call, why: ClosedReason, to: string, limit: Limit): void {
  const { id: callId, queueId } = call;
  tellStopped(turn, { organizationId: call.organizationId, callId, queueId, to, why, limit });
  if (limit === 'per-minute' && call.phase === 'waiting') {
    call.tried = null;
    schedule(turn, `send-away:${queueId}`, turn.nowMs + sendAwayAgainMs);
    return;
  }
  cameToNothing(turn, call, why);
}

/** The other number is a queue's own: the caller stands at that door now. */
function moveTo(turn: Turn, call: Call, why: ClosedReason, number: NumberValue): void {
  const queue = configured(turn.state, 'queue', number.queueId);
  if (!queue || queue.id === call.queueId || call.hops >= mostHops)
    return stopped(turn, call, why, number.e164, 'loop');
  const { id: callId, visitId, queueId } = call;
  tell(turn, call.organizationId, { type: 'call-moved', callId, visitId, queueId, toQueueId: queue.id, why });
  leaveQueue(turn, call, 'moved');
  call.hops += 1;
  call.queueId = queue.id;
  call.tried = null;
  call.reason = null;
  call.phase = 'welcoming';
  atTheDoor(turn, call, queue);
}

/**
 * The call keeps its visit's id, though the visit is over: it has entered a queue (`closedOutcome`). What still rings
 * elsewhere is told to go: whoever answered there would have a caller who has been told something else.
 */
function leaveQueue(turn: Turn, call: Call, outcome: 'moved' | 'failed'): void {
  const visit = call.visitId === null ? undefined : turn.state.visit.get(call.visitId);
  leaveForward(turn, call);
  if (call.playing) send(turn, { type: 'stop-play', callId: call.id, playId: call.playing.playId });
  endPlay(turn, call, false);
  quiet(turn, call);
  call.after = [];
  if (visit) endVisit(turn, visit, outcome);
}

/**
 * Nobody answered there, or the call could not be made. By the queue's setting: who waited waits on and who was at the door
 * comes in, if the hours allow it; or they are told that it is closed; or the call ends.
 */
export function cameToNothing(turn: Turn, call: Call, why: ClosedReason): void {
  const queue = configured(turn.state, 'queue', call.queueId);
  const then = queue?.closing.unanswered ?? 'end';
  if (then === 'return' && call.phase === 'waiting') return;
  if (then === 'return' && queue && !isHours(why))
    // It may have closed while it rang there.
    return openNow(turn, queue).open ? admit(turn, call, queue) : atTheDoor(turn, call, queue);
  const heard = isHours(why) && call.answered;
  leaveQueue(turn, call, 'failed');
  call.reason = why;
  if (then !== 'end' && queue?.closed && !heard) return announceClosed(turn, call);
  hangUpCall(turn, call, call.answered ? 'normal' : 'busy', closedOutcome(call), 'system');
}

/**
 * P2: closed for a time, those who wait included: they hear that it is closed now. Not those who have just been answered.
 *
 * @param forwarded they go where callers go who come when it is closed, if there is such a number; else that is the end
 */
export function turnAway(turn: Turn, call: Call, why: ClosedReason, forwarded: boolean): void {
  const queue = configured(turn.state, 'queue', call.queueId);
  const visit = call.visitId === null ? undefined : turn.state.visit.get(call.visitId);
  if (call.phase !== 'waiting' || visit?.taken) return;
  leaveQueue(turn, call, 'failed');
  call.reason = why;
  call.offerId = null;
  call.tried = forwarded ? null : why;
  if (queue && closedAnnouncement(queue, why)) return announceClosed(turn, call);
  afterClosed(turn, call);
}

/** The trunk does not take the caller's number: once more with ours. */
export function forwardAsOwn(turn: Turn, call: Call, before: Forward): void {
  const { to, why, ringSeconds } = before;
  const closing = configured(turn.state, 'queue', call.queueId)?.closing;
  // Its queue was removed while it rang.
  if (!closing) return cameToNothing(turn, call, why);
  const limit = takeLeaveAgain(turn, call.organizationId);
  if (limit !== null) return stopped(turn, call, why, to, limit);
  ringOutside(turn, call, { to, why, showing: 'own', ringSeconds }, closing.presentNumber);
}
