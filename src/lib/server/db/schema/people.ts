import { sql } from 'drizzle-orm';
import { boolean, index, integer, jsonb, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { idColumn, moment, organizationPolicy } from './common.ts';
import { plainLimits, plainTrunk } from '#lib/acd/upgrade.ts';
import type { DeviceKind, Language, OutgoingLimits, PauseReason, TrunkSettings } from '#lib/acd/configuration.ts';

export type Role = 'administrator' | 'supervisor' | 'agent';
/** P28: only `pro`, `business` and `enterprise` take part in queues of kind `plus` and `attendant`. */
export type Plan = 'standard' | 'pro' | 'business' | 'enterprise';

export const organization = pgTable(
  'organization',
  {
    id: idColumn().primaryKey(),
    name: text('name').notNull(),
    /** IANA zone; "today" of every figure begins at its midnight. */
    timeZone: text('time_zone').notNull(),
    /** ISO 3166 alpha-2: how numbers without a country are read, and whose holidays count. */
    country: text('country').notNull(),
    language: text('language').$type<Language>().notNull(),
    /** E7. */
    outgoing: jsonb('outgoing').$type<OutgoingLimits>().notNull().default(plainLimits),
    /** E4, E5. */
    trunk: jsonb('trunk').$type<TrunkSettings>().notNull().default(plainTrunk),
    pauseReasons: jsonb('pause_reasons').$type<PauseReason[]>().notNull().default([]),
    /** The cell whose worker serves it. */
    cell: integer('cell').notNull().default(1),
    version: integer('version').notNull().default(1),
    createdAt: moment('created_at').notNull().defaultNow()
  },
  () => [organizationPolicy(sql`id`)]
);

export const user = pgTable(
  'user',
  {
    id: idColumn().primaryKey(),
    organizationId: text('organization_id')
      .notNull()
      .references(() => organization.id),
    role: text('role').$type<Role>().notNull(),
    name: text('name').notNull(),
    /** Lower case. Unique over all organizations: sign-in asks for no organization. */
    email: text('email').notNull(),
    language: text('language').$type<Language>().notNull(),
    plan: text('plan').$type<Plan>().notNull(),
    /** PHC string of argon2id; null: cannot sign in yet. */
    passwordHash: text('password_hash'),
    /** A deactivated user keeps their history, and nothing else. */
    active: boolean('active').notNull().default(true),
    version: integer('version').notNull().default(1),
    createdAt: moment('created_at').notNull().defaultNow()
  },
  (table) => [
    uniqueIndex('user_email_key').on(table.email),
    index('user_organization_idx').on(table.organizationId, table.name),
    organizationPolicy()
  ]
);

export const session = pgTable(
  'session',
  {
    /** SHA-256 of the token, hex: a stolen table opens no session. */
    tokenHash: text('token_hash').primaryKey(),
    organizationId: text('organization_id')
      .notNull()
      .references(() => organization.id),
    userId: text('user_id')
      .notNull()
      .references(() => user.id, { onDelete: 'cascade' }),
    createdAt: moment('created_at').notNull().defaultNow(),
    expiresAt: moment('expires_at').notNull()
  },
  (table) => [
    index('session_user_idx').on(table.userId),
    index('session_expires_idx').on(table.expiresAt),
    organizationPolicy()
  ]
);

/** What an agent can be rung on (P16), one of each kind. Passwords are derived, never stored. */
export const device = pgTable(
  'device',
  {
    /** Also the SIP user name. */
    id: idColumn().primaryKey(),
    organizationId: text('organization_id')
      .notNull()
      .references(() => organization.id),
    userId: text('user_id')
      .notNull()
      .references(() => user.id, { onDelete: 'cascade' }),
    kind: text('kind').$type<DeviceKind>().notNull(),
    /** Of a mobile: E.164. */
    number: text('number'),
    /** One more for each change of its password. */
    passwordVersion: integer('password_version').notNull().default(1),
    createdAt: moment('created_at').notNull().defaultNow()
  },
  (table) => [uniqueIndex('device_user_kind_key').on(table.userId, table.kind), organizationPolicy()]
);

/**
 * What an agent wants (matcher rule 6 and B9), written by history as it follows the facts: with Redis emptied the
 * worker reads it from here at its start, so that nobody is logged out.
 */
export const agentIntent = pgTable(
  'agent_intent',
  {
    agentId: text('agent_id').primaryKey(),
    organizationId: text('organization_id')
      .notNull()
      .references(() => organization.id),
    cell: integer('cell').notNull(),
    onShift: boolean('on_shift').notNull(),
    shiftSince: moment('shift_since'),
    deviceId: text('device_id'),
    /** Queues the agent is logged in to. */
    queueIds: text('queue_ids').array().notNull(),
    paused: boolean('paused').notNull(),
    pauseReason: text('pause_reason'),
    pauseReasonId: text('pause_reason_id'),
    pausedUntil: moment('paused_until'),
    pausedSince: moment('paused_since'),
    changedAt: moment('changed_at').notNull()
  },
  (table) => [index('agent_intent_cell_idx').on(table.cell), organizationPolicy()]
);

/**
 * The one table that ties a caller token to a person. Facts, audit and logs hold tokens only, so erasing the row's
 * number and name here erases the person everywhere (E8). A withheld number never gets a row (E3).
 */
export const caller = pgTable(
  'caller',
  {
    organizationId: text('organization_id')
      .notNull()
      .references(() => organization.id),
    token: text('token').primaryKey(),
    /** E.164; null once erased. */
    number: text('number'),
    name: text('name'),
    seenAt: moment('seen_at').notNull().defaultNow()
  },
  (table) => [
    index('caller_number_idx').on(table.organizationId, table.number),
    index('caller_seen_idx').on(table.organizationId, table.seenAt, table.token),
    organizationPolicy()
  ]
);
