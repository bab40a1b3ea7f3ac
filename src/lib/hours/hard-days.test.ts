import { expect, test } from 'vitest';
import { evaluate } from './evaluate.ts';
import { plainRule, type ScheduleHours, type ScheduleRule } from './schedule.ts';

/** Days on which calendars go wrong: what holds, and until when, in local time. */
const rule = (change: Partial<ScheduleRule>): ScheduleRule => plainRule({ frequency: 'daily', ...change });
const from = (fromHour: number, toHour: number) => [{ fromMinute: fromHour * 60, toMinute: toHour * 60 }];
const sweden = { country: 'SE', region: null, days: [], own: [] };

function at(schedule: Omit<ScheduleHours, 'timeZone'> & { timeZone?: string }, instant: string): string {
  const { timeZone = 'Europe/Stockholm' } = schedule;
  const {
    open,
    reason,
    changesMs: untilMs
  } = evaluate({ ...schedule, timeZone }, Temporal.Instant.from(instant).epochMilliseconds);
  const until =
    untilMs === null
      ? 'for good'
      : `until ${Temporal.Instant.fromEpochMilliseconds(untilMs).toZonedDateTimeISO(timeZone).toString({ timeZoneName: 'never', smallestUnit: 'minute' })}`;
  return `${open ? 'open' : reason} ${until}`;
}

const night = rule({ intervals: from(0, 2) });
const morning = rule({ intervals: from(2, 4) });
const day = rule({ intervals: from(8, 17) });
const always = rule({ intervals: from(0, 24) });

test.each<[string, Parameters<typeof at>[0], string, string]>([
  [
    'summer time begins: closing in the first missing minute',
    { rules: [night] },
    '2026-03-29T00:30:00Z',
    'open until 2026-03-29T03:00+02:00'
  ],
  ['… and closed after it', { rules: [night] }, '2026-03-29T01:00:00Z', 'outside-hours until 2026-03-30T00:00+02:00'],
  [
    'summer time begins: opening in the first missing minute',
    { rules: [morning] },
    '2026-03-29T00:30:00Z',
    'outside-hours until 2026-03-29T03:00+02:00'
  ],
  ['… and open from the change', { rules: [morning] }, '2026-03-29T01:00:00Z', 'open until 2026-03-29T04:00+02:00'],
  [
    'summer time ends: closing at two is the second two',
    { rules: [night] },
    '2026-10-24T23:30:00Z',
    'open until 2026-10-25T02:00+01:00'
  ],
  [
    'summer time ends: opening at two is the first two',
    { rules: [morning] },
    '2026-10-25T00:00:00Z',
    'open until 2026-10-25T04:00+01:00'
  ],
  [
    '29 February',
    { rules: [rule({ frequency: 'monthly', byMonthDay: [-1], intervals: from(8, 12) })] },
    '2028-02-29T08:00:00Z',
    'open until 2028-02-29T12:00+01:00'
  ],
  [
    '28 February of a leap year is not the last',
    { rules: [rule({ frequency: 'monthly', byMonthDay: [-1], intervals: from(8, 12) })] },
    '2028-02-28T08:00:00Z',
    'outside-hours until 2028-02-29T08:00+01:00'
  ],
  [
    'every other week over week 53',
    {
      rules: [rule({ frequency: 'weekly', every: 2, byDay: ['TH'], validFrom: '2026-12-17', intervals: from(8, 12) })]
    },
    '2026-12-31T08:00:00Z',
    'open until 2026-12-31T12:00+01:00'
  ],
  [
    '… and not in the week after',
    {
      rules: [rule({ frequency: 'weekly', every: 2, byDay: ['TH'], validFrom: '2026-12-17', intervals: from(8, 12) })]
    },
    '2027-01-07T08:00:00Z',
    'outside-hours until 2027-01-14T08:00+01:00'
  ],
  [
    'open over New Year',
    { rules: [rule({ frequency: 'yearly', byMonth: [12], byMonthDay: [31], intervals: from(22, 30) })] },
    '2026-12-31T23:30:00Z',
    'open until 2027-01-01T06:00+01:00'
  ],
  [
    'the last Friday, when it is the last day',
    { rules: [rule({ frequency: 'monthly', byDay: ['FR'], bySetPos: [-1], intervals: from(8, 12) })] },
    '2026-07-31T06:00:00Z',
    'open until 2026-07-31T12:00+02:00'
  ],
  [
    'the Friday before it is not',
    { rules: [rule({ frequency: 'monthly', byDay: ['FR'], bySetPos: [-1], intervals: from(8, 12) })] },
    '2026-07-24T06:00:00Z',
    'outside-hours until 2026-07-31T08:00+02:00'
  ],
  ['Midsummer Eve', { rules: [day], holidays: sweden }, '2026-06-19T07:00:00Z', 'holiday until 2026-06-21T00:00+02:00'],
  [
    'Easter in March, on the night of summer time',
    { rules: [always], holidays: sweden },
    '2027-03-28T00:59:00Z',
    'holiday until 2027-03-30T00:00+02:00'
  ],
  [
    'half an hour is missing on Lord Howe',
    { timeZone: 'Australia/Lord_Howe', rules: [morning] },
    '2026-10-03T15:29:00Z',
    'outside-hours until 2026-10-04T02:30+11:00'
  ],
  [
    'half an hour comes twice on Lord Howe',
    { timeZone: 'Australia/Lord_Howe', rules: [rule({ intervals: [{ fromMinute: 105, toMinute: 120 }] })] },
    '2026-04-04T15:05:00Z',
    'open until 2026-04-05T02:00+10:30'
  ],
  [
    'half an hour off UTC, no summer time',
    { timeZone: 'Asia/Kolkata', rules: [day] },
    '2026-03-29T02:30:00Z',
    'open until 2026-03-29T17:00+05:30'
  ],
  [
    'a day that never was, in Samoa',
    { timeZone: 'Pacific/Apia', rules: [rule({ validFrom: '2011-12-29', intervals: from(8, 17) })] },
    '2011-12-30T09:00:00Z',
    'outside-hours until 2011-12-31T08:00+14:00'
  ],
  [
    '… around the clock it is not missed',
    {
      timeZone: 'Pacific/Apia',
      rules: [rule({ validFrom: '2011-12-20', validTo: '2012-01-01', intervals: from(0, 24) })]
    },
    '2011-12-30T09:00:00Z',
    'open until 2012-01-02T00:00+14:00'
  ]
])('%s', (_name, schedule, instant, expected) => expect(at(schedule, instant)).toBe(expected));
