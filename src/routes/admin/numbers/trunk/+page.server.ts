import { trunkForm } from '#lib/forms/trunk.ts';
import { withOrganization } from '#lib/server/db/index.ts';
import { actorOf, formAction, plainAction } from '#lib/server/operations/form-action.ts';
import { readTrunk, restoreTrunk, tryNumber, updateTrunk } from '#lib/server/operations/trunk.ts';
import { fail } from '@sveltejs/kit';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, depends }) => {
  depends('vaxel:live');
  const { organizationId } = actorOf(locals);
  return withOrganization(locals.services.db, organizationId, (tx) => readTrunk(tx, organizationId));
};

export const actions: Actions = {
  save: ({ request, locals, url }) =>
    formAction(request, trunkForm, 'trunk', (data) => {
      const ifVersion = Number(url.searchParams.get('version')) || null;
      return locals.services.operations.run(updateTrunk, actorOf(locals), data, { ifVersion });
    }),

  undo: async ({ request, locals }) => {
    const version = Number((await request.formData()).get('version'));
    return plainAction(() => locals.services.operations.run(restoreTrunk, actorOf(locals), { version }));
  },

  try: async ({ request, locals }) => {
    const number = (await request.formData()).get('number');
    const input = { number: typeof number === 'string' ? number : '' };
    const outcome = await locals.services.operations.run(tryNumber, actorOf(locals), input);
    return outcome.ok ? { tried: outcome.result } : fail(400, { code: outcome.code });
  }
};
