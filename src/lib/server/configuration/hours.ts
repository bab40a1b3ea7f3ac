import { hoursNow, type HoursState } from '#lib/hours/evaluate.ts';
import type { EngineEvent } from '#lib/acd/events.ts';
import type { ScheduleValue } from '#lib/hours/schedule.ts';

type HoursChanged = Extract<EngineEvent, { type: 'hours-changed' }>;

export interface Hours {
  /** A new or changed schedule; told to the engine at once when its state differs. */
  set(schedule: ScheduleValue): void;
  remove(scheduleId: string): void;
  /** Evaluates all again: after a step of the wall clock, and when the engine has started anew (`always` tells all). */
  again(always?: boolean): void;
  /** How many cannot be evaluated; they count as open, and are tried again each minute. */
  broken(): number;
  stop(): void;
}

type Told = HoursState & { broken: boolean };
interface Kept {
  schedule: ScheduleValue;
  told: Told | null;
}

/** Looked at again at least this often, so that a stepped or sleeping clock is off by a minute at most. */
const longestSleepMs = 60_000;

/**
 * Turns schedules into `hours-changed` events for the engine, one for each change of open, reason or end. The engine
 * itself knows no calendar (it has no clock).
 */
export function createHours(options: {
  emit(event: HoursChanged): void;
  /** The wall clock, epoch ms. */
  nowMs(): number;
}): Hours {
  const kept = new Map<string, Kept>();
  let timer: ReturnType<typeof setTimeout> | null = null;

  function look(always: boolean): void {
    if (timer) clearTimeout(timer);
    const nowMs = options.nowMs();
    let wakeMs = nowMs + longestSleepMs;
    for (const entry of kept.values()) {
      const { told, schedule } = entry;
      // Between its changes a state holds by definition: only at its end, or on demand, is it evaluated again.
      const holds = told !== null && !told.broken && !always && (told.changesMs === null || nowMs < told.changesMs);
      if (!holds) tell(entry, hoursNow(schedule, nowMs), always);
      if (entry.told?.changesMs) wakeMs = Math.min(wakeMs, entry.told.changesMs);
    }
    timer = kept.size > 0 ? setTimeout(() => look(false), Math.max(1, wakeMs - nowMs)) : null;
  }

  function tell(entry: Kept, { broken, ...state }: Told, always: boolean): void {
    const { told, schedule } = entry;
    const same = told && told.open === state.open && told.reason === state.reason && told.untilMs === state.untilMs;
    entry.told = { ...state, broken };
    if (same && !always) return;
    const { open, reason, untilMs } = state;
    const { organizationId, id: scheduleId } = schedule;
    options.emit({ type: 'hours-changed', organizationId, scheduleId, open, reason, untilMs });
  }

  return {
    set(schedule) {
      const earlier = kept.get(schedule.id);
      const entry = { schedule, told: earlier?.told ?? null };
      kept.set(schedule.id, entry);
      tell(entry, hoursNow(schedule, options.nowMs()), false);
      look(false);
    },
    remove(scheduleId) {
      kept.delete(scheduleId);
    },
    again: (always = false) => {
      if (!always) for (const entry of kept.values()) tell(entry, hoursNow(entry.schedule, options.nowMs()), false);
      look(always);
    },
    broken: () => [...kept.values()].filter((entry) => entry.told?.broken).length,
    stop() {
      if (timer) clearTimeout(timer);
      kept.clear();
    }
  };
}
