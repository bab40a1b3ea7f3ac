import { error } from '@sveltejs/kit';
import { schema, withOrganization } from '#lib/server/db/index.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals }) => {
  const actor = locals.session?.actor;
  if (!actor) throw error(403, { message: 'forbidden' });
  const [organization] = await withOrganization(locals.services.db, actor.organizationId, (tx) =>
    tx.select({ timeZone: schema.organization.timeZone }).from(schema.organization)
  );
  return { name: actor.name, timeZone: organization?.timeZone ?? 'UTC' };
};
