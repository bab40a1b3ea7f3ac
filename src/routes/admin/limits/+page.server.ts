import { limitsForm } from '#lib/forms/limits.ts';
import { withOrganization } from '#lib/server/db/index.ts';
import { actorOf, formAction, plainAction } from '#lib/server/operations/form-action.ts';
import { readLimits, restoreLimits, updateLimits } from '#lib/server/operations/limits.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, depends }) => {
  depends('vaxel:live');
  const { organizationId } = actorOf(locals);
  const { db, nowMs } = locals.services;
  return withOrganization(db, organizationId, (tx) => readLimits(tx, organizationId, nowMs()));
};

export const actions: Actions = {
  save: ({ request, locals, url }) =>
    formAction(request, limitsForm, 'limits', (data) => {
      const ifVersion = Number(url.searchParams.get('version')) || null;
      return locals.services.operations.run(updateLimits, actorOf(locals), data, { ifVersion });
    }),

  undo: async ({ request, locals }) => {
    const version = Number((await request.formData()).get('version'));
    return plainAction(() => locals.services.operations.run(restoreLimits, actorOf(locals), { version }));
  }
};
