import { index, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { idColumn, moment, organizationPolicy } from './common.ts';
import { organization, type Role } from './people.ts';

/** What a program comes in with (B12). It has a role of its own, so that it goes on when whoever made it has left. */
export const apiToken = pgTable(
  'api_token',
  {
    id: idColumn().primaryKey(),
    organizationId: text('organization_id')
      .notNull()
      .references(() => organization.id),
    name: text('name').notNull(),
    role: text('role').$type<ApiRole>().notNull(),
    /** SHA-256 of the token, hex: a stolen table opens nothing. */
    tokenHash: text('token_hash').notNull(),
    /** The user who made it. */
    madeBy: text('made_by').notNull(),
    createdAt: moment('created_at').notNull().defaultNow(),
    expiresAt: moment('expires_at').notNull(),
    /** To the minute; null: never. */
    lastUsedAt: moment('last_used_at')
  },
  (table) => [
    uniqueIndex('api_token_hash_key').on(table.tokenHash),
    index('api_token_organization_idx').on(table.organizationId, table.name),
    organizationPolicy()
  ]
);

/** No program sits at a desk. */
export type ApiRole = Exclude<Role, 'agent'>;
