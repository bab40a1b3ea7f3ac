import type { KeptPlace } from './events.ts';
import type { CallerToken, QueueId } from './ids.ts';
import { configured } from './indexes.ts';
import { visitRank } from './pools.ts';
import type { Call, Place, Visit } from './state.ts';
import { schedule, tell, unschedule } from './turn.ts';
import type { Turn } from './turn.ts';

/*
 * B11: who hangs up while waiting and rings again soon has the place they had. Only with a presented number, once, after
 * a first wait of 30 s, with no other call of that number waiting, and not for numbers that ring all the time (a
 * switchboard has one number for many people).
 */
export const shortestKeptMs = 30_000;
export const seenWithinMs = 3_600_000;
export const mostSeen = 3;

/** A visit was abandoned: its place stays for a while. */
export function keepPlace(turn: Turn, visit: Visit): void {
  const seconds = configured(turn.state, 'queue', visit.queueId)?.keepPlaceSeconds ?? 0;
  if (visit.caller === null || visit.placeKept || seconds === 0) return;
  if (turn.nowMs - visit.queuedAtMs < shortestKeptMs) return;
  const { organizationId, queueId, caller } = visit;
  const { rankMs, strict } = visitRank(visit);
  const waitedMs = turn.nowMs - visit.needsSinceMs;
  const untilMs = turn.nowMs + seconds * 1_000;
  putPlace(turn, { organizationId, queueId, caller, rankMs, strict, waitedMs, untilMs });
  const place = { queueId, caller, rankMs, untilMs, strict, waitedMs };
  tell(turn, organizationId, { type: 'place-kept', visitId: visit.id, ...place });
}

/**
 * The places as history kept them, for a state that was lost. One that was taken leaves nothing in the state, and may
 * still stand in a history that is behind: that the state has no such place proves nothing, as it does of an agent. So
 * it says itself that it has been told once, in the same commit.
 */
export function restorePlaces(turn: Turn, places: KeptPlace[]): void {
  const { state, nowMs } = turn;
  if (state.cell.placesKnown) return;
  state.cell.placesKnown = true;
  turn.changed.add('cell');
  for (const kept of places) {
    const { organizationId, queueId, caller } = kept;
    const queue = configured(state, 'queue', queueId);
    if (queue?.organizationId !== organizationId) continue;
    // No longer than the queue keeps any: the clock of the state that was lost may have been ahead.
    const untilMs = Math.min(kept.untilMs, nowMs + queue.keepPlaceSeconds * 1_000);
    // Of who has called since the loss the state knows all that counts.
    if (untilMs <= nowMs || state.seen.has(caller) || state.place.has(placeId(queueId, caller))) continue;
    const place = putPlace(turn, { ...kept, untilMs });
    tell(turn, organizationId, { type: 'corrected', code: 'place-restored', subject: place.id });
  }
}

const placeId = (queueId: QueueId, caller: CallerToken) => `${queueId}:${caller}`;

function putPlace(turn: Turn, kept: KeptPlace): Place {
  const place: Place = { ...kept, v: 1, id: placeId(kept.queueId, kept.caller) };
  turn.state.place.set(place.id, place);
  turn.changed.add(`place:${place.id}`);
  schedule(turn, `place:${place.id}`, place.untilMs);
  return place;
}

/** The place that a new visit of this call takes over; null: none, or the rules are against it. Taken once. */
export function takePlace(turn: Turn, call: Call): Place | null {
  const caller = call.caller.token;
  if (caller === null) return null;
  const place = turn.state.place.get(placeId(call.queueId, caller));
  if (!place || place.untilMs <= turn.nowMs) return null;
  const refused =
    (turn.indexes.waitingByCaller.get(caller) ?? 0) > 0
      ? 'another-waits'
      : (turn.state.seen.get(caller)?.atMs.length ?? 0) > mostSeen
        ? 'rings-often'
        : null;
  if (refused !== null) {
    tell(turn, place.organizationId, {
      type: 'place-refused',
      callId: call.id,
      queueId: call.queueId,
      reason: refused
    });
    return null;
  }
  dropPlace(turn, place.id);
  return place;
}

export function dropPlace(turn: Turn, id: string): void {
  if (!turn.state.place.delete(id)) return;
  turn.changed.add(`place:${id}`);
  unschedule(turn, `place:${id}`);
}

/** Counts the calls of a number in an hour, as far as the rule needs it. */
export function seeCaller(turn: Turn, call: Call): void {
  const caller = call.caller.token;
  if (caller === null || !configured(turn.state, 'queue', call.queueId)?.keepPlaceSeconds) return;
  const recent = (turn.state.seen.get(caller)?.atMs ?? []).filter((atMs) => atMs > turn.nowMs - seenWithinMs);
  turn.state.seen.set(caller, { v: 1, id: caller, atMs: [...recent, turn.nowMs].slice(-(mostSeen + 1)) });
  turn.changed.add(`seen:${caller}`);
  schedule(turn, `seen:${caller}`, turn.nowMs + seenWithinMs);
}

export function forgetSeen(turn: Turn, caller: string): void {
  if (turn.state.seen.delete(caller as Place['caller'])) turn.changed.add(`seen:${caller}`);
}
