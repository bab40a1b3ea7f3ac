import { clock } from '#lib/i18n/format.ts';
import { minuteOf } from './week.ts';
import type { DayHours, HolidaySettings, OwnDay, RuleInterval } from '#lib/hours/schedule.ts';
import type { SpecialDay } from '#lib/hours/holidays.ts';

export interface DayForm {
  rule: string;
  mode: 'closed' | 'short' | 'ordinary';
  from: string;
  to: string;
}
export interface OwnDayForm extends Omit<DayForm, 'rule' | 'mode'> {
  name: string;
  date: string;
  yearly: boolean;
  mode: 'closed' | 'short';
}
export type HolidaysForm = {
  /** Empty: no holidays. */
  country: string;
  region: string;
  days: DayForm[];
  own: OwnDayForm[];
};

/** What a short day's fields hold before anything is written. */
const usual: RuleInterval = { fromMinute: 0, toMinute: 720 };

/** @param days the country's next days, one of each rule */
export function holidaysFormOf(settings: HolidaySettings | null, days: SpecialDay[]): HolidaysForm {
  return {
    country: settings?.country ?? '',
    region: settings?.region ?? '',
    days: days.flatMap(({ rule, hours, offered }) =>
      rule === null ? [] : [{ rule, mode: modeOf(hours), ...times(hours, offered) }]
    ),
    own: (settings?.own ?? []).map(({ hours, ...day }) => ({
      ...day,
      mode: hours === 'closed' ? 'closed' : 'short',
      ...times(hours, null)
    }))
  };
}

/**
 * Keeps only what differs from the default, so that days nobody has touched follow the country's calendar.
 *
 * @param standard the same days without any choice
 * @param before choices about days that the form did not show stay
 */
export function holidaysOfForm(
  form: HolidaysForm,
  standard: SpecialDay[],
  before: HolidaySettings | null
): HolidaySettings | null {
  if (form.country === '') return null;
  const own: OwnDay[] = form.own.map(({ name, date, yearly, ...day }) => ({
    name,
    date,
    yearly,
    hours: day.mode === 'closed' ? 'closed' : interval(day)
  }));
  const base = { country: form.country, region: form.region || null, own };
  // Another country has other rules: what was chosen for the former says nothing about it.
  if (before && before.country !== form.country) return { ...base, days: [] };
  const usually = new Map(standard.map((day) => [day.rule, JSON.stringify(day.hours)]));
  const shown = new Set(form.days.map((day) => day.rule));
  const chosen = form.days.map((day) => ({ rule: day.rule, hours: day.mode === 'short' ? interval(day) : day.mode }));
  return {
    ...base,
    days: [
      ...chosen.filter(({ rule, hours }) => usually.get(rule) !== JSON.stringify(hours)),
      ...(before?.days ?? []).filter(({ rule }) => !shown.has(rule))
    ]
  };
}

function modeOf(hours: DayHours): DayForm['mode'] {
  return typeof hours === 'string' ? hours : 'short';
}

function times(hours: DayHours, offered: RuleInterval | null): { from: string; to: string } {
  const { fromMinute, toMinute } = typeof hours === 'string' ? (offered ?? usual) : hours;
  return { from: clock(fromMinute), to: clock(toMinute) };
}

function interval({ from, to }: { from: string; to: string }): RuleInterval {
  return { fromMinute: minuteOf(from), toMinute: minuteOf(to) };
}
