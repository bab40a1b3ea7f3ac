import { expect, test } from 'vitest';
import { formDaysOf, intervalsOf, rulesOfForm } from '#lib/forms/week.ts';
import { added, changed, drawn, replaced, sameOn, sharing, type EditedWeek } from './week-edit.ts';

const work = { fromMinute: 480, toMinute: 1020 };
const night = { fromMinute: 1320, toMinute: 1800 };
/** Monday to Friday 08–17, Saturday 22–06. */
const week: EditedWeek = [[work], [work], [work], [work], [work], [night], []];
const monday = { day: 0, index: 0 };
const rules = (edited: EditedWeek) =>
  rulesOfForm(formDaysOf(edited), []).map(
    ({ byDay, intervals }) =>
      `${byDay?.join()} ${intervals.map((one) => `${one.fromMinute}-${one.toMinute}`).join(', ')}`
  );

test('an interval is moved whole, or by an edge, on quarters', () => {
  expect(changed(week, monday, 'whole', 50, false)).toEqual({ fromMinute: 525, toMinute: 1065 });
  expect(changed(week, monday, 'from', -22, false)).toEqual({ fromMinute: 465, toMinute: 1020 });
  expect(changed(week, monday, 'to', 8, false)).toEqual({ fromMinute: 480, toMinute: 1035 });
});

test('it stays within its day, unless it is let over midnight or is so already', () => {
  expect(changed(week, monday, 'whole', 1000, false)).toEqual({ fromMinute: 900, toMinute: 1440 });
  expect(changed(week, monday, 'to', 1000, false)).toEqual({ fromMinute: 480, toMinute: 1440 });
  expect(changed(week, monday, 'to', 5000, true)).toEqual({ fromMinute: 480, toMinute: 1920 });
  expect(changed(week, monday, 'whole', 5000, true)).toEqual({ fromMinute: 1425, toMinute: 1965 });
  expect(changed(week, { day: 5, index: 0 }, 'to', 60, false)).toEqual({ fromMinute: 1320, toMinute: 1860 });
  expect(changed(week, { day: 5, index: 0 }, 'from', -5000, false)).toEqual({ fromMinute: 360, toMinute: 1800 });
});

test('it stops at its neighbours, and never becomes nothing', () => {
  const two = added(week, 0, { fromMinute: 1080, toMinute: 1200 });
  expect(changed(two, monday, 'to', 300, true)).toEqual({ fromMinute: 480, toMinute: 1080 });
  expect(changed(two, monday, 'whole', 300, true)).toEqual({ fromMinute: 540, toMinute: 1080 });
  expect(changed(two, { day: 0, index: 1 }, 'from', -300, true)).toEqual({ fromMinute: 1020, toMinute: 1200 });
  expect(changed(two, monday, 'from', 5000, true)).toEqual({ fromMinute: 1005, toMinute: 1020 });
  expect(changed(two, monday, 'to', -5000, true)).toEqual({ fromMinute: 480, toMinute: 495 });
  expect(changed(two, { day: 6, index: 0 }, 'to', 15, true)).toBeNull();
});

test('a new one is drawn in either direction, within what is free', () => {
  expect(drawn(week, 6, 601, 700)).toEqual({ fromMinute: 600, toMinute: 705 });
  expect(drawn(week, 6, 700, 601)).toEqual({ fromMinute: 600, toMinute: 705 });
  expect(drawn(week, 0, 1100, 300)).toEqual({ fromMinute: 1020, toMinute: 1110 });
  expect(drawn(week, 0, 300, 1100)).toEqual({ fromMinute: 300, toMinute: 480 });
  expect(drawn(week, 0, 500, 600)).toBeNull();
  const six = Array.from({ length: 6 }, (_one, at) => ({ fromMinute: at * 60, toMinute: at * 60 + 30 }));
  expect(drawn(week.with(6, six), 6, 900, 1000)).toBeNull();
});

test('a change of one day splits its rule; done to the rule’s other days, it stays one rule', () => {
  const others = sharing(week, 0);
  expect(others).toEqual([1, 2, 3, 4]);
  const later = replaced(week, monday, changed(week, monday, 'to', 60, false));
  expect(rules(later)).toEqual(['MO 480-1080', 'TU,WE,TH,FR 480-1020', 'SA 1320-1800']);
  expect(rules(sameOn(later, 0, others))).toEqual(['MO,TU,WE,TH,FR 480-1080', 'SA 1320-1800']);
  expect(rules(replaced(week, monday, null))).toEqual(['TU,WE,TH,FR 480-1020', 'SA 1320-1800']);
  expect(sharing(week, 6)).toEqual([]);
  expect(week[0]).toEqual([work]);
});

test('the form’s times become minutes and times again; what is not written out is no week', () => {
  expect(intervalsOf(formDaysOf(week))).toEqual(week);
  const whole = week.with(6, [{ fromMinute: 0, toMinute: 1440 }]);
  expect(intervalsOf(formDaysOf(whole))).toEqual(whole);
  expect(intervalsOf([{ intervals: [{ from: '8', to: '17:00' }] }])).toBeNull();
});
