import { sql } from 'drizzle-orm';
import { customType, integer, pgTable, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core';
import type { SoundKind, SoundLanguage } from '#lib/sounds.ts';
import { idColumn, moment, organizationPolicy } from './common.ts';
import { organization } from './people.ts';

const bytes = customType<{ data: Buffer; driverData: Buffer }>({ dataType: () => 'bytea' });

/** P25: an organization's own announcement or music. Its files never change: who wants other words makes another. */
export const sound = pgTable(
  'sound',
  {
    id: idColumn().primaryKey(),
    organizationId: text('organization_id')
      .notNull()
      .references(() => organization.id),
    name: text('name').notNull(),
    kind: text('kind').$type<SoundKind>().notNull(),
    version: integer('version').notNull().default(1),
    createdAt: moment('created_at').notNull().defaultNow(),
    /** Kept for *Undo* until the organization's next import after 30 days. */
    removedAt: moment('removed_at')
  },
  (table) => [
    uniqueIndex('sound_organization_name_key')
      .on(table.organizationId, table.name)
      .where(sql`removed_at is null`),
    organizationPolicy()
  ]
);

/** One wav of 8 kHz, 16 bits, one channel, as callers hear it. */
export const soundFile = pgTable(
  'sound_file',
  {
    organizationId: text('organization_id')
      .notNull()
      .references(() => organization.id),
    soundId: text('sound_id')
      .notNull()
      .references(() => sound.id, { onDelete: 'cascade' }),
    language: text('language').$type<SoundLanguage>().notNull(),
    ms: integer('ms').notNull(),
    content: bytes('content').notNull()
  },
  (table) => [primaryKey({ columns: [table.soundId, table.language] }), organizationPolicy()]
);
