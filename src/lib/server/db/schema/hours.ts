import { date, foreignKey, integer, jsonb, pgTable, text, unique, uniqueIndex } from 'drizzle-orm/pg-core';
import { idColumn, moment, organizationPolicy } from './common.ts';
import { organization } from './people.ts';
import type {
  HolidaySettings,
  RuleEffect,
  RuleFrequency,
  RuleInterval,
  RuleReason,
  Weekday
} from '#lib/hours/schedule.ts';

/** P1: when a queue is open. Shared by as many queues as like. */
export const schedule = pgTable(
  'schedule',
  {
    id: idColumn().primaryKey(),
    organizationId: text('organization_id')
      .notNull()
      .references(() => organization.id),
    name: text('name').notNull(),
    /** IANA zone in which the rules' dates and minutes are read. */
    timeZone: text('time_zone').notNull(),
    /** P3; null: every day is like any other. */
    holidays: jsonb('holidays').$type<HolidaySettings>(),
    version: integer('version').notNull().default(1),
    createdAt: moment('created_at').notNull().defaultNow()
  },
  (table) => [unique('schedule_organization_name_key').on(table.organizationId, table.name), organizationPolicy()]
);

/** One recurring rule: the days by RRULE parts (RFC 5545), the hours of each such day by intervals. See `#lib/hours/schedule.ts`. */
export const scheduleRule = pgTable(
  'schedule_rule',
  {
    id: idColumn().primaryKey(),
    organizationId: text('organization_id')
      .notNull()
      .references(() => organization.id),
    scheduleId: text('schedule_id').notNull(),
    position: integer('position').notNull(),
    effect: text('effect').$type<RuleEffect>().notNull(),
    /** Of a rule that closes. */
    reason: text('reason').$type<RuleReason>(),
    frequency: text('frequency').$type<RuleFrequency>().notNull(),
    every: integer('every').notNull().default(1),
    byDay: text('by_day').array().$type<Weekday[]>(),
    byMonthDay: integer('by_month_day').array(),
    byMonth: integer('by_month').array(),
    bySetPos: integer('by_set_pos').array(),
    intervals: jsonb('intervals').$type<RuleInterval[]>().notNull(),
    /** Local dates, both included. */
    validFrom: date('valid_from', { mode: 'string' }),
    validTo: date('valid_to', { mode: 'string' })
  },
  (table) => [
    foreignKey({ columns: [table.scheduleId], foreignColumns: [schedule.id] }).onDelete('cascade'),
    uniqueIndex('schedule_rule_position_key').on(table.scheduleId, table.position),
    organizationPolicy()
  ]
);
