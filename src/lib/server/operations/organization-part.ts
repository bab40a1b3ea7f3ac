import { eq } from 'drizzle-orm';
import type { OrganizationValue } from '#lib/acd/configuration.ts';
import { schema } from '#lib/server/db/index.ts';
import type { OperationContext } from './define.ts';
import { organizationValue } from './values.ts';

/** Pages of their own change a part of the organization each: one row, one version, one *Undo* for all of them. */
export async function saveOrganization(
  { tx, organizationId, expect, write }: OperationContext,
  part: Partial<Pick<OrganizationValue, 'outgoing' | 'trunk' | 'pauseReasons'>>
) {
  const own = eq(schema.organization.id, organizationId);
  const before = expect((await tx.select().from(schema.organization).where(own).for('update'))[0]);
  const version = before.version + 1;
  await tx
    .update(schema.organization)
    .set({ ...part, version })
    .where(own);
  await write({
    entity: 'organization',
    id: organizationId,
    version,
    value: organizationValue({ ...before, ...part })
  });
  return { id: organizationId, version, previousVersion: before.version };
}
