import { openSpans, type Span } from './spans.ts';
import type { ClosedReason } from '#lib/acd/events.ts';
import type { ScheduleRule } from './schedule.ts';

export interface HoursState {
  open: boolean;
  /** null when open. */
  reason: ClosedReason | null;
  /** When `open` or `reason` changes next, epoch ms; null: not within a year. */
  untilMs: number | null;
}

/** Looked ahead in growing steps: most schedules change within a week, and none is worth more than a year. */
const horizonsDays = [8, 35, 400];

/**
 * Whether a schedule is open at an instant, why not, and until when (P1). Pure: rules are read in the schedule's zone,
 * so hours stay at their local time across daylight-saving changes. Rules that close win over rules that open.
 *
 * @param schedule a schedule without rules is always closed
 * @param instantMs epoch milliseconds
 */
export function evaluate(schedule: { timeZone: string; rules: ScheduleRule[] }, instantMs: number): HoursState {
  let state: HoursState = { open: false, reason: 'outside-hours', untilMs: null };
  for (const days of horizonsDays) {
    state = within(schedule, instantMs, days);
    if (state.untilMs !== null) break;
  }
  return state;
}

function within(schedule: { timeZone: string; rules: ScheduleRule[] }, instantMs: number, days: number): HoursState {
  const spans = openSpans(schedule, instantMs, days);
  const endMs = instantMs + days * 86_400_000;
  const at = (ms: number) => stateAt(spans, ms);
  const now = at(instantMs);
  // Only an edge of a span can change anything, so only edges are looked at.
  const edges = spans.flatMap((span) => [span.fromMs, span.toMs]).filter((ms) => ms > instantMs && ms <= endMs);
  edges.sort((a, b) => a - b);
  const untilMs = edges.find((ms) => at(ms).open !== now.open || at(ms).reason !== now.reason) ?? null;
  return { ...now, untilMs };
}

function stateAt(spans: Span[], ms: number): { open: boolean; reason: ClosedReason | null } {
  let open = false;
  for (const span of spans) {
    if (ms < span.fromMs || ms >= span.toMs) continue;
    if (span.effect === 'closed') return { open: false, reason: span.reason ?? 'outside-hours' };
    open = true;
  }
  return { open, reason: open ? null : 'outside-hours' };
}
