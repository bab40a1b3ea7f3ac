import { getCountryCallingCode, type CountryCode } from 'libphonenumber-js';
import { plainTrunk } from '#lib/acd/upgrade.ts';
import { hashPassword } from '#lib/server/auth/password.ts';
import { newId, schema, withOrganization, type Database } from '#lib/server/db/index.ts';
import type { Actor } from '#lib/server/auth/can.ts';
import type { Language } from '#lib/acd/configuration.ts';
import { organizationValue, userValue } from './values.ts';
import { createWriter } from './write.ts';

export interface NewOrganization {
  name: string;
  timeZone: string;
  country: string;
  language: Language;
  cell?: number;
  administrator: { name: string; email: string; password: string };
}

/**
 * Makes an organization with its first administrator, who then does everything else by operations. For the system
 * itself (first run, demo, tests): needs the owner's role, as no user exists who could be permitted to.
 */
export async function createOrganization(
  db: Database,
  { administrator, ...input }: NewOrganization,
  nowMs: number
): Promise<Actor> {
  const organizationId = newId();
  const countryCode = getCountryCallingCode(input.country as CountryCode);
  const passwordHash = await hashPassword(administrator.password);
  return withOrganization(db, organizationId, async (tx) => {
    const { write } = createWriter({ tx, organizationId, by: null, operation: 'organization.create', atMs: nowMs });
    const [organization] = await tx
      .insert(schema.organization)
      .values({ id: organizationId, trunk: { ...plainTrunk, countryCode }, ...input })
      .returning();
    const [user] = await tx
      .insert(schema.user)
      .values({
        id: newId(),
        organizationId,
        role: 'administrator',
        name: administrator.name,
        email: administrator.email.toLowerCase(),
        language: input.language,
        plan: 'pro',
        passwordHash
      })
      .returning();
    if (!organization || !user) throw new Error('the insert returned no row');
    await write({ entity: 'organization', id: organizationId, version: 1, value: organizationValue(organization) });
    await write({ entity: 'user', id: user.id, version: 1, value: userValue(user) });
    return { userId: user.id, organizationId, role: user.role, name: user.name, language: user.language };
  });
}
