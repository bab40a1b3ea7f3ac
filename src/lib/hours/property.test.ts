import fc from 'fast-check';
import { expect, test } from 'vitest';
import { evaluate } from './evaluate.ts';
import { isOpenAt, swedishRules } from '../../../tests/support/hours-oracle.ts';
import {
  weekdays,
  type HolidaySettings,
  type RuleInterval,
  type ScheduleHours,
  type ScheduleRule
} from './schedule.ts';

/** P1, P3: schedules against an evaluator of its own making, over ten years of random rules and instants. */
const zones = [
  'Europe/Stockholm',
  'Australia/Lord_Howe',
  'Asia/Kolkata',
  'America/New_York',
  'Pacific/Apia',
  'Africa/Casablanca',
  'America/St_Johns',
  'Asia/Kathmandu'
];
const [firstMs, lastMs] = [Date.UTC(2024, 0, 3), Date.UTC(2034, 0, 1)];

const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null });
const some = <T>(values: readonly T[], most: number) =>
  fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength: most });
const date = fc
  .integer({ min: 0, max: 3652 })
  .map((days) => Temporal.PlainDate.from('2024-01-01').add({ days }).toString());
const minute = (max: number) => fc.integer({ min: 0, max: max / 15 }).map((quarters) => quarters * 15);

const interval: fc.Arbitrary<RuleInterval> = fc.oneof(
  fc.constant({ fromMinute: 0, toMinute: 1440 }),
  // Around the hours at which clocks are set.
  fc.tuple(minute(240), minute(180)).map(([from, length]) => ({ fromMinute: from, toMinute: from + length + 15 })),
  fc
    .tuple(minute(1425), minute(1425))
    .map(([from, length]) => ({ fromMinute: from, toMinute: Math.min(from + length + 15, 2880) }))
);
const monthDays = some([1, 2, 13, 28, 29, 30, 31, -1, -2, -31], 3);

const rule: fc.Arbitrary<ScheduleRule> = fc
  .record({
    effect: fc.constantFrom('open' as const, 'open' as const, 'closed' as const),
    reason: fc.constantFrom(null, 'holiday' as const, 'temporary' as const),
    frequency: fc.constantFrom('daily' as const, 'weekly' as const, 'monthly' as const, 'yearly' as const),
    every: fc.constantFrom(1, 1, 2, 3),
    byDay: maybe(some(weekdays, 7)),
    byMonthDay: maybe(monthDays),
    byMonth: fc.option(some([1, 2, 3, 6, 10, 12], 3), { nil: null, freq: 2 }),
    bySetPos: maybe(some([1, 2, -1, -2, 5], 2)),
    intervals: fc.array(interval, { minLength: 1, maxLength: 3 }),
    validFrom: maybe(date),
    validTo: fc.option(date, { nil: null, freq: 2 })
  })
  // As forms and operations let them through.
  .map((one) => {
    const byMonthDay = one.frequency === 'monthly' || one.frequency === 'yearly' ? one.byMonthDay : null;
    return { ...one, byMonthDay, bySetPos: one.byDay || byMonthDay ? one.bySetPos : null };
  });

const dayHours = fc.oneof(
  fc.constant('closed' as const),
  fc.tuple(minute(705), minute(705)).map(([from, length]) => ({ fromMinute: from, toMinute: from + length + 15 }))
);
const holidays: fc.Arbitrary<HolidaySettings> = fc.record({
  country: fc.constant('SE'),
  region: fc.constant(null),
  days: fc.uniqueArray(
    fc.record({ rule: fc.constantFrom(...swedishRules), hours: fc.oneof(dayHours, fc.constant('ordinary' as const)) }),
    { selector: (day) => day.rule, maxLength: 4 }
  ),
  own: fc.array(fc.record({ name: fc.constant('Own'), date, yearly: fc.boolean(), hours: dayHours }), { maxLength: 3 })
});
const schedule: fc.Arbitrary<ScheduleHours> = fc.record({
  timeZone: fc.constantFrom(...zones),
  rules: fc.array(rule, { minLength: 1, maxLength: 4 }),
  holidays: maybe(holidays)
});
/** Half of them near a moment at which a clock is set, in one zone or another. */
const instant = (timeZone: string) => {
  const changes = changesOf(timeZone);
  const any = fc.integer({ min: firstMs, max: lastMs });
  if (changes.length === 0) return any;
  const near = fc
    .tuple(fc.constantFrom(...changes), fc.integer({ min: -180, max: 180 }), fc.constantFrom(-1, 0, 0, 1))
    .map(([atMs, minutes, off]) => atMs + minutes * 60_000 + off);
  return fc.oneof(any, near);
};

function changesOf(timeZone: string): number[] {
  const found: number[] = [];
  let at = Temporal.Instant.fromEpochMilliseconds(firstMs).toZonedDateTimeISO(timeZone).getTimeZoneTransition('next');
  for (; at && at.epochMilliseconds < lastMs; at = at.getTimeZoneTransition('next')) found.push(at.epochMilliseconds);
  return found;
}

const said = (hours: ScheduleHours, atMs: number) => {
  const { open, reason, untilMs, changesMs } = evaluate(hours, atMs);
  return { state: open ? 'open' : reason, untilMs, changesMs };
};

test('what holds, and until when, is what a second evaluator finds', () => {
  const cases = schedule.chain((hours) =>
    fc.tuple(fc.constant(hours), fc.array(instant(hours.timeZone), { minLength: 12, maxLength: 12 }))
  );
  fc.assert(
    fc.property(cases, ([hours, instants]) => {
      for (const atMs of instants) {
        const { state, untilMs, changesMs } = said(hours, atMs);
        expect([new Date(atMs).toISOString(), state]).toEqual([new Date(atMs).toISOString(), isOpenAt(hours, atMs)]);
        if (changesMs === null) continue;
        expect(isOpenAt(hours, changesMs - 1), `until ${new Date(changesMs).toISOString()}`).toBe(state);
        expect(isOpenAt(hours, changesMs), `at ${new Date(changesMs).toISOString()}`).not.toBe(state);
        const isOpen = (ms: number) => isOpenAt(hours, ms) === 'open';
        if (untilMs !== null) expect([isOpen(untilMs - 1), isOpen(untilMs)]).toEqual([isOpen(atMs), !isOpen(atMs)]);
        // Nothing changes in between.
        const between = atMs + Math.floor((changesMs - atMs) * 0.37);
        expect(isOpenAt(hours, between), `between, ${new Date(between).toISOString()}`).toBe(state);
      }
    }),
    { numRuns: 80 }
  );
}, 30_000);
