import type { EngineEvent } from './events.ts';
import { atWork, isFree } from './indexes.ts';
import { choosePredictors } from './pace.ts';
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
const hourMs = 3_600_000;

/** The organization's midnight has passed, or this is the first that is known of it. */
export function beginDay(turn: Turn, event: Extract<EngineEvent, { type: 'day-began' }>): void {
  const { organizationId, dayStartMs } = event;
  const before = turn.state.day.get(organizationId);
  if (before && before.startMs >= dayStartMs) return;
  const available = before?.available ?? 0;
  const day = { ...emptyDay(organizationId, turn.nowMs), startMs: dayStartMs };
  putDay(turn, { ...day, available, sinceSumMs: available * turn.nowMs });
  // Who is free now would keep yesterday's figure until their next call.
  for (const agentId of turn.indexes.freePlaces.keys()) {
    const agent = turn.state.agent.get(agentId);
    if (agent?.organizationId !== organizationId) continue;
    takeFigure(turn, agent);
    turn.toRefresh.add(agentId);
  }
  choosePredictors(turn, organizationId);
  tell(turn, organizationId, { type: 'day-began', dayStartMs });
}

/** Follows whether a touched agent is available, and takes their figure when they become free. */
export function followShare(turn: Turn, agent: Agent): void {
  const available = agent.queueIds.length > 0 && atWork(turn.state, agent);
  if (available !== (agent.fair.sinceMs !== null)) {
    const day = shareOf(turn, agent);
    if (available) {
      agent.fair.sinceMs = turn.nowMs;
      putDay(turn, { ...day, available: day.available + 1, sinceSumMs: day.sinceSumMs + turn.nowMs });
    } else {
      const sinceMs = Math.max(agent.fair.sinceMs ?? turn.nowMs, day.beganMs);
      const forMs = turn.nowMs - sinceMs;
      agent.fair.sinceMs = null;
      agent.fair.availableMs += forMs;
      const availableMs = day.availableMs + forMs;
      putDay(turn, { ...day, available: day.available - 1, sinceSumMs: day.sinceSumMs - sinceMs, availableMs });
    }
    turn.changed.add(`agent:${agent.id}`);
  }
  if (isFree(turn.state, agent) && !turn.indexes.freePlaces.has(agent.id)) takeFigure(turn, agent);
}

function takeFigure(turn: Turn, agent: Agent): void {
  const day = shareOf(turn, agent);
  const { calls, availableMs, sinceMs } = agent.fair;
  const runsMs = sinceMs === null ? 0 : turn.nowMs - Math.max(sinceMs, day.beganMs);
  agent.fair.load = Math.round((calls / (availableMs + runsMs)) * hourMs * 1_000);
  turn.changed.add(`agent:${agent.id}`);
}

/** A queue call of theirs has begun. */
export function countCall(turn: Turn, agent: Agent): void {
  const day = shareOf(turn, agent);
  agent.fair.calls += 1;
  turn.changed.add(`agent:${agent.id}`);
  putDay(turn, { ...day, calls: day.calls + 1 });
}

/** The present day, of which the agent has a share from here on: the first of it is an hour at the group's mean. */
function shareOf(turn: Turn, agent: Agent): Day {
  const day = turn.state.day.get(agent.organizationId) ?? putDay(turn, emptyDay(agent.organizationId, turn.nowMs));
  if (agent.fair.dayMs === day.beganMs) return day;
  const groupMs = day.availableMs + day.available * turn.nowMs - day.sinceSumMs;
  const calls = groupMs > 0 ? (day.calls / groupMs) * hourMs : 0;
  agent.fair = { ...noShare(), dayMs: day.beganMs, calls, availableMs: hourMs, sinceMs: agent.fair.sinceMs };
  turn.changed.add(`agent:${agent.id}`);
  return putDay(turn, { ...day, calls: day.calls + calls, availableMs: day.availableMs + hourMs });
}

function emptyDay(id: Day['id'], beganMs: number): Day {
  return { v: 1, id, startMs: 0, beganMs, calls: 0, availableMs: 0, available: 0, sinceSumMs: 0 };
}

function putDay(turn: Turn, day: Day): Day {
  turn.state.day.set(day.id, day);
  turn.changed.add(`day:${day.id}`);
  return day;
}
