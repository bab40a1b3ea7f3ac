import type { QueueValue } from './configuration.ts';
import type { ClosedReason } from './events.ts';
import type { QueueId } from './ids.ts';
import { configured } from './indexes.ts';
import { loggedInTo } from './pools.ts';
import { compareText } from './sorted.ts';
import type { Situation, Visit } from './state.ts';
import { schedule, tell, unschedule } from './turn.ts';
import type { Turn } from './turn.ts';

/** Those who could not be forwarded (a limit of E7) are tried again after this, as long as nobody is there. */
export const sendAwayAgainMs = 60_000;

/** Why a queue does not take one more caller now, though its hours are open; null: it does. One decision, at the door (P10, P11). */
export function refusal(turn: Turn, queue: QueueValue): ClosedReason | null {
  const { closing } = queue;
  const now = turn.state.situation.get(queue.id);
  if (closing.nobodyTo !== null && loggedInTo(turn.indexes, queue.id) === 0) return 'nobody';
  if (closing.unreachableTo !== null && now?.nobody === 'unreachable') return 'unreachable';
  const most = closing.waitingMost;
  // Counted here and now: within one event more than one may come.
  const full = most !== null && (now?.full || lengthOf(turn, queue.id) >= most);
  return full || (closing.waitedMostSeconds !== null && now?.late) ? 'situation' : null;
}

/** Queue length, and those on their way into it: each has a place. */
export function lengthOf(turn: Turn, queueId: QueueId): number {
  return (turn.indexes.waiting.get(queueId)?.size ?? 0) + (turn.indexes.coming.get(queueId) ?? 0);
}

/**
 * What holds of the queues that this turn has touched, told when it changed. Gives those who wait though nobody is there
 * for them, in order of rank: they are to be forwarded (P11).
 */
export function assess(turn: Turn): { visit: Visit; why: ClosedReason; to: string }[] {
  const away = [];
  for (const queueId of [...turn.toAssess].toSorted(compareText)) {
    const queue = configured(turn.state, 'queue', queueId);
    const before = turn.state.situation.get(queueId);
    if (!queue) {
      if (before) drop(turn, before);
      continue;
    }
    const now = situationOf(turn, queue, before);
    if (now === null) continue;
    const to =
      now.nobody === 'nobody'
        ? queue.closing.nobodyTo
        : now.nobody === 'unreachable'
          ? queue.closing.unreachableTo
          : null;
    if (now.nobody === null || to === null || !turn.state.cell.connected) continue;
    for (const { visitId } of turn.indexes.waiting.get(queueId)?.items ?? []) {
      const visit = turn.state.visit.get(visitId);
      if (visit && mayLeave(turn, visit, now.nobody)) away.push({ visit, why: now.nobody, to });
    }
  }
  turn.toAssess.clear();
  return away;
}

function mayLeave(turn: Turn, visit: Visit, why: ClosedReason): boolean {
  const call = turn.state.call.get(visit.callId);
  return call !== undefined && call.phase === 'waiting' && !visit.taken && !call.forwardId && call.tried !== why;
}

/** null: the queue has no such settings, and nothing is kept of it. */
function situationOf(turn: Turn, queue: QueueValue, before: Situation | undefined): Situation | null {
  const { waitingMost, waitedMostSeconds, nobodyTo, unreachableTo } = queue.closing;
  if (waitingMost === null && waitedMostSeconds === null && nobodyTo === null && unreachableTo === null) {
    if (before) drop(turn, before);
    if (before?.full || before?.late || before?.nobody) tellChanged(turn, queue, openAgain);
    return null;
  }
  const was = before ?? {
    v: 1,
    id: queue.id,
    full: false,
    late: false,
    nobody: null,
    unreachableSinceMs: null
  };
  const unreachableSinceMs = noneReachable(turn, queue.id) ? (was.unreachableSinceMs ?? turn.nowMs) : null;
  const now: Situation = {
    ...was,
    full: isFull(turn, queue, was.full),
    late: isLate(turn, queue),
    nobody: nobodyThere(turn, queue, unreachableSinceMs),
    unreachableSinceMs
  };
  if (was.nobody !== now.nobody && now.nobody === null) forgetTries(turn, queue.id);
  const same =
    was.full === now.full &&
    was.late === now.late &&
    was.nobody === now.nobody &&
    was.unreachableSinceMs === now.unreachableSinceMs;
  if (same && before) return now;
  turn.state.situation.set(queue.id, now);
  turn.changed.add(`situation:${queue.id}`);
  if (was.full !== now.full || was.late !== now.late || was.nobody !== now.nobody) {
    tellChanged(turn, queue, now);
  }
  return now;
}

const openAgain = { full: false, late: false, nobody: null };

function tellChanged(
  turn: Turn,
  queue: QueueValue,
  { full, late, nobody }: Pick<Situation, 'full' | 'late' | 'nobody'>
) {
  tell(turn, queue.organizationId, { type: 'situation-changed', queueId: queue.id, full, late, nobody });
}

function drop(turn: Turn, situation: Situation): void {
  turn.state.situation.delete(situation.id);
  turn.changed.add(`situation:${situation.id}`);
  for (const kind of ['late', 'unreachable', 'send-away']) unschedule(turn, `${kind}:${situation.id}`);
}

/** Closes at X, and opens again at X − h, so that it does not flap. */
function isFull(turn: Turn, { id, closing }: QueueValue, was: boolean): boolean {
  if (closing.waitingMost === null) return false;
  const length = lengthOf(turn, id);
  return length >= closing.waitingMost || (was && length > closing.reopenAt);
}

function isLate(turn: Turn, { id, closing }: QueueValue): boolean {
  const first = turn.indexes.entered.get(id)?.items[0];
  if (closing.waitedMostSeconds === null || !first) {
    unschedule(turn, `late:${id}`);
    return false;
  }
  const fromMs = first.queuedAtMs + closing.waitedMostSeconds * 1_000;
  if (fromMs <= turn.nowMs) return true;
  if (turn.state.deadline.get(`late:${id}`)?.atMs !== fromMs) schedule(turn, `late:${id}`, fromMs);
  return false;
}

function noneReachable(turn: Turn, queueId: QueueId): boolean {
  const loggedIn = loggedInTo(turn.indexes, queueId);
  return loggedIn > 0 && turn.indexes.pools.get(queueId)?.get('')?.crowd.unreachable === loggedIn;
}

function nobodyThere(turn: Turn, { id, closing }: QueueValue, sinceMs: number | null): Situation['nobody'] {
  if (closing.nobodyTo !== null && loggedInTo(turn.indexes, id) === 0) return 'nobody';
  if (closing.unreachableTo === null || sinceMs === null) {
    unschedule(turn, `unreachable:${id}`);
    return null;
  }
  const fromMs = sinceMs + closing.unreachableSeconds * 1_000;
  if (fromMs <= turn.nowMs) return 'unreachable';
  if (turn.state.deadline.get(`unreachable:${id}`)?.atMs !== fromMs) schedule(turn, `unreachable:${id}`, fromMs);
  return null;
}

/** Somebody is there again: if they leave once more, those who still wait may be forwarded once more. */
function forgetTries(turn: Turn, queueId: QueueId): void {
  for (const { visitId } of turn.indexes.waiting.get(queueId)?.items ?? []) {
    const call = turn.state.call.get(turn.state.visit.get(visitId)?.callId ?? ('' as never));
    if (!call || call.tried === null) continue;
    call.tried = null;
    turn.changed.add(`call:${call.id}`);
  }
}
