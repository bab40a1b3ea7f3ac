import type { ClosedReason } from '#lib/acd/events.ts';
import type { OrganizationId, ScheduleId } from '#lib/acd/ids.ts';

export type RuleFrequency = 'daily' | 'weekly' | 'monthly' | 'yearly';
export type Weekday = 'MO' | 'TU' | 'WE' | 'TH' | 'FR' | 'SA' | 'SU';
export const weekdays: readonly Weekday[] = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'];
export type RuleEffect = 'open' | 'closed';
/** Why a rule closes; what is going on in the queue is never a schedule's. */
export type RuleReason = Exclude<ClosedReason, 'situation' | 'nobody' | 'unreachable' | 'full'>;

/**
 * Minutes from the local midnight that begins the day: `from` 0–1439, `to` up to 2880. More than 1440 goes on into the
 * next day; 0–1440 is the whole day, also when daylight saving makes it 23 or 25 hours.
 */
export interface RuleInterval {
  fromMinute: number;
  toMinute: number;
}

/** P1: days by RRULE parts (RFC 5545), hours by intervals. A rule that closes wins over every rule that opens. */
export interface ScheduleRule {
  effect: RuleEffect;
  /** Of a rule that closes; null means `outside-hours`. */
  reason: RuleReason | null;
  frequency: RuleFrequency;
  /** 2 with `weekly`: every other week, counted from `validFrom` (without it, from Monday 1 January 2024). */
  every: number;
  byDay: Weekday[] | null;
  byMonthDay: number[] | null;
  byMonth: number[] | null;
  bySetPos: number[] | null;
  intervals: RuleInterval[];
  /** ISO dates in the schedule's zone, both included; null: no limit. */
  validFrom: string | null;
  validTo: string | null;
}

/** Open on every day it holds, at no hours yet; what is given replaces that. */
export function plainRule(change: Partial<ScheduleRule>): ScheduleRule {
  return {
    effect: 'open',
    reason: null,
    frequency: 'weekly',
    every: 1,
    byDay: null,
    byMonthDay: null,
    byMonth: null,
    bySetPos: null,
    intervals: [],
    validFrom: null,
    validTo: null,
    ...change
  };
}

/**
 * What a special day does to the schedule: closed all day, as any other day, or the schedule's hours but only within
 * these. So a short day never opens a Sunday that is closed.
 */
export type DayHours = 'closed' | 'ordinary' | RuleInterval;

/** P3. Public and bank days of the country close from when they begin; what differs from that is kept by the library's rule. */
export interface HolidaySettings {
  /** ISO 3166-1 code that `date-holidays` knows. */
  country: string;
  /** The library's code of a part of the country; null: what holds in all of it. */
  region: string | null;
  /** `rule` as the library writes it (`easter -2`), so that a choice holds every year. */
  days: { rule: string; hours: DayHours }[];
  own: OwnDay[];
}

/** A day of the organization's own; a squeeze day that was taken is one, too. */
export interface OwnDay {
  name: string;
  /** ISO date; of a yearly day its first year does not count. */
  date: string;
  yearly: boolean;
  hours: Exclude<DayHours, 'ordinary'>;
}

/** What it takes to tell whether it is open. */
export interface ScheduleHours {
  /** IANA */
  timeZone: string;
  rules: ScheduleRule[];
  /** null, or left out in values from before holidays: every day is like any other. */
  holidays?: HolidaySettings | null;
}

/** A schedule as the worker gets it, in `configuration_version.value` of entity `schedule`. */
export interface ScheduleValue extends ScheduleHours {
  type: 'schedule';
  id: ScheduleId;
  organizationId: OrganizationId;
  name: string;
}
