import { expect, test } from 'vitest';
import { formOfRule, newRule, ruleForm, ruleOf, type RuleForm } from '#lib/forms/rules.ts';
import { ruleField } from '#lib/forms/hours.ts';
import { describeRule } from './rules.ts';

const said = (change: Partial<RuleForm>) => describeRule(ruleOf({ ...newRule, ...change }), 'en');

test.each<[Partial<RuleForm>, string]>([
  [{}, 'closed: the last Friday every month, 12:00–17:00'],
  [
    { effect: 'open', pattern: 'weekly', every: 2, weekday: 'TU', validFrom: '2027-01-05', allDay: true },
    'open: Tuesday every 2 weeks, around the clock, from Tuesday, 5 January 2027'
  ],
  [{ pattern: 'monthly-day', monthDay: -1 }, 'closed: the last day every month, 12:00–17:00'],
  [{ pattern: 'yearly', month: 12, monthDay: 13, to: '12:00' }, 'closed: day 13 in December every year, 12:00–12:00']
])('%j: %s', (change, expected) => {
  expect(said(change).replace('Tuesday 5', 'Tuesday, 5')).toBe(expected);
  expect(ruleField.safeParse(ruleOf({ ...newRule, ...change })).success).toBe(true);
  const rule = ruleOf({ ...newRule, ...change });
  const filledIn = formOfRule(rule);
  expect(filledIn && ruleOf(filledIn)).toEqual(rule);
});

test.each<[Partial<RuleForm>, string]>([
  [{ pattern: 'yearly', month: 2, monthDay: 30 }, 'monthDay'],
  [{ pattern: 'monthly-day', monthDay: 0 }, 'monthDay'],
  [{ pattern: 'weekly', every: 2 }, 'validFrom'],
  [{ validFrom: '2027-01-05', validTo: '2027-01-04' }, 'validTo'],
  [{ to: '25:00' }, 'to']
])('%j is refused at %s', (change, field) => {
  const parsed = ruleForm.safeParse({ ...newRule, ...change });
  expect(parsed.error?.issues[0]?.path).toEqual([field]);
});

test('a rule with more than its form has is not filled in, so that nothing of it is lost', () => {
  const rule = ruleOf(newRule);
  const [interval] = rule.intervals;
  expect(formOfRule({ ...rule, byDay: ['MO', 'TU'] })).toBeNull();
  expect(formOfRule({ ...rule, intervals: [...rule.intervals, ...rule.intervals] })).toBeNull();
  expect(formOfRule({ ...rule, reason: 'holiday' })).toBeNull();
  // As Postgres gives its parts back.
  expect(
    formOfRule({ ...rule, intervals: [{ toMinute: interval!.toMinute, fromMinute: interval!.fromMinute }] })
  ).toEqual(newRule);
});
