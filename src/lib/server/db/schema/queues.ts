import {
  boolean,
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  unique,
  uniqueIndex
} from 'drizzle-orm/pg-core';
import { idColumn, moment, organizationPolicy } from './common.ts';
import { organization, user } from './people.ts';
import { schedule } from './hours.ts';
import type { SoundId } from '#lib/acd/ids.ts';
import { neverClosing } from '#lib/acd/upgrade.ts';
import type {
  AnnouncementSetting,
  ClosingSettings,
  Distribution,
  Language,
  NeedStep,
  QueueKind,
  QueueValue
} from '#lib/acd/configuration.ts';

/** The columns of `QueueValue`, one to one; docstrings stand there. */
export const queue = pgTable(
  'queue',
  {
    id: idColumn().primaryKey(),
    organizationId: text('organization_id')
      .notNull()
      .references(() => organization.id),
    name: text('name').notNull(),
    kind: text('kind').$type<QueueKind>().notNull(),
    tags: text('tags').array().notNull().default([]),
    distribution: text('distribution').$type<Distribution>().notNull().default('longest-idle'),
    parallelAgents: integer('parallel_agents').notNull().default(3),
    needs: jsonb('needs').$type<NeedStep[]>().notNull().default([]),
    bestSkillFirst: boolean('best_skill_first').notNull().default(false),
    creditSeconds: integer('credit_seconds').notNull().default(0),
    strict: boolean('strict').notNull().default(false),
    keepPlaceSeconds: integer('keep_place_seconds').notNull().default(300),
    closing: jsonb('closing').$type<ClosingSettings>().notNull().default(neverClosing),
    scheduleId: text('schedule_id').references(() => schedule.id),
    welcome: jsonb('welcome').$type<AnnouncementSetting>(),
    first: jsonb('first').$type<AnnouncementSetting>(),
    repeated: jsonb('repeated').$type<AnnouncementSetting>(),
    closed: jsonb('closed').$type<AnnouncementSetting>(),
    closedBy: jsonb('closed_by').$type<QueueValue['closedBy']>().notNull().default({}),
    repeatEverySeconds: integer('repeat_every_seconds').notNull().default(45),
    position: jsonb('position').$type<AnnouncementSetting>(),
    positionEverySeconds: integer('position_every_seconds').notNull().default(60),
    positionMost: integer('position_most').notNull().default(10),
    waitingTime: jsonb('waiting_time').$type<AnnouncementSetting>(),
    waitingTimeEverySeconds: integer('waiting_time_every_seconds').notNull().default(120),
    music: text('music').$type<SoundId>(),
    ringSeconds: integer('ring_seconds').notNull().default(20),
    wrapUpSeconds: integer('wrap_up_seconds').notNull().default(30),
    logoutAfterUnanswered: integer('logout_after_unanswered').notNull().default(3),
    declinesCount: boolean('declines_count').notNull().default(true),
    serviceLevelSeconds: integer('service_level_seconds').notNull().default(30),
    serviceLevelTargetPercent: integer('service_level_target_percent').notNull().default(80),
    shortAbandonSeconds: integer('short_abandon_seconds').notNull().default(5),
    warnSeconds: integer('warn_seconds').notNull().default(45),
    badSeconds: integer('bad_seconds').notNull().default(120),
    version: integer('version').notNull().default(1),
    createdAt: moment('created_at').notNull().defaultNow()
  },
  (table) => [unique('queue_organization_name_key').on(table.organizationId, table.name), organizationPolicy()]
);

/**
 * P26: the row is the delivery. A member whose plan does not cover the queue's kind (P28), or who is deactivated, keeps
 * the row but has no value in `configuration_version`: the engine logs them out, and adding the plan back is enough.
 */
export const member = pgTable(
  'member',
  {
    organizationId: text('organization_id')
      .notNull()
      .references(() => organization.id),
    queueId: text('queue_id').notNull(),
    userId: text('user_id').notNull(),
    tier: integer('tier').notNull().default(1),
    wrapUpSeconds: integer('wrap_up_seconds'),
    version: integer('version').notNull().default(1),
    /** The delivery date on the statement. */
    addedAt: moment('added_at').notNull().defaultNow()
  },
  (table) => [
    primaryKey({ columns: [table.queueId, table.userId] }),
    foreignKey({ columns: [table.queueId], foreignColumns: [queue.id] }).onDelete('cascade'),
    foreignKey({ columns: [table.userId], foreignColumns: [user.id] }).onDelete('cascade'),
    index('member_user_idx').on(table.userId),
    organizationPolicy()
  ]
);

export const number = pgTable(
  'number',
  {
    id: idColumn().primaryKey(),
    organizationId: text('organization_id')
      .notNull()
      .references(() => organization.id),
    /** `+` and digits, or a short number as it is (E4). Unique over all organizations: a call finds its owner by it. */
    e164: text('e164').notNull(),
    /** null: not in use yet; such a number has no value for the engine. */
    queueId: text('queue_id').references(() => queue.id),
    language: text('language').$type<Language>().notNull(),
    needs: jsonb('needs').$type<NeedStep[]>().notNull().default([]),
    creditSeconds: integer('credit_seconds').notNull().default(0),
    strict: boolean('strict').notNull().default(false),
    version: integer('version').notNull().default(1),
    createdAt: moment('created_at').notNull().defaultNow()
  },
  (table) => [
    uniqueIndex('number_e164_key').on(table.e164),
    index('number_queue_idx').on(table.queueId),
    organizationPolicy()
  ]
);

/** P15. A skill that queues or numbers need cannot be removed. */
export const skill = pgTable(
  'skill',
  {
    id: idColumn().primaryKey(),
    organizationId: text('organization_id')
      .notNull()
      .references(() => organization.id),
    name: text('name').notNull(),
    version: integer('version').notNull().default(1),
    createdAt: moment('created_at').notNull().defaultNow()
  },
  (table) => [unique('skill_organization_name_key').on(table.organizationId, table.name), organizationPolicy()]
);

/** What an agent knows, level 1 to 10. */
export const agentSkill = pgTable(
  'agent_skill',
  {
    organizationId: text('organization_id')
      .notNull()
      .references(() => organization.id),
    userId: text('user_id').notNull(),
    skillId: text('skill_id').notNull(),
    level: integer('level').notNull()
  },
  (table) => [
    primaryKey({ columns: [table.userId, table.skillId] }),
    foreignKey({ columns: [table.userId], foreignColumns: [user.id] }).onDelete('cascade'),
    foreignKey({ columns: [table.skillId], foreignColumns: [skill.id] }).onDelete('cascade'),
    index('agent_skill_skill_idx').on(table.skillId),
    organizationPolicy()
  ]
);
