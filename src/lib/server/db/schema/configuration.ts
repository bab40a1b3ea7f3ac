import { sql } from 'drizzle-orm';
import { bigint, index, integer, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { moment, organizationPolicy } from './common.ts';
import { organization } from './people.ts';

/** Everything that has versions: what the engine takes, schedules (evaluated into `hours-changed`), users and tokens (audit only). */
export type VersionedEntity =
  | 'organization'
  | 'queue'
  | 'member'
  | 'agent'
  | 'number'
  | 'skill'
  | 'schedule'
  | 'temporary'
  | 'sound'
  | 'user'
  | 'api-token';

/**
 * Outbox, audit, ETag, undo and history in one (design.md): written in the same transaction as the row it describes,
 * and never changed but for `applied_at`.
 */
export const configurationVersion = pgTable(
  'configuration_version',
  {
    organizationId: text('organization_id')
      .notNull()
      .references(() => organization.id),
    entity: text('entity').$type<VersionedEntity>().notNull(),
    id: text('id').notNull(),
    version: integer('version').notNull(),
    /** The whole value in the shape of `#lib/acd/configuration.ts`; null: removed. */
    value: jsonb('value').$type<unknown>(),
    /** The operation that wrote it, such as `queue.update`. */
    operation: text('operation').notNull(),
    /** The user's id, or `api:` and a token's; null: the system itself. */
    by: text('by'),
    at: moment('at').notNull().defaultNow(),
    /** When the worker had it in force; null: still on its way. */
    appliedAt: moment('applied_at'),
    /** Order of writing, for reading in order; never used to find unread rows (a late commit would be skipped). */
    sequence: bigint('sequence', { mode: 'number' }).generatedAlwaysAsIdentity()
  },
  (table) => [
    primaryKey({ columns: [table.organizationId, table.entity, table.id, table.version] }),
    index('configuration_version_unapplied_idx')
      .on(table.sequence)
      .where(sql`applied_at is null`),
    index('configuration_version_time_idx').on(table.organizationId, table.at),
    organizationPolicy()
  ]
);

/** The first answer of an operation that came with an idempotency key; a repetition gets it again. */
export const operationKey = pgTable(
  'operation_key',
  {
    organizationId: text('organization_id')
      .notNull()
      .references(() => organization.id),
    key: text('key').notNull(),
    operation: text('operation').notNull(),
    /** SHA-256 of the input, hex: the same key with another input is refused. */
    inputHash: text('input_hash').notNull(),
    result: jsonb('result').$type<unknown>(),
    at: moment('at').notNull().defaultNow()
  },
  (table) => [primaryKey({ columns: [table.organizationId, table.key] }), organizationPolicy()]
);
