import { z } from 'zod';
import { textField } from './fields.ts';
import type { RuleFrequency } from '#lib/hours/schedule.ts';

export const weekdayField = z.enum(['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU']);
const isoDate = z.iso.date('date');

export const intervalField = z
  .object({
    fromMinute: z.number('time').int('time').min(0, 'time').max(1439, 'time'),
    toMinute: z.number('time').int('time').min(1, 'time').max(2880, 'time')
  })
  .refine((interval) => interval.toMinute > interval.fromMinute, { path: ['toMinute'], message: 'after-start' })
  .refine((interval) => interval.toMinute - interval.fromMinute <= 1440, {
    path: ['toMinute'],
    message: 'day-at-most'
  });

/** A rule in its final form: RRULE parts for the days, intervals for the hours. */
export const ruleField = z
  .object({
    effect: z.enum(['open', 'closed']),
    reason: z.enum(['outside-hours', 'holiday', 'temporary']).nullable(),
    frequency: z.enum(['daily', 'weekly', 'monthly', 'yearly']),
    every: z.number().int().min(1).max(99),
    byDay: z.array(weekdayField).min(1).max(7).nullable(),
    byMonthDay: z
      .array(
        z
          .number('rule')
          .int('rule')
          .min(-31, 'rule')
          .max(31, 'rule')
          .refine((day) => day !== 0, 'rule')
      )
      .min(1, 'rule')
      .max(31, 'rule')
      .nullable(),
    byMonth: z
      .array(z.number('rule').int('rule').min(1, 'rule').max(12, 'rule'))
      .min(1, 'rule')
      .max(12, 'rule')
      .nullable(),
    bySetPos: z
      .array(
        z
          .number('rule')
          .int('rule')
          .min(-366, 'rule')
          .max(366, 'rule')
          .refine((at) => at !== 0, 'rule')
      )
      .min(1, 'rule')
      .max(31, 'rule')
      .nullable(),
    intervals: z.array(intervalField).max(12, 'too-many:12'),
    validFrom: isoDate.nullable(),
    validTo: isoDate.nullable()
  })
  .refine((rule) => rule.frequency === 'monthly' || rule.frequency === 'yearly' || !rule.byMonthDay, {
    path: ['byMonthDay'],
    message: 'rule'
  })
  // A position counts among days that another part has found (RFC 5545).
  .refine((rule) => !rule.bySetPos || rule.byDay || rule.byMonthDay, { path: ['bySetPos'], message: 'rule' })
  .refine((rule) => !rule.byMonthDay || someDayExists(rule.byMonthDay, rule.byMonth), {
    path: ['byMonthDay'],
    message: 'never'
  })
  .refine((rule) => !rule.bySetPos || rule.bySetPos.some((at) => Math.abs(at) <= mostDays(rule)), {
    path: ['bySetPos'],
    message: 'never'
  })
  .refine((rule) => !rule.validFrom || !rule.validTo || rule.validFrom <= rule.validTo, {
    path: ['validTo'],
    message: 'after-start'
  });

const longestMonths = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** 30 February never comes. */
function someDayExists(byMonthDay: number[], byMonth: number[] | null): boolean {
  const lengths = byMonth ? byMonth.map((month) => longestMonths[month - 1] ?? 0) : longestMonths;
  return byMonthDay.some((day) => lengths.some((length) => Math.abs(day) <= length));
}

/** Among how many days of its day, week, month or year a rule counts at most: there is no third Monday in a week. */
function mostDays(rule: { frequency: RuleFrequency; byDay: unknown[] | null; byMonthDay: unknown[] | null }): number {
  const times = { daily: 1, weekly: 1, monthly: 5, yearly: 53 }[rule.frequency];
  if (rule.frequency === 'daily') return 1;
  return rule.byMonthDay
    ? rule.byMonthDay.length * (rule.frequency === 'yearly' ? 12 : 1)
    : (rule.byDay?.length ?? 0) * times;
}

/** Of one day: within it, not over its end. */
const dayHours = intervalField.refine((hours) => hours.toMinute <= 1440, { path: ['toMinute'], message: 'time' });

/** P3, in its final form. Whether country and region exist is asked by the operation. */
export const holidaysField = z.object({
  country: z.string().regex(/^[A-Z]{2}$/, 'country-unknown'),
  region: z.string().min(1).max(10, 'too-long:10').nullable(),
  days: z
    .array(z.object({ rule: textField(200), hours: z.union([z.enum(['closed', 'ordinary']), dayHours]) }))
    .max(300, 'too-many:300'),
  own: z
    .array(
      z.object({
        name: textField(60),
        date: isoDate,
        yearly: z.boolean(),
        hours: z.union([z.literal('closed'), dayHours])
      })
    )
    .max(100, 'too-many:100')
});

export const createScheduleForm = z.object({ name: textField(60), timeZone: textField(64) });

export const openingTime = z.string('time').regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'time');
export const closingTime = z.string('time').regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/, 'time');

/** The hours of a special day; `from` and `to` count when it is short. */
const shortDay = { from: openingTime, to: closingTime };
const afterStart = { path: ['to'], message: 'after-start' };
const ends = (day: { mode: string; from: string; to: string }) => day.mode !== 'short' || day.to > day.from;

/** No country: no holidays at all, and what else is filled in is dropped. */
export const holidaysForm = z.object({
  country: z.string().max(2),
  region: z.string().max(10),
  days: z
    .array(
      z
        .object({ rule: textField(200), mode: z.enum(['closed', 'short', 'ordinary']), ...shortDay })
        .refine(ends, afterStart)
    )
    .max(300, 'too-many:300'),
  own: z
    .array(
      z
        .object({
          name: textField(60),
          date: isoDate,
          yearly: z.boolean(),
          mode: z.enum(['closed', 'short']),
          ...shortDay
        })
        .refine(ends, afterStart)
    )
    .max(100, 'too-many:100')
});

/** Seven days, Monday first, each with its intervals as `HH:MM`; an end at or before the start is the next day's. */
export const weekForm = z.object({
  name: textField(60),
  timeZone: textField(64),
  days: z
    .array(
      z.object({
        intervals: z
          .array(
            z.object({
              from: openingTime,
              to: closingTime
            })
          )
          .max(6, 'too-many:6')
      })
    )
    .length(7)
});
