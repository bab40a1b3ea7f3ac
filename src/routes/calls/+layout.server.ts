import { error } from '@sveltejs/kit';
import { readOrganization } from '#lib/server/operations/read-organization.ts';
import { withOrganization } from '#lib/server/db/index.ts';
import type { LayoutServerLoad } from './$types';

export const load: LayoutServerLoad = async ({ locals }) => {
  const { session, services } = locals;
  if (!session) error(403, 'forbidden');
  const { organizationId, name, role } = session.actor;
  const organization = await withOrganization(services.db, organizationId, (tx) =>
    readOrganization(tx, organizationId)
  );
  return { organization, me: { name, role } };
};
