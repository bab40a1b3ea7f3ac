import { sql, type SQL } from 'drizzle-orm';
import { pgPolicy, pgRole, text, timestamp } from 'drizzle-orm/pg-core';

/**
 * The role of everything that a browser's request does. It owns nothing, so row-level security holds for it; the
 * owner's role (`vaxel_owner`) bypasses it. Made by `migrate`, since a role belongs to the cluster, not to one database.
 */
export const webRole = pgRole('vaxel_web').existing();

/** The organization of the running transaction, set by `withOrganization`; no row matches when it is not set. */
const current = sql`current_setting('vaxel.organization', true)`;

/** The web role sees and writes rows of its transaction's organization only. `column` names the organization in the row. */
export function organizationPolicy(column: SQL = sql`organization_id`) {
  const own = sql`${column} = ${current}`;
  return pgPolicy('own_organization', { as: 'permissive', for: 'all', to: webRole, using: own, withCheck: own });
}

/** A moment with milliseconds, as facts have them. */
export const moment = (name: string) => timestamp(name, { withTimezone: true, precision: 3, mode: 'date' });

/** Our ids are text: short enough for the channel variable VX and for a SIP user name (see `newId`). */
export const idColumn = (name = 'id') => text(name);
