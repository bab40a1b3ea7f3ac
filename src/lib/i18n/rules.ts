import type { ScheduleRule } from '#lib/hours/schedule.ts';
import { clock, dateWords, list } from './format.ts';
import { hours } from './hours.ts';
import { dictionary, locales, type Language } from './language.ts';

/** Rules beyond the plain week, in words and in the form that makes them. */
export const rules = dictionary(
  {
    title: 'Särskilda regler',
    lead: 'De gäller utöver veckan. En regel som stänger går före alla som öppnar.',
    none: 'Inga.',
    add: 'Lägg till regel',
    change: 'Ändra regel',
    changeThis: (rule: string) => `Ändra: ${rule}`,
    remove: (rule: string) => `Ta bort: ${rule}`,
    effect: 'Gör vad',
    effects: { open: 'öppet', closed: 'stängt' },
    pattern: 'När',
    patterns: {
      weekly: 'vissa veckor',
      'monthly-weekday': 'en veckodag i månaden',
      'monthly-day': 'ett datum i månaden',
      yearly: 'ett datum varje år'
    },
    every: 'Var … vecka',
    everyUnit: ':e vecka',
    weekday: 'Veckodag',
    position: 'Vilken i månaden',
    positions: { '1': 'första', '2': 'andra', '3': 'tredje', '4': 'fjärde', '-1': 'sista' },
    monthDay: 'Dag i månaden',
    monthDayHelp: '−1 är den sista.',
    month: 'Månad',
    allDay: 'Hela dagen',
    validFrom: 'Från och med',
    validTo: 'Till och med',
    daily: (every: number): string => (every === 1 ? 'varje dag' : `var ${every}:e dag`),
    weekly: (every: number, days: string): string => (every === 1 ? `varje ${days}` : `${days} var ${every}:e vecka`),
    monthly: (every: number): string => (every === 1 ? 'varje månad' : `var ${every}:e månad`),
    yearly: (every: number): string => (every === 1 ? 'varje år' : `vart ${every}:e år`),
    day: (day: number): string => (day === -1 ? 'sista dagen' : day < 0 ? `dag ${-day} från slutet` : `den ${day}:e`),
    nth: (positions: string, days: string): string => `${positions} ${days}`,
    other: (position: number): string => `${position}:e`,
    inMonths: (months: string): string => `i ${months}`,
    from: (date: string): string => `från ${date}`,
    until: (date: string): string => `till ${date}`
  },
  {
    title: 'Special rules',
    lead: 'They apply besides the week. A rule that closes goes before all that open.',
    none: 'None.',
    add: 'Add a rule',
    change: 'Change the rule',
    changeThis: (rule: string) => `Change: ${rule}`,
    remove: (rule: string) => `Remove: ${rule}`,
    effect: 'Does what',
    effects: { open: 'open', closed: 'closed' },
    pattern: 'When',
    patterns: {
      weekly: 'some weeks',
      'monthly-weekday': 'a weekday of the month',
      'monthly-day': 'a date of the month',
      yearly: 'a date of the year'
    },
    every: 'Every … week',
    everyUnit: 'weeks apart',
    weekday: 'Weekday',
    position: 'Which of the month',
    positions: { '1': 'first', '2': 'second', '3': 'third', '4': 'fourth', '-1': 'last' },
    monthDay: 'Day of the month',
    monthDayHelp: '−1 is the last.',
    month: 'Month',
    allDay: 'All day',
    validFrom: 'From',
    validTo: 'To',
    daily: (every: number): string => (every === 1 ? 'every day' : `every ${every} days`),
    weekly: (every: number, days: string): string => (every === 1 ? `every ${days}` : `${days} every ${every} weeks`),
    monthly: (every: number): string => (every === 1 ? 'every month' : `every ${every} months`),
    yearly: (every: number): string => (every === 1 ? 'every year' : `every ${every} years`),
    day: (day: number): string => (day === -1 ? 'the last day' : day < 0 ? `day ${-day} from the end` : `day ${day}`),
    nth: (positions: string, days: string): string => `the ${positions} ${days}`,
    other: (position: number): string => `number ${position}`,
    inMonths: (months: string): string => `in ${months}`,
    from: (date: string): string => `from ${date}`,
    until: (date: string): string => `to ${date}`
  }
);

/** `closed: the last Friday every month, 12:00–17:00` */
export function describeRule(rule: ScheduleRule, language: Language): string {
  const t = rules[language];
  const times = rule.intervals.map(({ fromMinute, toMinute }) =>
    fromMinute === 0 && toMinute === 1440 ? hours[language].allDay : `${clock(fromMinute)}–${clock(toMinute)}`
  );
  const parts = [
    daysInWords(rule, language),
    list(times, language),
    rule.validFrom && t.from(dateWords(rule.validFrom, language)),
    rule.validTo && t.until(dateWords(rule.validTo, language))
  ];
  return `${t.effects[rule.effect]}: ${parts.filter(Boolean).join(', ')}`;
}

function daysInWords(rule: ScheduleRule, language: Language): string {
  const t = rules[language];
  const { frequency, every, byDay, byMonth, byMonthDay, bySetPos } = rule;
  const names =
    byDay &&
    list(
      byDay.map((day) => hours[language].days[day]),
      language
    );
  const months =
    byMonth &&
    t.inMonths(
      list(
        byMonth.map((month) => monthName(month, language)),
        language
      )
    );
  if (frequency === 'weekly' && names && !bySetPos) return [t.weekly(every, names), months].filter(Boolean).join(' ');
  const position = (at: number) => (t.positions as Record<string, string>)[at] ?? t.other(at);
  const days = byMonthDay ? list(byMonthDay.map(t.day), language) : names;
  const chosen = bySetPos && days ? t.nth(list(bySetPos.map(position), language), days) : days;
  return [chosen, months, t[frequency === 'weekly' ? 'daily' : frequency](frequency === 'weekly' ? every * 7 : every)]
    .filter(Boolean)
    .join(' ');
}

export function monthName(month: number, language: Language): string {
  const date = new Date(Date.UTC(2024, month - 1, 1));
  return new Intl.DateTimeFormat(locales[language], { timeZone: 'UTC', month: 'long' }).format(date);
}
