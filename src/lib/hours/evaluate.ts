import type { ClosedReason } from '#lib/acd/events.ts';
import { inForce } from '#lib/acd/precedence.ts';
import type { RuleReason, ScheduleHours } from './schedule.ts';
import { spansOf, type Span } from './spans.ts';

export interface HoursState {
  open: boolean;
  /** null when open. */
  reason: ClosedReason | null;
  /** When it opens, or closes, next, epoch ms; null: not within a year. */
  untilMs: number | null;
  /** When `open` or `reason` changes next: a holiday may follow an evening, both closed. */
  changesMs: number | null;
}

/** A stretch of time in which nothing changes: `fromMs` included, `toMs` not. */
export interface Segment {
  open: boolean;
  reason: ClosedReason | null;
  fromMs: number;
  toMs: number;
}

/** Looked ahead in growing steps: most schedules change within a week, and none is worth more than a year. */
const horizonsDays = [8, 35, 400];
const dayMs = 86_400_000;

/**
 * Whether a schedule is open at an instant, why not, and until when (P1, P3). Pure: rules are read in the schedule's
 * zone, so hours stay at their local time across daylight-saving changes. Holidays win over rules, and rules that close
 * over rules that open.
 *
 * @param schedule a schedule without rules is always closed
 * @param instantMs epoch milliseconds
 */
export function evaluate(schedule: ScheduleHours, instantMs: number): HoursState {
  let state: HoursState = { open: false, reason: 'outside-hours', untilMs: null, changesMs: null };
  for (const days of horizonsDays) {
    const [now, ...later] = segments(schedule, instantMs, instantMs + days * dayMs);
    if (!now) break;
    const { open, reason } = now;
    const turn = later.find((segment) => segment.open !== open);
    state = { open, reason, untilMs: turn?.fromMs ?? null, changesMs: later[0]?.fromMs ?? null };
    if (turn) break;
  }
  return state;
}

/** {@link evaluate} for callers' sake: hours that cannot be evaluated count as open, and are told to be broken. */
export function hoursNow(schedule: ScheduleHours, instantMs: number): HoursState & { broken: boolean } {
  try {
    return { ...evaluate(schedule, instantMs), broken: false };
  } catch {
    // Whatever it is: a zone that this machine does not know, a rule from another version. Nobody is turned away for it.
    return { open: true, reason: null, untilMs: null, changesMs: null, broken: true };
  }
}

/** What holds between two instants, without gaps, in order; neighbours always differ. */
export function segments(schedule: ScheduleHours, fromMs: number, toMs: number): Segment[] {
  const spans = spansOf(schedule, fromMs, Math.ceil((toMs - fromMs) / dayMs));
  // Only an edge of a span can change anything, so only edges are looked at.
  const edges = spans
    .filter((span) => span.toMs > fromMs && span.fromMs < toMs)
    .flatMap((span) => [
      { atMs: Math.max(span.fromMs, fromMs), span, begins: true },
      { atMs: span.toMs, span, begins: false }
    ])
    .sort((a, b) => a.atMs - b.atMs);
  const active = new Set<Span>();
  const found: Segment[] = [];
  let atMs = fromMs;
  for (let next = 0; atMs < toMs;) {
    for (let edge = edges[next]; edge && edge.atMs <= atMs; edge = edges[++next]) {
      if (edge.begins) active.add(edge.span);
      else active.delete(edge.span);
    }
    const untilMs = Math.min(edges[next]?.atMs ?? toMs, toMs);
    const state = decide(active);
    const last = found.at(-1);
    if (last && last.open === state.open && last.reason === state.reason) last.toMs = untilMs;
    else found.push({ ...state, fromMs: atMs, toMs: untilMs });
    atMs = untilMs;
  }
  return found;
}

type State = Pick<Segment, 'open' | 'reason'>;

function decide(active: Set<Span>): State {
  const spans = [...active];
  const holiday = closedBy(spans.filter((span) => span.layer === 'holiday'));
  const rules = spans.filter((span) => span.layer === 'schedule');
  const open = rules.some((span) => span.effect === 'open');
  return inForce<State>({
    holiday,
    schedule: closedBy(rules) ?? { open, reason: open ? null : 'outside-hours' }
  });
}

/** Of several reasons the rarest is told. */
const reasons: RuleReason[] = ['temporary', 'holiday', 'outside-hours'];

function closedBy(spans: Span[]): State | null {
  const closing = spans.filter((span) => span.effect === 'closed').map((span) => span.reason ?? 'outside-hours');
  const reason = reasons.find((one) => closing.includes(one));
  return reason ? { open: false, reason } : null;
}
