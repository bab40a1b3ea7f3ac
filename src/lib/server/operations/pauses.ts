import { eq } from 'drizzle-orm';
import { z } from 'zod';
import type { OrganizationValue } from '#lib/acd/configuration.ts';
import { versionField } from '#lib/forms/fields.ts';
import { pauseReasonsForm } from '#lib/forms/pauses.ts';
import { newId, schema, type Transaction } from '#lib/server/db/index.ts';
import { defineOperation } from './define.ts';
import { OperationError } from './error.ts';
import { saveOrganization } from './organization-part.ts';
import { readLive } from './read-live.ts';
import { valueAt } from './write.ts';

/** Why agents may pause, and how long. A pause that is under way keeps the name and the limit it began with. */
export const updatePauseReasons = defineOperation({
  name: 'organization.pause-reasons',
  permission: 'organization.write',
  input: pauseReasonsForm,
  run: (context, { reasons }) =>
    saveOrganization(context, { pauseReasons: reasons.map(({ id, ...reason }) => ({ id: id || newId(), ...reason })) })
});

/** Undo: the reasons of an earlier version. */
export const restorePauseReasons = defineOperation({
  name: 'organization.pause-reasons-restore',
  permission: 'organization.write',
  input: z.object({ version: versionField }),
  async run(context, { version }) {
    const value = (await valueAt(
      context,
      'organization',
      context.organizationId,
      version
    )) as Partial<OrganizationValue>;
    // Of before there were any.
    return saveOrganization(context, { pauseReasons: value.pauseReasons ?? [] });
  }
});

export async function readPauseReasons(tx: Transaction, organizationId: string) {
  const { pauseReasons, version } = schema.organization;
  const [row] = await tx
    .select({ pauseReasons, version })
    .from(schema.organization)
    .where(eq(schema.organization.id, organizationId));
  if (!row) throw new OperationError('not-found');
  return { ...row, live: await readLive(tx, organizationId, [{ entity: 'organization', ids: [organizationId] }]) };
}
