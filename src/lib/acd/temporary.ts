import { turnAway } from './doors.ts';
import type { TemporaryValue } from './configuration.ts';
import { tellHours } from './hours.ts';
import type { QueueId, TemporaryId } from './ids.ts';
import { configured, indexConfiguration, openNow } from './indexes.ts';
import { compareText } from './sorted.ts';
import { schedule, unschedule } from './turn.ts';
import type { Turn } from './turn.ts';

/** One that came too late, or has been told again after its end, is as good as off. */
export function unlessOver(value: TemporaryValue, nowMs: number): TemporaryValue {
  return value.on && value.on.untilMs <= nowMs ? { ...value, on: null } : value;
}

/** P2: switched on, off or anew. Told for every queue that it was or is on for. */
export function changeTemporary(turn: Turn, value: TemporaryValue | null, old: TemporaryValue | null): void {
  const temporary = value ?? old;
  if (!temporary) return;
  const key = `temporary:${temporary.id}`;
  unschedule(turn, key);
  if (value?.on) schedule(turn, key, value.on.untilMs);
  const queueIds = new Set([...(old?.on?.queueIds ?? []), ...(value?.on?.queueIds ?? [])]);
  for (const queueId of [...queueIds].toSorted(compareText)) tellHours(turn, queueId);
  if (!value?.on || value.effect === 'open' || value.waiting === 'stay') return;
  // A change of its end or its name sends nobody away who came in between.
  if (old?.on?.fromMs === value.on.fromMs) return;
  for (const queueId of value.on.queueIds.toSorted(compareText))
    turnAllAway(turn, queueId, value.waiting === 'forward');
}

/** Its end has come: the hours hold again. */
export function temporaryOver(turn: Turn, temporaryId: TemporaryId): void {
  const key = `temporary:${temporaryId}` as const;
  const kept = turn.state.configuration.get(key);
  if (kept?.value?.type !== 'temporary' || !kept.value.on) return;
  const { value } = kept;
  const over = { ...value, on: null };
  turn.state.configuration.set(key, { ...kept, value: over });
  turn.changed.add(`configuration:${key}`);
  indexConfiguration(turn.indexes, value, over);
  changeTemporary(turn, over, value);
}

/** Those who wait in a queue that is closed by it; who still hears the welcome has been let in, and is answered. */
function turnAllAway(turn: Turn, queueId: QueueId, forwarded: boolean): void {
  const queue = configured(turn.state, 'queue', queueId);
  if (!queue || openNow(turn, queue).open) return;
  // A copy: each call that goes leaves the list.
  for (const { visitId } of turn.indexes.waiting.get(queueId)?.items.slice() ?? []) {
    const visit = turn.state.visit.get(visitId);
    const call = visit && turn.state.call.get(visit.callId);
    if (call) turnAway(turn, call, 'temporary', forwarded);
  }
}
