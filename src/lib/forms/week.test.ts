import { expect, test } from 'vitest';
import { rulesOfForm, weekFormDays } from './week.ts';

const closed = { intervals: [] };
const day = (...intervals: [string, string][]) => ({ intervals: intervals.map(([from, to]) => ({ from, to })) });

test('a week with lunch, a night and a whole day comes back as it was written', () => {
  const days = [
    day(['08:00', '12:00'], ['13:00', '17:00']),
    closed,
    day(['22:00', '06:00']),
    day(['00:00', '24:00']),
    closed,
    closed,
    closed
  ];
  const rules = rulesOfForm(days, []);
  expect(rules.map((rule) => [rule.byDay, rule.intervals])).toEqual([
    [
      ['MO'],
      [
        { fromMinute: 480, toMinute: 720 },
        { fromMinute: 780, toMinute: 1020 }
      ]
    ],
    [['WE'], [{ fromMinute: 1320, toMinute: 1800 }]],
    [['TH'], [{ fromMinute: 0, toMinute: 1440 }]]
  ]);
  expect(weekFormDays(rules)).toEqual(days);
});

test('intervals are put in order, and midnight to midnight is the whole day', () => {
  const [rule] = rulesOfForm(
    [day(['13:00', '17:00'], ['08:00', '12:00']), closed, closed, closed, closed, closed, closed],
    []
  );
  expect(rule?.intervals.map((interval) => interval.fromMinute)).toEqual([480, 780]);
  const [whole] = rulesOfForm([day(['00:00', '00:00']), closed, closed, closed, closed, closed, closed], []);
  expect(whole?.intervals).toEqual([{ fromMinute: 0, toMinute: 1440 }]);
});

test('special rules are kept', () => {
  const [plain] = rulesOfForm([day(['08:00', '12:00']), closed, closed, closed, closed, closed, closed], []);
  if (!plain) throw new Error('no rule');
  const special = {
    ...plain,
    effect: 'closed' as const,
    frequency: 'yearly' as const,
    byDay: null,
    byMonth: [12],
    byMonthDay: [24]
  };
  const kept = rulesOfForm([closed, closed, closed, closed, closed, closed, closed], [plain, special]);
  expect(kept).toEqual([special]);
});
