import { hoursNow, segments } from '#lib/hours/evaluate.ts';
import { specialDays } from '#lib/hours/holidays.ts';
import { holidaySpans, ruleSpans } from '#lib/hours/spans.ts';
import { isPlain, rulesOf, weekOf } from '#lib/i18n/week.ts';
import type { ClosedReason } from '#lib/acd/events.ts';
import type { Language } from '#lib/acd/configuration.ts';
import type { RuleEffect, ScheduleHours } from '#lib/hours/schedule.ts';
import type { OnForQueues } from './read-temporary.ts';

/** Minutes on the clock of a day. */
interface Minutes {
  fromMinute: number;
  toMinute: number;
}

/** What decides over a part of a day, each on its own. */
export type Stretch = Minutes &
  (
    | { kind: 'plain'; /** Of the week: 0 is Monday. It may be the day before. */ weekday: number; index: number }
    | { kind: 'special'; /** Its place among the special rules. */ special: number; effect: RuleEffect }
    | { kind: 'holiday'; name: string }
    | ({ kind: 'temporary' } & Pick<OnForQueues, 'name' | 'effect' | 'untilMs' | 'only'>)
  );

export interface WeekDay {
  /** ISO. */
  date: string;
  /** Of the special days that change it. */
  names: string[];
  /** In order and without gaps; `reason` null: open. What is switched on for some of the queues is not in it. */
  parts: (Minutes & { reason: ClosedReason | null })[];
  stretches: Stretch[];
  /** The hour that is not there, or is there twice, when clocks are set. */
  clockChange: (Minutes & { twice: boolean }) | null;
}

export type Week = ReturnType<typeof readWeek>;

/**
 * The week of a date, Monday first, as it will be. A day on which clocks are set is drawn by what they show.
 *
 * @param asked ISO date; null or no date: today
 * @param on what is switched on for the schedule's queues
 */
export function readWeek(
  schedule: ScheduleHours,
  asked: string | null,
  nowMs: number,
  language: Language,
  on: OnForQueues[] = []
) {
  const broken = hoursNow(schedule, nowMs).broken;
  const timeZone = broken ? 'UTC' : schedule.timeZone;
  const today = Temporal.Instant.fromEpochMilliseconds(nowMs).toZonedDateTimeISO(timeZone).toPlainDate();
  const date = parsed(asked) ?? today;
  const monday = date.subtract({ days: date.dayOfWeek - 1 });
  const dates = Array.from({ length: 7 }, (_one, day) => monday.add({ days: day }));
  const names = schedule.holidays
    ? specialDays(schedule.holidays, monday.toString(), monday.add({ days: 6 }).toString(), language)
    : [];
  const spans = broken ? [] : [...stretchSpans(schedule, monday, language), ...on.map(temporarySpan)];
  return {
    days: dates.map((day): WeekDay => {
      const at = clockOf(day, timeZone);
      return {
        date: day.toString(),
        names: names.filter((one) => one.date === day.toString() && one.hours !== 'ordinary').map((one) => one.name),
        parts: broken ? [] : partsOf(schedule, at),
        stretches: spans.flatMap(({ fromMs, toMs, what }) =>
          toMs > at.startMs && fromMs < at.endMs ? [{ ...what, ...at.minutes(fromMs, toMs) } as Stretch] : []
        ),
        clockChange: at.change
      };
    }),
    today: today.toString(),
    broken,
    before: monday.subtract({ days: 7 }).toString(),
    after: monday.add({ days: 7 }).toString()
  };
}

/** A stretch in real time. `what` is all of it but its minutes, which depend on the day. */
interface StretchSpan {
  fromMs: number;
  toMs: number;
  what: Stretch extends infer One ? (One extends Minutes ? Omit<One, keyof Minutes> : never) : never;
}

function stretchSpans(schedule: ScheduleHours, monday: Temporal.PlainDate, language: Language): StretchSpan[] {
  // As the week's editor has them: one list of intervals for each day.
  const plain = rulesOf(weekOf(schedule.rules));
  const rules = [...plain, ...schedule.rules.filter((rule) => !isPlain(rule))];
  // Sunday's hours may reach into Monday.
  const [first, last] = [monday.subtract({ days: 1 }), monday.add({ days: 6 })];
  const ruled = ruleSpans({ ...schedule, rules }, first, last)
    .filter(({ fromMs, toMs }) => toMs > fromMs)
    .map(({ fromMs, toMs, rule, interval, date, effect }): StretchSpan => {
      const weekday = Temporal.PlainDate.from(date).dayOfWeek - 1;
      const what =
        rule < plain.length
          ? { kind: 'plain' as const, weekday, index: interval }
          : { kind: 'special' as const, special: rule - plain.length, effect };
      return { fromMs, toMs, what };
    });
  const holidays = holidaySpans(schedule, monday, last, language).map(({ fromMs, toMs, name }): StretchSpan => ({
    fromMs,
    toMs,
    what: { kind: 'holiday', name }
  }));
  return [...ruled, ...holidays];
}

const temporarySpan = ({ fromMs, untilMs, ...what }: OnForQueues): StretchSpan => ({
  fromMs,
  toMs: untilMs,
  what: { kind: 'temporary', untilMs, ...what }
});

function partsOf(schedule: ScheduleHours, at: ReturnType<typeof clockOf>): WeekDay['parts'] {
  return segments(schedule, at.startMs, at.endMs).map(({ open, reason, fromMs, toMs }) => ({
    ...at.minutes(fromMs, toMs),
    reason: open ? null : reason
  }));
}

/** A day, its instants, and what its clock shows at them. */
function clockOf(day: Temporal.PlainDate, timeZone: string) {
  const start = day.toZonedDateTime(timeZone);
  const [startMs, endMs] = [start.epochMilliseconds, day.add({ days: 1 }).toZonedDateTime(timeZone).epochMilliseconds];
  const minuteAt = (ms: number) => {
    const { hour, minute } = Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(timeZone);
    return hour * 60 + minute;
  };
  const changesMs = start.getTimeZoneTransition('next')?.epochMilliseconds ?? endMs;
  const [before, after] = [minuteAt(changesMs - 60_000) + 1, minuteAt(changesMs)];
  return {
    startMs,
    endMs,
    change:
      changesMs < endMs && before !== after
        ? { fromMinute: Math.min(before, after), toMinute: Math.max(before, after), twice: after < before }
        : null,
    minutes(fromMs: number, toMs: number): Minutes {
      const fromMinute = fromMs <= startMs ? 0 : minuteAt(fromMs);
      // In the hour that is there twice an end may show an earlier time than its start.
      return { fromMinute, toMinute: toMs >= endMs ? 1440 : Math.max(minuteAt(toMs), fromMinute + 1) };
    }
  };
}

/** Of the years that the library of holidays knows well. */
function parsed(text: string | null): Temporal.PlainDate | null {
  const [, year, month, day] =
    /^(20[2-9]\d)-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/.exec(text ?? '')?.map(Number) ?? [];
  // Of a text, a day that the month does not have is an error whatever `overflow` says.
  return year && month && day ? Temporal.PlainDate.from({ year, month, day }, { overflow: 'constrain' }) : null;
}
