import { pauseReasonsForm } from '#lib/forms/pauses.ts';
import { withOrganization } from '#lib/server/db/index.ts';
import { actorOf, formAction, plainAction } from '#lib/server/operations/form-action.ts';
import { readPauseReasons, restorePauseReasons, updatePauseReasons } from '#lib/server/operations/pauses.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, depends }) => {
  depends('vaxel:live');
  const { organizationId } = actorOf(locals);
  return withOrganization(locals.services.db, organizationId, (tx) => readPauseReasons(tx, organizationId));
};

export const actions: Actions = {
  save: ({ request, locals, url }) =>
    formAction(request, pauseReasonsForm, 'pauses', (data) => {
      const ifVersion = Number(url.searchParams.get('version')) || null;
      return locals.services.operations.run(updatePauseReasons, actorOf(locals), data, { ifVersion });
    }),

  undo: async ({ request, locals }) => {
    const version = Number((await request.formData()).get('version'));
    return plainAction(() => locals.services.operations.run(restorePauseReasons, actorOf(locals), { version }));
  }
};
