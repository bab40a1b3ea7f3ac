import type { RuleInterval } from './schedule.ts';

/** The plain week while it is edited: Monday first, each day's intervals in order. */
export type EditedWeek = RuleInterval[][];

export interface Place {
  /** 0 is Monday. */
  day: number;
  index: number;
}

/** What of an interval is moved. */
export type Part = 'from' | 'to' | 'whole';

/** Edges are set to quarters of an hour. */
export const stepMinutes = 15;
/** As the form allows. */
export const mostIntervals = 6;

/**
 * An interval moved or stretched, on quarters, between its neighbours; its length stays when it is moved whole.
 *
 * @param byMinutes later is positive
 * @param overMidnight whether it may reach further into the next day than it does
 */
export function changed(
  week: EditedWeek,
  { day, index }: Place,
  part: Part,
  byMinutes: number,
  overMidnight: boolean
): RuleInterval | null {
  const intervals = week[day] ?? [];
  const own = intervals[index];
  if (!own) return null;
  // Those that overlap already are left so.
  const first = Math.min(own.fromMinute, intervals[index - 1]?.toMinute ?? 0);
  const beyond = overMidnight || own.toMinute > 1440 ? 2880 : 1440;
  const last = Math.max(own.toMinute, Math.min(intervals[index + 1]?.fromMinute ?? beyond, beyond));
  const length = own.toMinute - own.fromMinute;
  const latest = 1440 - stepMinutes;
  switch (part) {
    case 'whole': {
      const fromMinute = between(snap(own.fromMinute + byMinutes), first, Math.min(last - length, latest));
      return { fromMinute, toMinute: fromMinute + length };
    }
    case 'from': {
      const least = Math.max(first, own.toMinute - 1440);
      const most = Math.min(own.toMinute - stepMinutes, latest);
      return { ...own, fromMinute: between(snap(own.fromMinute + byMinutes), least, most) };
    }
    case 'to': {
      const most = Math.min(last, own.fromMinute + 1440);
      return { ...own, toMinute: between(snap(own.toMinute + byMinutes), own.fromMinute + stepMinutes, most) };
    }
  }
}

/**
 * A new interval from one minute of a day to another, in either direction, within the room that is free around the
 * first; null: that is taken, or the day has as many as it may.
 */
export function drawn(week: EditedWeek, day: number, startMinute: number, endMinute: number): RuleInterval | null {
  const intervals = week[day] ?? [];
  const taken = intervals.some(({ fromMinute, toMinute }) => startMinute >= fromMinute && startMinute < toMinute);
  if (taken || intervals.length >= mostIntervals) return null;
  const first = Math.max(0, ...intervals.map((one) => one.toMinute).filter((minute) => minute <= startMinute));
  const last = Math.min(1440, ...intervals.map((one) => one.fromMinute).filter((minute) => minute > startMinute));
  const [low, high] = startMinute <= endMinute ? [startMinute, endMinute] : [endMinute, startMinute];
  const fromMinute = between(Math.floor(low / stepMinutes) * stepMinutes, first, last);
  const toMinute = between(Math.ceil(high / stepMinutes) * stepMinutes, first, last);
  return toMinute > fromMinute ? { fromMinute, toMinute } : null;
}

/** The week with that interval instead, or without it. */
export function replaced(week: EditedWeek, { day, index }: Place, interval: RuleInterval | null): EditedWeek {
  return week.map((intervals, at) =>
    at === day ? intervals.toSpliced(index, 1, ...(interval ? [interval] : [])) : intervals
  );
}

export function added(week: EditedWeek, day: number, interval: RuleInterval): EditedWeek {
  const sorted = [...(week[day] ?? []), interval].sort((a, b) => a.fromMinute - b.fromMinute);
  return week.map((intervals, at) => (at === day ? sorted : intervals));
}

/** Other days of the same rule: those with the same hours. */
export function sharing(week: EditedWeek, day: number): number[] {
  const own = JSON.stringify(week[day]);
  return week.flatMap((intervals, at) =>
    at !== day && intervals.length > 0 && JSON.stringify(intervals) === own ? [at] : []
  );
}

/** What was done to one day, done to the other days of its rule. */
export function sameOn(week: EditedWeek, day: number, others: number[]): EditedWeek {
  return week.map((intervals, at) => (others.includes(at) ? (week[day] ?? []) : intervals));
}

const snap = (minute: number) => Math.round(minute / stepMinutes) * stepMinutes;

/** The lower bound wins, should there be no room. */
function between(value: number, least: number, most: number): number {
  return Math.max(least, Math.min(value, most));
}
