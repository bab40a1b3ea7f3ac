import { RRuleTemporal } from 'rrule-temporal';
import { specialDays } from './holidays.ts';
import type { RuleEffect, RuleReason, ScheduleHours, ScheduleRule } from './schedule.ts';

/** One stretch of real time that a rule or a holiday covers: `fromMs` included, `toMs` not. */
export interface Span {
  layer: 'holiday' | 'schedule';
  effect: RuleEffect;
  reason: RuleReason | null;
  fromMs: number;
  toMs: number;
}

export interface RuleSpan extends Span {
  /** Places in the schedule's rules and in that rule's intervals. */
  rule: number;
  interval: number;
  /** ISO date that it belongs to: it may reach into the next. */
  date: string;
}

/** Of a special day, in the language that was asked for. */
export interface HolidaySpan extends Span {
  name: string;
}

/** A Monday before anything of ours, from which rules without `validFrom` count their weeks and months. */
const anchor = '2024-01-01';

/** Every span of the schedule's rules and holidays that touches the days around `instantMs` and the `days` after it. */
export function spansOf(schedule: ScheduleHours, instantMs: number, days: number): Span[] {
  const today = Temporal.Instant.fromEpochMilliseconds(instantMs).toZonedDateTimeISO(schedule.timeZone).toPlainDate();
  // An interval may reach 24 hours into the next day, so it can have begun the day before yesterday's midnight at most.
  const first = today.subtract({ days: 2 });
  const last = today.add({ days: days + 1 });
  return [...ruleSpans(schedule, first, last), ...holidaySpans(schedule, first, last)];
}

/** Of the dates from `first` to `last`, both included. */
export function ruleSpans(
  { rules, timeZone }: ScheduleHours,
  first: Temporal.PlainDate,
  last: Temporal.PlainDate
): RuleSpan[] {
  return rules.flatMap((rule, at) =>
    datesOf(rule, first, last).flatMap((date) =>
      rule.intervals.map((interval, place) => ({
        layer: 'schedule' as const,
        effect: rule.effect,
        reason: rule.reason,
        rule: at,
        interval: place,
        date: date.toString(),
        fromMs: instantOf(date, interval.fromMinute, timeZone, 'from'),
        toMs: instantOf(date, interval.toMinute, timeZone, 'to')
      }))
    )
  );
}

/** A special day closes what is outside its hours; two on one date both hold. */
export function holidaySpans(
  { holidays, timeZone }: ScheduleHours,
  first: Temporal.PlainDate,
  last: Temporal.PlainDate,
  language?: string
): HolidaySpan[] {
  if (!holidays) return [];
  return specialDays(holidays, first.toString(), last.toString(), language).flatMap(({ date, hours, name }) => {
    if (hours === 'ordinary') return [];
    const closed =
      hours === 'closed'
        ? [[0, 1440] as const]
        : [[0, hours.fromMinute] as const, [Math.min(hours.toMinute, 1440), 1440] as const];
    const day = Temporal.PlainDate.from(date);
    return closed
      .filter(([from, to]) => from < to)
      .map(([from, to]) => ({
        layer: 'holiday' as const,
        effect: 'closed' as const,
        reason: 'holiday' as const,
        name,
        fromMs: instantOf(day, from, timeZone, 'from'),
        toMs: instantOf(day, to, timeZone, 'to')
      }));
  });
}

/** The name of the special day that closes a schedule at an instant; null: none does. */
export function holidayAt(schedule: ScheduleHours, instantMs: number, language: string): string | null {
  const date = Temporal.Instant.fromEpochMilliseconds(instantMs).toZonedDateTimeISO(schedule.timeZone).toPlainDate();
  const spans = holidaySpans(schedule, date, date, language);
  return spans.find(({ fromMs, toMs }) => fromMs <= instantMs && instantMs < toMs)?.name ?? null;
}

/** The dates between `first` and `last`, both included, on which the rule applies. */
function datesOf(rule: ScheduleRule, first: Temporal.PlainDate, last: Temporal.PlainDate): Temporal.PlainDate[] {
  const validFrom = rule.validFrom ? Temporal.PlainDate.from(rule.validFrom) : null;
  const validTo = rule.validTo ? Temporal.PlainDate.from(rule.validTo) : null;
  const from = validFrom && Temporal.PlainDate.compare(validFrom, first) > 0 ? validFrom : first;
  const to = validTo && Temporal.PlainDate.compare(validTo, last) < 0 ? validTo : last;
  if (Temporal.PlainDate.compare(from, to) > 0) return [];
  // The library works on dates with a time; midnight in UTC stands for the date, and no clock ever changes there.
  const recurrence = new RRuleTemporal({
    freq: frequencies[rule.frequency],
    interval: rule.every,
    dtstart: midnight(validFrom ?? Temporal.PlainDate.from(anchor)),
    ...(rule.byDay && { byDay: rule.byDay }),
    ...(rule.byMonthDay && { byMonthDay: rule.byMonthDay }),
    ...(rule.byMonth && { byMonth: rule.byMonth }),
    ...(rule.bySetPos && { bySetPos: rule.bySetPos })
  });
  return recurrence.between(midnight(from), midnight(to), true).map((moment) => moment.toPlainDate());
}

const frequencies = { daily: 'DAILY', weekly: 'WEEKLY', monthly: 'MONTHLY', yearly: 'YEARLY' } as const;

function midnight(date: Temporal.PlainDate): Temporal.ZonedDateTime {
  return date.toZonedDateTime('UTC');
}

/**
 * The instant of a local minute. An hour that occurs twice (autumn) counts wholly: opened by its first run, closed by
 * its second. One that does not occur (spring) shrinks to the moment of the change, so that nothing opens late.
 */
function instantOf(date: Temporal.PlainDate, minute: number, timeZone: string, edge: 'from' | 'to'): number {
  const local = date.toPlainDateTime().add({ minutes: minute });
  const moment = local.toZonedDateTime(timeZone, { disambiguation: edge === 'from' ? 'earlier' : 'later' });
  if (moment.toPlainDateTime().equals(local)) return moment.epochMilliseconds;
  const after = local.toZonedDateTime(timeZone, { disambiguation: 'later' });
  // The first minute that is missing ends up at the change itself, which is not *previous* to itself.
  const change = after.add({ nanoseconds: 1 }).getTimeZoneTransition('previous');
  return (change ?? after).epochMilliseconds;
}
