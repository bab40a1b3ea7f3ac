import type { EngineEvent } from './events.ts';
import type { QueueId, ScheduleId } from './ids.ts';
import { configured, openNow } from './indexes.ts';
import { compareText } from './sorted.ts';
import { tell } from './turn.ts';
import type { Turn } from './turn.ts';

/** What the hours say now, told for every queue that keeps them. */
export function changeHours(turn: Turn, event: Extract<EngineEvent, { type: 'hours-changed' }>): void {
  const { organizationId, scheduleId, open, reason, untilMs } = event;
  turn.state.schedule.set(scheduleId, { v: 1, id: scheduleId, organizationId, open, reason, untilMs });
  turn.changed.add(`schedule:${scheduleId}`);
  for (const queueId of queuesOf(turn, scheduleId)) tellHours(turn, queueId);
}

function queuesOf(turn: Turn, scheduleId: ScheduleId): QueueId[] {
  return [...(turn.indexes.queuesBySchedule.get(scheduleId) ?? [])].toSorted(compareText);
}

export function tellHours(turn: Turn, queueId: QueueId): void {
  const queue = configured(turn.state, 'queue', queueId);
  if (!queue) return;
  const { temporary, ...hours } = openNow(turn, queue);
  const name = temporary === null ? {} : { temporary };
  tell(turn, queue.organizationId, { type: 'hours-changed', queueId, ...hours, ...name });
}
