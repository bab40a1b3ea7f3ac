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
  const id = `${queueId}:${caller}`;
  const place: Place = {
    v: 1,
    id,
    organizationId,
    queueId,
    caller,
    rankMs: visitRank(visit).rankMs,
    strict: visit.strict,
    waitedMs: turn.nowMs - visit.needsSinceMs,
    untilMs: turn.nowMs + seconds * 1_000
  };
  turn.state.place.set(id, place);
  turn.changed.add(`place:${id}`);
  schedule(turn, `place:${id}`, place.untilMs);
  const { rankMs, untilMs } = place;
  tell(turn, organizationId, { type: 'place-kept', visitId: visit.id, queueId, caller, rankMs, untilMs });
}

/** The place that a new visit of this call takes over; null: none, or the rules are against it. Taken once. */
export function takePlace(turn: Turn, call: Call): Place | null {
  const caller = call.caller.token;
  if (caller === null) return null;
  const place = turn.state.place.get(`${call.queueId}:${caller}`);
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
