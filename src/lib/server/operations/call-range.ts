import { daysMost, type CallRange } from '#lib/calls/filter.ts';

export interface Span {
  /** Epoch ms; `toMs` is not in it. */
  fromMs: number;
  toMs: number;
}

/**
 * The days of a range in the organization's zone, from midnight to midnight as figures count them (a day that a clock change
 * makes longer or shorter included). Of more days than a list shows, the last ones.
 */
export function spanOf(range: CallRange, timeZone: string, nowMs: number): Span {
  const midnight = (day: Temporal.PlainDate) => day.toZonedDateTime(timeZone).epochMilliseconds;
  const today = Temporal.Instant.fromEpochMilliseconds(nowMs).toZonedDateTimeISO(timeZone).toPlainDate();
  const last = typeof range === 'string' ? today : Temporal.PlainDate.from(range.to);
  const earliest = last.subtract({ days: daysMost - 1 });
  const wanted =
    range === 'today' ? today : range === 'week' ? today.subtract({ days: 6 }) : Temporal.PlainDate.from(range.from);
  const first = Temporal.PlainDate.compare(wanted, earliest) < 0 ? earliest : wanted;
  return { fromMs: midnight(first), toMs: midnight(last.add({ days: 1 })) };
}
