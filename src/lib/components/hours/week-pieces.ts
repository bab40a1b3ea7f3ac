import type { EditedWeek, Place } from '#lib/hours/week-edit.ts';
import type { RuleInterval } from '#lib/hours/schedule.ts';
import type { WeekDay } from '#lib/server/operations/read-week.ts';

/** What of an interval stands in one column: one over midnight has two. */
export interface Piece extends RuleInterval {
  place: Place;
  column: number;
  /** Where it begins: it is focused there. */
  first: boolean;
}

/** As the evaluator has them: on a night when clocks are set an edge may stand elsewhere than in the rule. */
export function workedOut(days: WeekDay[]): Piece[] {
  return days.flatMap(({ stretches }, column) =>
    stretches.flatMap((one) =>
      one.kind === 'plain'
        ? [
            {
              place: { day: one.weekday, index: one.index },
              column,
              first: one.weekday === column,
              fromMinute: one.fromMinute,
              toMinute: one.toMinute
            }
          ]
        : []
    )
  );
}

/** As the rules have them, while they are dragged and until the evaluator has answered. */
export function asWritten(week: EditedWeek): Piece[] {
  return week.flatMap((intervals, day) =>
    intervals.flatMap(({ fromMinute, toMinute }, index): Piece[] => {
      const place = { day, index };
      const piece = { place, column: day, first: true, fromMinute, toMinute: Math.min(toMinute, 1440) };
      if (toMinute <= 1440) return [piece];
      return [piece, { place, column: (day + 1) % 7, first: false, fromMinute: 0, toMinute: toMinute - 1440 }];
    })
  );
}
