import { describe, expect, test } from 'vitest';
import { evaluate } from './evaluate.ts';
import { plainRule, type ScheduleRule, type Weekday } from './schedule.ts';

const stockholm = 'Europe/Stockholm';
const base: ScheduleRule = plainRule({});
const workdays: Weekday[] = ['MO', 'TU', 'WE', 'TH', 'FR'];
const everyDay: Weekday[] = [...workdays, 'SA', 'SU'];

function hours(from: string, to: string): { fromMinute: number; toMinute: number } {
  const minutes = (text: string) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3));
  return { fromMinute: minutes(from), toMinute: minutes(to) };
}
/** State at a local time, with the end as local time too. */
function at(rules: Partial<ScheduleRule>[], local: string, timeZone = stockholm) {
  const instant =
    local.includes('Z') || /[+-]\d\d:\d\d$/.test(local)
      ? Temporal.Instant.from(local)
      : Temporal.PlainDateTime.from(local).toZonedDateTime(timeZone).toInstant();
  const state = evaluate({ timeZone, rules: rules.map((rule) => ({ ...base, ...rule })) }, instant.epochMilliseconds);
  const until =
    state.changesMs === null
      ? null
      : Temporal.Instant.fromEpochMilliseconds(state.changesMs)
          .toZonedDateTimeISO(timeZone)
          .toString({ timeZoneName: 'never' });
  return `${state.open ? 'open' : state.reason} until ${until}`;
}

describe('weekly hours', () => {
  const office = [{ byDay: workdays, intervals: [hours('08:00', '12:00'), hours('13:00', '17:00')] }];
  test.each([
    ['2026-03-12T07:59:59', 'outside-hours until 2026-03-12T08:00:00+01:00'],
    ['2026-03-12T08:00:00', 'open until 2026-03-12T12:00:00+01:00'],
    ['2026-03-12T12:00:00', 'outside-hours until 2026-03-12T13:00:00+01:00'],
    ['2026-03-12T16:59:59', 'open until 2026-03-12T17:00:00+01:00'],
    ['2026-03-13T17:00:00', 'outside-hours until 2026-03-16T08:00:00+01:00']
  ])('%s: %s', (local, expected) => expect(at(office, local)).toBe(expected));

  test('the weekend over which summer time begins keeps the local hour', () => {
    expect(at(office, '2026-03-27T18:00:00')).toBe('outside-hours until 2026-03-30T08:00:00+02:00');
  });
  test('no rules, or no days, is closed for good', () => {
    expect(at([], '2026-03-12T10:00:00')).toBe('outside-hours until null');
    expect(at([{ byDay: workdays, intervals: [] }], '2026-03-12T10:00:00')).toBe('outside-hours until null');
  });
  test('touching intervals are one: no change is announced between them', () => {
    const touching = [{ byDay: everyDay, intervals: [hours('08:00', '12:00'), hours('12:00', '16:00')] }];
    expect(at(touching, '2026-03-12T11:00:00')).toBe('open until 2026-03-12T16:00:00+01:00');
  });
});

describe('over midnight', () => {
  const night = [{ byDay: ['FR', 'SA'] as Weekday[], intervals: [{ fromMinute: 22 * 60, toMinute: 30 * 60 }] }];
  test.each([
    ['2026-03-13T23:00:00', 'open until 2026-03-14T06:00:00+01:00'],
    ['2026-03-14T05:59:00', 'open until 2026-03-14T06:00:00+01:00'],
    ['2026-03-15T05:00:00', 'open until 2026-03-15T06:00:00+01:00'],
    ['2026-03-15T23:00:00', 'outside-hours until 2026-03-20T22:00:00+01:00']
  ])('%s: %s', (local, expected) => expect(at(night, local)).toBe(expected));
  test('the night summer time begins is an hour shorter, the night it ends an hour longer', () => {
    const lengthHours = (local: string) => {
      const start = Temporal.PlainDateTime.from(local).toZonedDateTime(stockholm).epochMilliseconds;
      const state = evaluate({ timeZone: stockholm, rules: [{ ...base, ...night[0] }] }, start);
      return ((state.changesMs ?? 0) - start) / 3_600_000;
    };
    expect(lengthHours('2026-03-28T22:00:00')).toBe(7);
    expect(lengthHours('2026-10-24T22:00:00')).toBe(9);
    expect(lengthHours('2026-11-07T22:00:00')).toBe(8);
  });
});

describe('the hour that is missing and the hour that comes twice', () => {
  test('open inside the missing hour only: not open at all that day', () => {
    const rule = [{ byDay: everyDay, intervals: [hours('02:15', '02:45')] }];
    expect(at(rule, '2026-03-29T01:00:00+01:00')).toBe('outside-hours until 2026-03-30T02:15:00+02:00');
  });
  test('opening in the missing hour: open from the change on', () => {
    const rule = [{ byDay: everyDay, intervals: [hours('02:30', '05:00')] }];
    expect(at(rule, '2026-03-29T01:00:00+01:00')).toBe('outside-hours until 2026-03-29T03:00:00+02:00');
  });
  test('the doubled hour is open both times', () => {
    const rule = [{ byDay: everyDay, intervals: [hours('02:15', '02:45')] }];
    expect(at(rule, '2026-10-25T00:20:00Z')).toBe('open until 2026-10-25T02:45:00+01:00');
    expect(at(rule, '2026-10-25T01:40:00Z')).toBe('open until 2026-10-25T02:45:00+01:00');
  });
});

describe('always open', () => {
  const always = [{ byDay: everyDay, intervals: [{ fromMinute: 0, toMinute: 1440 }] }];
  test.each(['2026-03-29T02:59:00', '2026-10-25T02:30:00', '2026-12-31T23:59:59', '2028-02-29T00:00:00'])(
    '%s: no change within a year',
    (local) => expect(at(always, local)).toBe('open until null')
  );
});

describe('other frequencies', () => {
  test('the first Monday of each month', () => {
    const rule = [
      { frequency: 'monthly' as const, byDay: ['MO'] as Weekday[], bySetPos: [1], intervals: [hours('10:00', '11:00')] }
    ];
    expect(at(rule, '2026-03-12T10:00:00')).toBe('outside-hours until 2026-04-06T10:00:00+02:00');
  });
  test('the last day of each month', () => {
    const rule = [{ frequency: 'monthly' as const, byMonthDay: [-1], intervals: [hours('10:00', '11:00')] }];
    expect(at(rule, '2028-02-10T10:00:00')).toBe('outside-hours until 2028-02-29T10:00:00+01:00');
  });
  test('every other week counts from the first valid day', () => {
    const rule = [
      { byDay: ['TH'] as Weekday[], every: 2, validFrom: '2026-03-05', intervals: [hours('10:00', '11:00')] }
    ];
    expect(at(rule, '2026-03-05T12:00:00')).toBe('outside-hours until 2026-03-19T10:00:00+01:00');
  });
  test('valid to its last day, and not after', () => {
    const rule = [{ frequency: 'daily' as const, validTo: '2026-03-12', intervals: [hours('10:00', '11:00')] }];
    expect(at(rule, '2026-03-12T09:00:00')).toBe('outside-hours until 2026-03-12T10:00:00+01:00');
    expect(at(rule, '2026-03-12T12:00:00')).toBe('outside-hours until null');
  });
  test('a yearly closing wins over the weekly opening, with its own reason', () => {
    const rules: Partial<ScheduleRule>[] = [
      { byDay: everyDay, intervals: [hours('08:00', '17:00')] },
      {
        effect: 'closed',
        reason: 'holiday',
        frequency: 'yearly',
        byMonth: [12],
        byMonthDay: [24],
        intervals: [{ fromMinute: 0, toMinute: 1440 }]
      }
    ];
    expect(at(rules, '2026-12-23T20:00:00')).toBe('outside-hours until 2026-12-24T00:00:00+01:00');
    expect(at(rules, '2026-12-24T09:00:00')).toBe('holiday until 2026-12-25T00:00:00+01:00');
    expect(at(rules, '2026-12-25T09:00:00')).toBe('open until 2026-12-25T17:00:00+01:00');
  });
});

test('a zone on the other side of the earth has its own day', () => {
  const rule = [{ byDay: ['MO'] as Weekday[], intervals: [hours('08:00', '17:00')] }];
  expect(at(rule, '2026-03-15T20:00:00Z', 'Pacific/Auckland')).toBe('open until 2026-03-16T17:00:00+13:00');
});
