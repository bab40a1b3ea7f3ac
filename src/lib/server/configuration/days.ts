import type { EngineEvent } from '#lib/acd/events.ts';
import { id } from '#lib/acd/ids.ts';
import { dayBounds } from '#lib/live/day.ts';

type DayBegan = Extract<EngineEvent, { type: 'day-began' }>;

export interface Days {
  /** An organization and its IANA zone, new or changed: its present day is told. */
  set(organizationId: string, timeZone: string): void;
  stop(): void;
}

/** Looked at at least this often, so that a stepped or sleeping clock is off by a minute at most. */
const longestSleepMs = 60_000;

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
      const { startMs, endMs } = dayBounds(zone.timeZone, nowMs);
      nextMs = Math.min(nextMs, endMs);
      if (startMs === zone.toldMs) continue;
      zone.toldMs = startMs;
      options.emit({ type: 'day-began', organizationId: id.organization(organizationId), dayStartMs: startMs });
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
