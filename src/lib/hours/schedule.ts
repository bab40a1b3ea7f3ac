import type { ClosedReason } from '#lib/acd/events.ts';
import type { OrganizationId, ScheduleId } from '#lib/acd/ids.ts';

export type RuleFrequency = 'daily' | 'weekly' | 'monthly' | 'yearly';
export type Weekday = 'MO' | 'TU' | 'WE' | 'TH' | 'FR' | 'SA' | 'SU';
export const weekdays: readonly Weekday[] = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'];
export type RuleEffect = 'open' | 'closed';
/** Why a rule closes; `situation` is never a schedule's. */
export type RuleReason = Exclude<ClosedReason, 'situation' | 'full'>;

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

/** A schedule as the worker gets it, in `configuration_version.value` of entity `schedule`. */
export interface ScheduleValue {
  type: 'schedule';
  id: ScheduleId;
  organizationId: OrganizationId;
  name: string;
  timeZone: string;
  rules: ScheduleRule[];
}
