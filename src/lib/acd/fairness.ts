import type { EngineEvent } from './events.ts';
import { isFree, isReachable } from './indexes.ts';
import type { Agent, Day } from './state.ts';
import { tell } from './turn.ts';
import type { Turn } from './turn.ts';
import { noShare } from './upgrade.ts';

/*
 * `fair`: fewest queue calls per available hour today, over all queues (P14). Available: on shift, logged in, not paused
 * and reachable. Everyone begins the day with one hour at the group's mean, so that a newcomer starts there and is neither
 * flooded nor starved; logging out and in changes nothing. The figure is taken when an agent becomes free and holds while
 * they are, so that nobody changes place by the clock alone.
 */
const priorMs = 3_600_000;

/** The organization's midnight has passed, or this is the first that is known of it. */
export function beginDay(turn: Turn, event: Extract<EngineEvent, { type: 'day-began' }>): void {
  const { organizationId, dayStartMs } = event;
  const before = turn.state.day.get(organizationId);
  if (before && before.startMs >= dayStartMs) return;
  const available = before?.available ?? 0;
  putDay(turn, {
    v: 1,
    id: organizationId,
    startMs: dayStartMs,
    beganMs: turn.nowMs,
    calls: 0,
    availableMs: 0,
    available,
    sinceSumMs: available * turn.nowMs
  });
  tell(turn, organizationId, { type: 'day-began', dayStartMs });
}

/** Follows whether a touched agent is available, and takes their figure when they become free. */
export function followShare(turn: Turn, agent: Agent): void {
  const available =
    agent.onShift && agent.queueIds.length > 0 && agent.paused === null && isReachable(turn.state, agent);
  if (available !== (agent.fair.sinceMs !== null)) {
    const day = dayOf(turn, agent);
    beginShare(turn, agent, day);
    if (available) {
      agent.fair.sinceMs = turn.nowMs;
      putDay(turn, { ...day, available: day.available + 1, sinceSumMs: day.sinceSumMs + turn.nowMs });
    } else {
      const sinceMs = Math.max(agent.fair.sinceMs ?? turn.nowMs, day.beganMs);
      const forMs = turn.nowMs - sinceMs;
      agent.fair.sinceMs = null;
      agent.fair.availableMs += forMs;
      putDay(turn, {
        ...day,
        available: day.available - 1,
        sinceSumMs: day.sinceSumMs - sinceMs,
        availableMs: day.availableMs + forMs
      });
    }
    turn.changed.add(`agent:${agent.id}`);
  }
  if (!isFree(turn.state, agent) || turn.indexes.freePlaces.has(agent.id)) return;
  const day = dayOf(turn, agent);
  beginShare(turn, agent, day);
  const { calls, availableMs, sinceMs } = agent.fair;
  const hours = (availableMs + (sinceMs === null ? 0 : turn.nowMs - Math.max(sinceMs, day.beganMs))) / 3_600_000;
  agent.fair.load = Math.round((calls / hours) * 1_000);
  turn.changed.add(`agent:${agent.id}`);
}

/** A queue call of theirs has begun. */
export function countCall(turn: Turn, agent: Agent): void {
  const day = dayOf(turn, agent);
  beginShare(turn, agent, day);
  agent.fair.calls += 1;
  turn.changed.add(`agent:${agent.id}`);
  putDay(turn, { ...day, calls: day.calls + 1 });
}

/** The figures of another day are over: the hour at the group's mean begins this one. */
function beginShare(turn: Turn, agent: Agent, day: Day): void {
  if (agent.fair.dayMs === day.beganMs) return;
  const hours = (day.availableMs + day.available * turn.nowMs - day.sinceSumMs) / 3_600_000;
  const mean = hours > 0 ? day.calls / hours : 0;
  const { sinceMs } = agent.fair;
  agent.fair = { ...noShare(), dayMs: day.beganMs, calls: (mean * priorMs) / 3_600_000, availableMs: priorMs, sinceMs };
}

function dayOf(turn: Turn, agent: Agent): Day {
  const known = turn.state.day.get(agent.organizationId);
  if (known) return known;
  const none = { startMs: 0, beganMs: turn.nowMs, calls: 0, availableMs: 0, available: 0, sinceSumMs: 0 };
  return { v: 1, id: agent.organizationId, ...none };
}

function putDay(turn: Turn, day: Day): void {
  turn.state.day.set(day.id, day);
  turn.changed.add(`day:${day.id}`);
}
