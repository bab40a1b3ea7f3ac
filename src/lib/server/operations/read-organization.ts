import { eq } from 'drizzle-orm';
import { schema, type Transaction } from '#lib/server/db/index.ts';
import type { Language } from '#lib/acd/configuration.ts';
import { OperationError } from './error.ts';

export interface OrganizationRow {
  id: string;
  name: string;
  timeZone: string;
  country: string;
  language: Language;
  version: number;
}

export async function readOrganization(tx: Transaction, organizationId: string): Promise<OrganizationRow> {
  const { id, name, timeZone, country, language, version } = schema.organization;
  const rows = await tx
    .select({ id, name, timeZone, country, language, version })
    .from(schema.organization)
    .where(eq(schema.organization.id, organizationId));
  if (!rows[0]) throw new OperationError('not-found');
  return rows[0];
}
