import type { Alarm, QueueView, WallboardView } from '#lib/live/topics.ts';

export type Level = 'warn' | 'bad';
/** An alarm as the bar tells it, with the queue it is about. */
export interface ShownAlarm {
  code: Alarm['code'] | 'closed-by-situation' | 'forward-stopped';
  level: Level;
  queue: QueueView | null;
  sinceMs: number | null;
}

/** A call that a limit has stopped is told for so long. */
const stoppedShownMs = 900_000;

/** Which threshold of its queue a wait has passed. */
export function waitLevel(queue: QueueView, nowMs: number): Level | null {
  if (queue.longestSinceMs === null) return null;
  const seconds = (nowMs - queue.longestSinceMs) / 1000;
  return seconds >= queue.badSeconds ? 'bad' : seconds >= queue.warnSeconds ? 'warn' : null;
}

/**
 * Worst first. What depends on time alone (a wait that passes its threshold) is judged here and now, since no message
 * comes when time passes; what the server knows better (not durable, worker away) is taken from it. A queue is named once.
 */
export function alarmsNow(view: WallboardView, nowMs: number, staleSinceMs: number | null): ShownAlarm[] {
  const alarms: ShownAlarm[] = [];
  for (const { code, level, sinceMs } of view.alarms) {
    if (code === 'not-durable' || code === 'worker-unavailable') alarms.push({ code, level, queue: null, sinceMs });
  }
  // After what is worse than it: the header says that the board is stale, too.
  if (staleSinceMs !== null) alarms.push({ code: 'stale', level: 'warn', queue: null, sinceMs: staleSinceMs });
  const ofQueues = view.queues.flatMap((queue): ShownAlarm[] => {
    const level = waitLevel(queue, nowMs);
    if (level) return [{ code: 'waiting-too-long', level, queue, sinceMs: queue.longestSinceMs }];
    if (queue.stopped && nowMs - queue.stopped.atMs < stoppedShownMs)
      return [{ code: 'forward-stopped', level: 'bad', queue, sinceMs: queue.stopped.atMs }];
    if (queue.open && (queue.situation === 'full' || queue.situation === 'late' || queue.situation === 'unreachable'))
      return [{ code: 'closed-by-situation', level: 'warn', queue, sinceMs: null }];
    if (!queue.open || queue.loggedIn > 0) return [];
    if (queue.lastLoggedOut !== null) return [{ code: 'last-agent-logged-out', level: 'bad', queue, sinceMs: null }];
    return [{ code: 'nobody-logged-in', level: queue.waiting > 0 ? 'bad' : 'warn', queue, sinceMs: null }];
  });
  const weight = ({ level, code }: ShownAlarm) => (level === 'bad' ? 0 : 2) + (code === 'waiting-too-long' ? 0 : 1);
  return [
    ...alarms,
    ...ofQueues.toSorted((a, b) => weight(a) - weight(b) || (a.sinceMs ?? Infinity) - (b.sinceMs ?? Infinity) || 0)
  ];
}
