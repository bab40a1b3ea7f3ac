import { error } from '@sveltejs/kit';
import { schema, withOrganization } from '#lib/server/db/index.ts';
import { temporariesByPhone } from '#lib/server/operations/read-temporary.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals }) => {
  const actor = locals.session?.actor;
  if (!actor) throw error(403, { message: 'forbidden' });
  return withOrganization(locals.services.db, actor.organizationId, async (tx) => {
    const [organization] = await tx.select({ timeZone: schema.organization.timeZone }).from(schema.organization);
    const temporaries = await temporariesByPhone(tx, actor.organizationId);
    return { name: actor.name, timeZone: organization?.timeZone ?? 'UTC', temporaries };
  });
};
