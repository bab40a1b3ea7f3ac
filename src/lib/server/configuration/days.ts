import type { EngineEvent } from '#lib/acd/events.ts';
import { id } from '#lib/acd/ids.ts';

type DayBegan = Extract<EngineEvent, { type: 'day-began' }>;

export interface Days {
  /** An organization and its IANA zone, new or changed: its present day is told. */
  set(organizationId: string, timeZone: string): void;
  stop(): void;
}

/** Looked at at least this often, so that a stepped or sleeping clock is off by a minute at most. */
const longestSleepMs = 60_000;

/** Midnight in a zone: where the figures of *today* begin. Epoch ms. */
export function midnight(timeZone: string, nowMs: number): number {
  return Temporal.Instant.fromEpochMilliseconds(nowMs).toZonedDateTimeISO(timeZone).startOfDay().epochMilliseconds;
}

/** Tells the engine when each organization's day begins (it has no clock and no calendar): at once, and at each midnight. */
export function createDays(options: {
  emit(event: DayBegan): void;
  /** The wall clock, epoch ms. */
  nowMs(): number;
}): Days {
  const zones = new Map<string, { timeZone: string; toldMs: number | null }>();
  let timer: ReturnType<typeof setTimeout> | null = null;

  function look(): void {
    if (timer) clearTimeout(timer);
    const nowMs = options.nowMs();
    let nextMs = nowMs + longestSleepMs;
    for (const [organizationId, zone] of zones) {
      const dayStartMs = midnight(zone.timeZone, nowMs);
      if (dayStartMs !== zone.toldMs) {
        zone.toldMs = dayStartMs;
        options.emit({ type: 'day-began', organizationId: id.organization(organizationId), dayStartMs });
      }
      const tomorrow = Temporal.Instant.fromEpochMilliseconds(dayStartMs)
        .toZonedDateTimeISO(zone.timeZone)
        .add({ days: 1 });
      nextMs = Math.min(nextMs, tomorrow.startOfDay().epochMilliseconds);
    }
    timer = setTimeout(look, Math.max(1, nextMs - nowMs));
  }

  return {
    set(organizationId, timeZone) {
      if (zones.get(organizationId)?.timeZone === timeZone) return;
      zones.set(organizationId, { timeZone, toldMs: null });
      look();
    },
    stop() {
      if (timer) clearTimeout(timer);
      zones.clear();
    }
  };
}
