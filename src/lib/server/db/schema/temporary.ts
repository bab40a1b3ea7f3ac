import { boolean, integer, jsonb, pgTable, text, unique } from 'drizzle-orm/pg-core';
import type { TemporaryValue } from '#lib/acd/configuration.ts';
import type { Target } from '#lib/forms/temporary.ts';
import { idColumn, moment, organizationPolicy } from './common.ts';
import { organization } from './people.ts';

/** P2, B4: closes or opens many queues for a time. `on` is over at its `untilMs`, though nobody writes that here. */
export const temporarySchedule = pgTable(
  'temporary_schedule',
  {
    id: idColumn().primaryKey(),
    organizationId: text('organization_id')
      .notNull()
      .references(() => organization.id),
    name: text('name').notNull(),
    effect: text('effect').$type<TemporaryValue['effect']>().notNull(),
    waiting: text('waiting').$type<TemporaryValue['waiting']>().notNull(),
    /** How long it is on unless something else is said. */
    minutes: integer('minutes').notNull(),
    target: jsonb('target').$type<Target>().notNull(),
    on: jsonb('on').$type<TemporaryValue['on']>(),
    /** What is dialled after `*3` and `*4` to switch it; null: not by phone. */
    phoneNumber: integer('phone_number'),
    phoneAgents: boolean('phone_agents').notNull().default(false),
    version: integer('version').notNull().default(1),
    createdAt: moment('created_at').notNull().defaultNow()
  },
  (table) => [
    unique('temporary_schedule_organization_name_key').on(table.organizationId, table.name),
    unique('temporary_schedule_organization_phone_key').on(table.organizationId, table.phoneNumber),
    organizationPolicy()
  ]
);
