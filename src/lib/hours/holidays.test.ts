import { describe, expect, test } from 'vitest';
import { evaluate } from './evaluate.ts';
import { holidayCountries, holidayRegions, specialDays } from './holidays.ts';
import { squeezeDays } from './squeeze.ts';
import { plainRule, type HolidaySettings, type ScheduleHours, type ScheduleRule } from './schedule.ts';

const stockholm = 'Europe/Stockholm';
const office: ScheduleRule = plainRule({
  byDay: ['MO', 'TU', 'WE', 'TH', 'FR'],
  intervals: [{ fromMinute: 480, toMinute: 1020 }]
});
const sweden: HolidaySettings = { country: 'SE', region: null, days: [], own: [] };
const swedish = (change: Partial<HolidaySettings> = {}, rules = [office]): ScheduleHours => ({
  timeZone: stockholm,
  rules,
  holidays: { ...sweden, ...change }
});

function at(schedule: ScheduleHours, local: string): string {
  const instant = Temporal.PlainDateTime.from(local).toZonedDateTime(schedule.timeZone).epochMilliseconds;
  const { open, reason, changesMs: untilMs } = evaluate(schedule, instant);
  const until =
    untilMs === null
      ? 'ever'
      : Temporal.Instant.fromEpochMilliseconds(untilMs)
          .toZonedDateTimeISO(schedule.timeZone)
          .toPlainDateTime()
          .toString();
  return `${open ? 'open' : reason} until ${until}`;
}

describe('the days of a country', () => {
  test.each([
    ['2026-06-19T10:00', 'holiday until 2026-06-21T00:00:00'], // Midsummer Eve is a bank day
    ['2026-12-24T10:00', 'holiday until 2026-12-27T00:00:00'],
    ['2026-12-31T10:00', 'holiday until 2027-01-02T00:00:00'],
    ['2027-01-06T10:00', 'holiday until 2027-01-07T00:00:00'],
    ['2026-04-03T10:00', 'holiday until 2026-04-04T00:00:00'],
    ['2026-04-06T10:00', 'holiday until 2026-04-07T00:00:00'],
    ['2026-04-30T13:00', 'open until 2026-04-30T17:00:00'], // Walpurgis Eve is offered, not taken
    ['2026-12-13T10:00', 'outside-hours until 2026-12-14T08:00:00']
  ])('%s: %s', (local, expected) => expect(at(swedish(), local)).toBe(expected));

  test('a public half day closes from its hour on', () => {
    const german = { ...swedish({ country: 'DE', region: 'BY' }), timeZone: 'Europe/Berlin' };
    expect(at(german, '2026-12-24T10:00')).toBe('open until 2026-12-24T14:00:00');
    expect(at(german, '2026-12-24T14:00')).toBe('holiday until 2026-12-27T00:00:00');
  });
  test('a part of the country has days of its own', () => {
    const german = (region: string | null) => ({ ...swedish({ country: 'DE', region }), timeZone: 'Europe/Berlin' });
    expect(at(german('BY'), '2026-06-04T10:00')).toBe('holiday until 2026-06-05T00:00:00');
    expect(at(german('BE'), '2026-06-04T10:00')).toBe('open until 2026-06-04T17:00:00');
  });
  test('a holiday of several days closes each of them', () => {
    const dates = specialDays({ ...sweden, country: 'SA' }, '2026-05-01', '2026-06-30')
      .filter((day) => day.rule?.includes('Dhu al-Hijjah'))
      .map((day) => day.date);
    expect(dates).toEqual(['2026-05-26', '2026-05-27', '2026-05-28', '2026-05-29']);
  });
  test('names are in the language asked for', () => {
    const name = (language: string) => specialDays(sweden, '2026-06-19', '2026-06-19', language)[0]?.name;
    expect([name('sv'), name('en')]).toEqual(['midsommarafton', 'Midsummer Eve']);
  });
  test('countries and regions can be chosen from', () => {
    expect(holidayCountries()).toContain('SE');
    expect(holidayRegions('DE')).toMatchObject({ BY: 'Bayern' });
    expect(holidayRegions('SE')).toEqual({});
  });
});

describe('choices', () => {
  test('a day switched off is as any other, every year', () => {
    const schedule = swedish({ days: [{ rule: 'friday after 06-19', hours: 'ordinary' }] });
    for (const day of ['2026-06-19', '2027-06-25', '2028-06-23'])
      expect(at(schedule, `${day}T10:00`)).toBe(`open until ${day}T17:00:00`);
  });
  test('an eve taken as a short day has the hours of the day, but only within its own', () => {
    const schedule = swedish({ days: [{ rule: '04-30 12:00', hours: { fromMinute: 0, toMinute: 720 } }] });
    expect(at(schedule, '2026-04-30T09:00')).toBe('open until 2026-04-30T12:00:00');
    expect(at(schedule, '2026-04-30T12:00')).toBe('holiday until 2026-05-02T00:00:00');
    // A Saturday in 2033: a short day opens nothing.
    expect(at(schedule, '2033-04-30T09:00')).toBe('outside-hours until 2033-04-30T12:00:00');
  });
  test('own days hold once or every year', () => {
    const party = { name: 'Party', hours: { fromMinute: 540, toMinute: 720 } };
    const schedule = swedish({
      own: [
        { ...party, date: '2026-09-10', yearly: true },
        { name: 'Moving', date: '2026-09-11', yearly: false, hours: 'closed' }
      ]
    });
    expect(at(schedule, '2026-09-10T08:00')).toBe('holiday until 2026-09-10T09:00:00');
    expect(at(schedule, '2026-09-10T12:00')).toBe('holiday until 2026-09-12T00:00:00');
    expect(at(schedule, '2027-09-10T12:00')).toBe('holiday until 2027-09-11T00:00:00');
    expect(at(schedule, '2028-09-11T12:00')).toBe('open until 2028-09-11T17:00:00');
  });
  test('29 February every year is in leap years only', () => {
    const days = specialDays(
      { ...sweden, own: [{ name: 'Leap', date: '2024-02-29', yearly: true, hours: 'closed' }] },
      '2026-02-01',
      '2028-12-31'
    );
    expect(days.filter((day) => day.type === null).map((day) => day.date)).toEqual(['2028-02-29']);
  });
});

test('a holiday wins over every rule, and only where there is one', () => {
  const always: ScheduleRule = {
    ...office,
    frequency: 'daily',
    byDay: null,
    intervals: [{ fromMinute: 0, toMinute: 1440 }]
  };
  expect(at(swedish({}, [always]), '2026-12-23T10:00')).toBe('open until 2026-12-24T00:00:00');
  expect(at(swedish({}, [always]), '2026-12-24T10:00')).toBe('holiday until 2026-12-27T00:00:00');
  expect(at({ ...swedish({}, [always]), holidays: null }, '2026-12-24T10:00')).toBe('open until ever');
});

test('it opens when the holiday that follows the evening is over', () => {
  const at = (local: string) => Temporal.PlainDateTime.from(local).toZonedDateTime(stockholm).epochMilliseconds;
  const evening = evaluate(swedish(), at('2026-12-23T18:00'));
  expect(evening).toMatchObject({ open: false, untilMs: at('2026-12-28T08:00'), changesMs: at('2026-12-24T00:00') });
  expect(evaluate(swedish(), at('2026-12-23T12:00')).untilMs).toBe(at('2026-12-23T17:00'));
});

test('squeeze days lie alone between days without hours', () => {
  // 2026: 5 January before Epiphany (Tuesday), 15 May after Ascension (Thursday). 2027: 7 May after Ascension, and nothing else.
  expect(squeezeDays(swedish(), '2026-01-01', '2026-12-31')).toEqual(['2026-01-02', '2026-01-05', '2026-05-15']);
  expect(squeezeDays(swedish(), '2027-01-01', '2027-12-31')).toEqual(['2027-05-07']);
  const taken = { name: 'Klämdag', date: '2026-05-15', yearly: false, hours: 'closed' as const };
  expect(squeezeDays(swedish({ own: [taken] }), '2026-02-01', '2026-12-31')).toEqual([]);
  expect(squeezeDays({ timeZone: stockholm, rules: [office] }, '2026-01-01', '2026-12-31')).toEqual([]);
});
