import { error } from '@sveltejs/kit';
import { withOrganization } from '#lib/server/db/index.ts';
import { readOrganization } from '#lib/server/operations/read-organization.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals }) => {
  const { session, services } = locals;
  if (!session) error(403, { message: 'forbidden' });
  const { organizationId, name, role } = session.actor;
  const organization = await withOrganization(services.db, organizationId, (tx) =>
    readOrganization(tx, organizationId)
  );
  return { organization: { name: organization.name, timeZone: organization.timeZone }, me: { name, role } };
};
