import { endPlay, play, quiet, scheduleRepeats, wordingOf } from './announcements.ts';
import type { ClosedReason } from './events.ts';
import type { CallOutcome, FactBody, OfferWhy } from './facts.ts';
import { leaveForward } from './forward-leg.ts';
import { id } from './ids.ts';
import { configured } from './indexes.ts';
import { refreshNeeds } from './needs.ts';
import { takePlace } from './places.ts';
import type { Call, Visit } from './state.ts';
import { dropCall, newId, putCall, putVisit, schedule, send, tell, toMatch, unschedule } from './turn.ts';
import type { Turn } from './turn.ts';
import { writeTag } from './write-tag.ts';

/** How long a leg that was told to go may take to be gone, before it is told again. */
export const goneLimitMs = 5_000;
export const goneAttempts = 3;

export function answer(turn: Turn, call: Call): void {
  call.answered = true;
  putCall(turn, call);
  send(turn, { type: 'answer', callId: call.id });
}

/** What a caller hears between announcements: their queue's music. */
export function startMusic(turn: Turn, call: Call): void {
  const music = configured(turn.state, 'queue', call.queueId)?.music ?? null;
  send(turn, { type: 'start-music', callId: call.id, music });
}

/** What comes next for a caller to whom nothing is played. */
export function advance(turn: Turn, call: Call): void {
  if (call.playing !== null) return;
  const list = call.phase === 'waiting' ? call.after : call.before;
  for (let next = list.shift(); next !== undefined; next = list.shift()) {
    const wording = wordingOf(turn, call, next);
    if (wording) return play(turn, call, next, wording);
  }
  putCall(turn, call);
  // What comes after *we are closed* is decided at the door (`afterClosed`).
  if (call.phase === 'welcoming') {
    // Its queue was removed while the welcome played.
    if (!configured(turn.state, 'queue', call.queueId)) return hangUpCall(turn, call, 'normal', 'refused', 'system');
    enterQueue(turn, call, { because: 'call', strict: false, trigger: 'announcement-heard' });
    advance(turn, call);
  } else if (call.phase === 'waiting') scheduleRepeats(turn, call);
}

/** How a call ends that is told that it is closed: one that had entered the queue has ended there already. */
export function closedOutcome(call: Call): CallOutcome | null {
  return call.visitId === null ? 'closed' : null;
}

/** P7, P8, P9: it is time for one of those that come again. While another plays it comes after that. */
export function announceNext(turn: Turn, call: Call, kind: 'repeated' | 'position' | 'waiting-time'): void {
  if (call.phase !== 'waiting') return;
  if (!call.after.includes(kind)) call.after.push(kind);
  putCall(turn, call);
  advance(turn, call);
}

interface Entry {
  because: Extract<FactBody, { type: 'visit-entered' }>['because'];
  strict: boolean;
  trigger: OfferWhy['trigger'];
  /** Adopted visits keep what they had. */
  kept?: Pick<Visit, 'id' | 'queuedAtMs' | 'creditSeconds' | 'saidPlace' | 'saidWait'>;
  /** What it had waited before counts for its needs. */
  needsSinceMs?: number;
}

/** From here on the call waits: music, and offers. Its rank and needs come from its queue and its number. */
export function enterQueue(turn: Turn, call: Call, entry: Entry): void {
  const queue = configured(turn.state, 'queue', call.queueId);
  const number = call.numberId === null ? null : configured(turn.state, 'number', call.numberId);
  const place = entry.because === 'call' ? takePlace(turn, call) : null;
  const own = (queue?.creditSeconds ?? 0) + (number?.creditSeconds ?? 0);
  // As good as it was, and never worse than without it.
  const credit = place ? Math.max(own, (turn.nowMs - place.rankMs) / 1_000) : own;
  const visit: Visit = {
    v: 5,
    id: entry.kept?.id ?? id.visit(newId(turn, 'v')),
    callId: call.id,
    organizationId: call.organizationId,
    queueId: call.queueId,
    queuedAtMs: entry.kept?.queuedAtMs ?? turn.nowMs,
    creditSeconds: entry.kept?.creditSeconds ?? credit,
    strict: entry.strict || (!entry.kept && (place?.strict || queue?.strict || number?.strict || false)),
    caller: call.caller.token,
    placeKept: place !== null,
    needsSinceMs: entry.needsSinceMs ?? (place ? turn.nowMs - place.waitedMs : (entry.kept?.queuedAtMs ?? turn.nowMs)),
    needs: [],
    offers: [],
    taken: false,
    hears: false,
    refusals: [],
    saidPlace: entry.kept?.saidPlace ?? null,
    saidWait: entry.kept?.saidWait ?? null,
    predicted: null
  };
  call.phase = 'waiting';
  call.visitId = visit.id;
  call.offerId = null;
  putCall(turn, call);
  putVisit(turn, visit);
  tellEntered(turn, call, visit, entry.because, place !== null);
  if (place) {
    const { id: visitId, callId, queueId, creditSeconds } = visit;
    tell(turn, visit.organizationId, {
      type: 'place-taken',
      visitId,
      callId,
      queueId,
      caller: place.caller,
      creditSeconds
    });
  }
  refreshNeeds(turn, visit);
  writeTag(turn, call, visit, null);
  startMusic(turn, call);
  // Without anything to hear first, the visit came by itself: the trigger says so.
  const trigger = call.arrivedAtMs === turn.nowMs ? 'visit-entered' : entry.trigger;
  toMatch(turn, visit.queueId, trigger);
  turn.toExplain.set(visit.id, trigger);
}

export function tellEntered(
  turn: Turn,
  call: Call,
  visit: Pick<Visit, 'id' | 'organizationId' | 'queueId' | 'queuedAtMs' | 'creditSeconds' | 'strict'>,
  because: Entry['because'],
  placeKept = false
): void {
  tell(turn, visit.organizationId, {
    type: 'visit-entered',
    visitId: visit.id,
    callId: call.id,
    queueId: visit.queueId,
    caller: call.caller.token,
    withheld: call.caller.withheld,
    queuedAtMs: visit.queuedAtMs,
    creditSeconds: visit.creditSeconds,
    strict: visit.strict,
    because,
    ...(placeKept ? { placeKept: true } : {})
  });
}

/** Tells the caller's leg to go. The call stays until the leg is gone, or has been told often enough. */
export function hangUpCall(
  turn: Turn,
  call: Call,
  reason: 'normal' | 'busy' | 'no-answer',
  outcome: CallOutcome | null,
  endedBy: Call['endedBy']
): void {
  if (call.phase === 'ending') return;
  endPlay(turn, call, false);
  leaveForward(turn, call);
  quiet(turn, call);
  call.phase = 'ending';
  call.outcome = outcome;
  call.endedBy = endedBy;
  call.hangUp = { reason, attempts: 1 };
  putCall(turn, call);
  send(turn, { type: 'hang-up-call', callId: call.id, reason });
  schedule(turn, `gone:call:${call.id}`, turn.nowMs + goneLimitMs);
}

export function finishCall(turn: Turn, call: Call, outcome: CallOutcome | null, endedBy: Call['endedBy']): void {
  endPlay(turn, call, false);
  leaveForward(turn, call);
  quiet(turn, call);
  unschedule(turn, `gone:call:${call.id}`);
  dropCall(turn, call);
  const reason: ClosedReason | null = call.reason;
  tell(turn, call.organizationId, { type: 'call-finished', callId: call.id, outcome, reason, endedBy });
}
