import { z } from 'zod';
import type { ScheduleRule } from '#lib/hours/schedule.ts';
import { clock } from '#lib/i18n/format.ts';
import { wholeNumber } from './fields.ts';
import { closingTime, openingTime, ruleField, weekdayField } from './hours.ts';
import { minuteOf } from './week.ts';

/** P1: how a rule beyond the plain week is made: by the shapes people speak of. */
export const rulePatterns = ['weekly', 'monthly-weekday', 'monthly-day', 'yearly'] as const;
/** First to fourth, and last. */
export const positions = ['1', '2', '3', '4', '-1'] as const;
const maybeDate = z.union([z.literal(''), z.iso.date('date')]);

export const ruleForm = z
  .object({
    effect: z.enum(['open', 'closed']),
    pattern: z.enum(rulePatterns),
    /** Of `weekly`: 2 is every other week, counted from `validFrom`. */
    every: wholeNumber(1, 52),
    weekday: weekdayField,
    position: z.enum(positions),
    /** −1: the last of the month. */
    monthDay: wholeNumber(-1, 31),
    month: wholeNumber(1, 12),
    allDay: z.boolean(),
    from: openingTime,
    to: closingTime,
    /** Empty: no limit. */
    validFrom: maybeDate,
    validTo: maybeDate
  })
  .refine((form) => form.validFrom === '' || form.validTo === '' || form.validFrom <= form.validTo, {
    path: ['validTo'],
    message: 'after-start'
  })
  .refine((form) => form.every === 1 || form.pattern !== 'weekly' || form.validFrom !== '', {
    path: ['validFrom'],
    message: 'required'
  })
  .refine((form) => ruleField.safeParse(ruleOf(form)).success, { path: ['monthDay'], message: 'never' });

export type RuleForm = {
  effect: 'open' | 'closed';
  pattern: (typeof rulePatterns)[number];
  every: number;
  weekday: z.output<typeof weekdayField>;
  position: (typeof positions)[number];
  monthDay: number;
  month: number;
  allDay: boolean;
  from: string;
  to: string;
  validFrom: string;
  validTo: string;
};

/** Begins as what is asked for most: closed on the afternoon of each month's last Friday. */
export const newRule: RuleForm = {
  effect: 'closed',
  pattern: 'monthly-weekday',
  every: 1,
  weekday: 'FR',
  position: '-1',
  monthDay: 1,
  month: 1,
  allDay: false,
  from: '12:00',
  to: '17:00',
  validFrom: '',
  validTo: ''
};

/** An end at or before the start is the next day's. */
export function ruleOf(form: RuleForm): ScheduleRule {
  const [fromMinute, toMinute] = [minuteOf(form.from), minuteOf(form.to)];
  const over = toMinute <= fromMinute ? toMinute + 1440 : toMinute;
  const none = { every: 1, byDay: null, byMonthDay: null, byMonth: null, bySetPos: null };
  return {
    effect: form.effect,
    reason: null,
    ...none,
    ...daysOf(form),
    intervals: [form.allDay ? { fromMinute: 0, toMinute: 1440 } : { fromMinute, toMinute: over }],
    validFrom: form.validFrom || null,
    validTo: form.validTo || null
  };
}

/** A rule as its form has it; null: it has more parts than the form. */
export function formOfRule(rule: ScheduleRule): RuleForm | null {
  const [interval, second] = rule.intervals;
  if (!interval || second) return null;
  const { fromMinute, toMinute } = interval;
  const form: RuleForm = {
    ...newRule,
    effect: rule.effect,
    ...patternOf(rule),
    allDay: fromMinute === 0 && toMinute === 1440,
    from: clock(fromMinute),
    to: clock(toMinute),
    validFrom: rule.validFrom ?? '',
    validTo: rule.validTo ?? ''
  };
  // Whatever the form has no field for would be lost by saving it.
  return saysOf(ruleOf(form)) === saysOf(rule) ? form : null;
}

/** Two rules that say the same give the same, whatever order their parts were stored in. */
function saysOf(rule: ScheduleRule): string {
  const { effect, reason, frequency, every, byDay, byMonthDay, byMonth, bySetPos, validFrom, validTo } = rule;
  const intervals = rule.intervals.map(({ fromMinute, toMinute }) => [fromMinute, toMinute]);
  return JSON.stringify([
    [effect, reason, frequency, every, byDay, byMonthDay, byMonth, bySetPos, validFrom, validTo],
    intervals
  ]);
}

function patternOf({ frequency, every, byDay, byMonthDay, byMonth, bySetPos }: ScheduleRule): Partial<RuleForm> {
  const [weekday, monthDay, month] = [byDay?.[0], byMonthDay?.[0], byMonth?.[0]];
  const position = positions.find((one) => Number(one) === bySetPos?.[0]);
  switch (frequency) {
    case 'daily':
    case 'weekly':
      return { pattern: 'weekly', every, ...(weekday && { weekday }) };
    case 'monthly':
      return position
        ? { pattern: 'monthly-weekday', position, ...(weekday && { weekday }) }
        : { pattern: 'monthly-day', ...(monthDay && { monthDay }) };
    case 'yearly':
      return { pattern: 'yearly', ...(month && { month }), ...(monthDay && { monthDay }) };
  }
}

function daysOf(form: RuleForm): Pick<ScheduleRule, 'frequency'> & Partial<ScheduleRule> {
  switch (form.pattern) {
    case 'weekly':
      return { frequency: 'weekly', every: form.every, byDay: [form.weekday] };
    case 'monthly-weekday':
      return { frequency: 'monthly', byDay: [form.weekday], bySetPos: [Number(form.position)] };
    case 'monthly-day':
      return { frequency: 'monthly', byMonthDay: [form.monthDay] };
    case 'yearly':
      return { frequency: 'yearly', byMonth: [form.month], byMonthDay: [form.monthDay] };
  }
}
