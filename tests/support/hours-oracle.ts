/**
 * A second evaluator of opening hours, for the property test alone. It asks of one instant what the product asks of
 * stretches of time, and shares nothing with it: dates are day numbers, the zone is asked through Intl, holidays are
 * Sweden's by the rules of their law.
 */
import { weekdays, type HolidaySettings, type ScheduleHours, type ScheduleRule } from '#lib/hours/schedule.ts';

const dayMs = 86_400_000;
/** 1 January 2024, a Monday. */
const anchorDay = 19_723;

export function isOpenAt(schedule: ScheduleHours, instantMs: number): string {
  const { timeZone, rules, holidays } = schedule;
  const reached = highestWallMs(timeZone, instantMs);
  const ahead = lowestWallMs(timeZone, instantMs);
  // It holds from the first time the wall clock shows its beginning, and until the last time it shows its end.
  const within = (day: number, from: number, to: number) =>
    reached >= day * dayMs + from * 60_000 && ahead < day * dayMs + to * 60_000;
  const today = Math.floor(reached / dayMs);
  const days = [today + 1, today, today - 1, today - 2];
  if (holidays && days.some((day) => holidayCloses(holidays, day, within))) return 'holiday';
  const holding = rules.filter((rule) =>
    days.some((day) => applies(rule, day) && rule.intervals.some((one) => within(day, one.fromMinute, one.toMinute)))
  );
  const closing = holding.filter((rule) => rule.effect === 'closed').map((rule) => rule.reason ?? 'outside-hours');
  for (const reason of ['temporary', 'holiday', 'outside-hours'] as const) if (closing.includes(reason)) return reason;
  return holding.length > 0 ? 'open' : 'outside-hours';
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** What a clock on the wall shows, as if it were UTC. */
function wallMs(timeZone: string, ms: number): number {
  let format = formats.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric'
    });
    formats.set(timeZone, format);
  }
  const part = Object.fromEntries(format.formatToParts(ms).map(({ type, value }) => [type, Number(value)]));
  const { year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0 } = part;
  return Date.UTC(year, month - 1, day, hour, minute, second) + (((ms % 1000) + 1000) % 1000);
}

/** No clock is set by more than this. */
const longestShiftMinutes = 180;

/** The furthest the wall clock has been: in a doubled hour it was further before. */
function highestWallMs(timeZone: string, ms: number): number {
  const now = wallMs(timeZone, ms);
  if (steady(timeZone, ms, -1)) return now;
  return Math.max(now, ...minutesFrom(ms, -1).map((at) => wallMs(timeZone, at)));
}

/** The least the wall clock will yet show. */
function lowestWallMs(timeZone: string, ms: number): number {
  const now = wallMs(timeZone, ms);
  if (steady(timeZone, ms, 1)) return now;
  return Math.min(now, ...minutesFrom(ms, 1).map((at) => wallMs(timeZone, at)));
}

function steady(timeZone: string, ms: number, sign: 1 | -1): boolean {
  const other = ms + sign * longestShiftMinutes * 60_000;
  return wallMs(timeZone, other) - other === wallMs(timeZone, ms) - ms;
}

/** The last moment of each minute before, or the first of each after: where a clock is set, it is at a full minute. */
function minutesFrom(ms: number, sign: 1 | -1): number[] {
  const start = Math.floor(ms / 60_000) * 60_000;
  return Array.from({ length: longestShiftMinutes }, (_one, index) =>
    sign === 1 ? start + (index + 1) * 60_000 : start - index * 60_000 - 1
  ).filter((at) => (sign === 1 ? at >= ms : at <= ms));
}

interface Civil {
  year: number;
  /** 1–12 */
  month: number;
  day: number;
  monthLength: number;
}

function civil(dayNumber: number): Civil {
  const date = new Date(dayNumber * dayMs);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth() + 1];
  return { year, month, day: date.getUTCDate(), monthLength: new Date(Date.UTC(year, month, 0)).getUTCDate() };
}

function dayNumber(year: number, month: number, day: number): number {
  return Date.UTC(year, month - 1, day) / dayMs;
}

function numberOf(date: string): number {
  return Date.parse(`${date}T00:00Z`) / dayMs;
}

const mondayOf = (day: number) => day - ((day + 3) % 7);
const weekdayOf = (day: number) => weekdays[(day + 3) % 7];

function applies(rule: ScheduleRule, day: number): boolean {
  const start = rule.validFrom ? numberOf(rule.validFrom) : anchorDay;
  if (day < start || (rule.validTo && day > numberOf(rule.validTo))) return false;
  const [first, last] = periodOf(rule, day);
  if (steps(rule, start, day) % rule.every !== 0) return false;
  const fitting: number[] = [];
  for (let one = first; one <= last; one++) if (fits(rule, start, one)) fitting.push(one);
  if (!rule.bySetPos) return fitting.includes(day);
  return rule.bySetPos.some((at) => fitting.at(at > 0 ? at - 1 : at) === day);
}

/** First and last day of the day, week, month or year in which a rule counts positions. */
function periodOf(rule: ScheduleRule, day: number): [number, number] {
  const { year, month, monthLength } = civil(day);
  if (rule.frequency === 'daily') return [day, day];
  if (rule.frequency === 'weekly') return [mondayOf(day), mondayOf(day) + 6];
  if (rule.frequency === 'monthly') return [dayNumber(year, month, 1), dayNumber(year, month, monthLength)];
  return [dayNumber(year, 1, 1), dayNumber(year, 12, 31)];
}

/** How many periods lie between. */
function steps(rule: ScheduleRule, start: number, day: number): number {
  const [from, to] = [civil(start), civil(day)];
  if (rule.frequency === 'daily') return day - start;
  if (rule.frequency === 'weekly') return (mondayOf(day) - mondayOf(start)) / 7;
  if (rule.frequency === 'monthly') return (to.year - from.year) * 12 + to.month - from.month;
  return to.year - from.year;
}

/** Whether a day has what the rule's parts ask for; what they leave open is as on the first day. */
function fits(rule: ScheduleRule, start: number, day: number): boolean {
  const [begin, date] = [civil(start), civil(day)];
  const { frequency, byDay, byMonth, byMonthDay } = rule;
  if (byMonth && !byMonth.includes(date.month)) return false;
  if (byDay && !byDay.includes(weekdayOf(day) ?? 'MO')) return false;
  if (byMonthDay) return byMonthDay.some((at) => date.day === (at > 0 ? at : date.monthLength + 1 + at));
  if (byDay || frequency === 'daily') return true;
  if (frequency === 'weekly') return weekdayOf(day) === weekdayOf(start);
  return date.day === begin.day && (frequency === 'monthly' || byMonth !== null || date.month === begin.month);
}

type Within = (day: number, from: number, to: number) => boolean;

function holidayCloses(settings: HolidaySettings, day: number, within: Within): boolean {
  const off = new Map(settings.days.map((one) => [one.rule, one.hours]));
  const own = settings.own.filter(({ date, yearly }) =>
    yearly ? date.slice(5) === new Date(day * dayMs).toISOString().slice(5, 10) : numberOf(date) === day
  );
  const hours = [
    ...swedish(civil(day).year)
      .filter((holiday) => holiday.day === day)
      .map((holiday) => off.get(holiday.rule) ?? 'closed'),
    ...own.map((one) => one.hours)
  ];
  return hours.some((one) => {
    if (one === 'ordinary') return false;
    if (one === 'closed') return within(day, 0, 1440);
    return within(day, 0, one.fromMinute) || within(day, one.toMinute, 1440);
  });
}

/** Days off in Sweden, with the library's name of each rule. */
// prettier-ignore
export const swedishRules = [
  '01-01', '01-06', '05-01', '06-06 since 2005', '12-24', '12-25', '12-26', '12-31',
  'easter -2', 'easter', 'easter 1', 'easter 39', 'easter 49',
  'friday after 06-19', 'saturday after 06-20', 'saturday after 10-31'
] as const;

function swedish(year: number): { rule: string; day: number }[] {
  const easter = easterOf(year);
  return swedishRules.map((rule) => {
    const [word = '', , from = ''] = rule.split(' ');
    if (word === 'easter') return { rule, day: easter + Number(rule.slice(7) || 0) };
    const [month = 0, day = 0] = (from && !rule.includes('since') ? from : word).split('-').map(Number);
    const first = dayNumber(year, month, day);
    if (!rule.includes('after')) return { rule, day: first };
    const wanted = word === 'friday' ? 'FR' : 'SA';
    return { rule, day: [0, 1, 2, 3, 4, 5, 6].map((at) => first + at).find((at) => weekdayOf(at) === wanted) ?? first };
  });
}

/** Easter Sunday of the Gregorian calendar, by the golden number and the Sunday after the paschal full moon. */
function easterOf(year: number): number {
  const century = Math.floor(year / 100);
  const moon = (19 * (year % 19) + century - Math.floor(century / 4) - Math.floor((8 * century + 13) / 25) + 15) % 30;
  const late = moon === 29 || (moon === 28 && year % 19 > 10) ? 1 : 0;
  const fullMoon = dayNumber(year, 3, 21) + moon - late;
  return fullMoon + 7 - ((fullMoon + 4) % 7);
}
