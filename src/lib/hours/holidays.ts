import Holidays from 'date-holidays';
import type { DayHours, HolidaySettings, RuleInterval } from './schedule.ts';

export type HolidayType = 'public' | 'bank' | 'optional' | 'school' | 'observance';

/** A day that is not like others, in the schedule's zone: the country's, or the organization's own. */
export interface SpecialDay {
  /** ISO date. */
  date: string;
  /** The library's rule, by which a choice holds every year; null: an own day. */
  rule: string | null;
  /** null: an own day. */
  type: HolidayType | null;
  name: string;
  /** What holds, by default or by choice. */
  hours: DayHours;
  /** What a short day would be by the day's own start time, when it does not begin at midnight. */
  offered: RuleInterval | null;
}

interface CountryDay {
  date: string;
  rule: string;
  type: HolidayType;
  name: string;
  /** When the holiday begins, minutes from midnight: half days begin later. */
  fromMinute: number;
}

/** Every day of the country and every own day between two ISO dates, both included, by date. Own days come last. */
export function specialDays(settings: HolidaySettings, first: string, last: string, language = 'en'): SpecialDay[] {
  const chosen = new Map(settings.days.map((day) => [day.rule, day.hours]));
  const years = yearsBetween(first, last);
  const days = years.flatMap((year) => countryDays(settings, year, language)).map((day) => specialDay(day, chosen));
  for (const { date, yearly, name, hours } of settings.own) {
    const dates = yearly ? years.flatMap((year) => sameDayIn(date, year)) : [date];
    days.push(...dates.map((one) => ({ date: one, rule: null, type: null, name, hours, offered: null })));
  }
  return days
    .filter(({ date }) => date >= first && date <= last)
    .sort((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : 0));
}

function specialDay({ fromMinute, ...day }: CountryDay, chosen: Map<string, DayHours>): SpecialDay {
  const offered = fromMinute > 0 ? { fromMinute: 0, toMinute: fromMinute } : null;
  const closesByDefault = day.type === 'public' || day.type === 'bank';
  const standard = closesByDefault ? (offered ?? 'closed') : 'ordinary';
  return { ...day, hours: chosen.get(day.rule) ?? standard, offered };
}

/** 29 February occurs in leap years only. */
function sameDayIn(date: string, year: number): string[] {
  const monthDay = Temporal.PlainMonthDay.from(date);
  const there = monthDay.toPlainDate({ year });
  return there.day === monthDay.day ? [there.toString()] : [];
}

function yearsBetween(first: string, last: string): number[] {
  // A holiday of several days that began before New Year reaches into the next.
  const from = Temporal.PlainDate.from(first).subtract({ days: 10 }).year;
  const to = Temporal.PlainDate.from(last).year;
  return Array.from({ length: to - from + 1 }, (_one, index) => from + index);
}

/** Computing a year takes some 10 ms; schedules of a country share it, and it never changes. */
const computed = new Map<string, CountryDay[]>();
const computedMost = 500;

function countryDays({ country, region }: HolidaySettings, year: number, language: string): CountryDay[] {
  const key = `${country} ${region ?? ''} ${year} ${language}`;
  let days = computed.get(key);
  if (!days) {
    if (computed.size >= computedMost) computed.clear();
    computed.set(key, (days = compute(country, region, year, language)));
  }
  return days;
}

function compute(country: string, region: string | null, year: number, language: string): CountryDay[] {
  // In UTC, where no day has 23 hours: only dates and local times are taken from it.
  const options = { timezone: 'UTC', languages: [language, 'en'] };
  const library = region ? new Holidays(country, region, options) : new Holidays(country, options);
  return library.getHolidays(year).flatMap(({ date, start, end, rule, type, name }) => {
    const local = Temporal.PlainDateTime.from(date.slice(0, 19).replace(' ', 'T'));
    const minutes = (end.getTime() - start.getTime()) / 60_000;
    const midnight = local.with({ hour: 0, minute: 0, second: 0 });
    const fromMinute = local.hour * 60 + local.minute;
    const count = Math.max(1, Math.ceil((fromMinute + minutes) / 1440));
    return Array.from({ length: count }, (_one, index) => ({
      date: midnight.add({ days: index }).toPlainDate().toString(),
      rule,
      type,
      name,
      fromMinute: index === 0 ? fromMinute : 0
    }));
  });
}

/** Codes (ISO 3166-1) of all countries the library knows, and of one country's regions by code with their names. */
export function holidayCountries(): string[] {
  return Object.keys(new Holidays().getCountries());
}

export function holidayRegions(country: string): Record<string, string> {
  return new Holidays().getStates(country) ?? {};
}
