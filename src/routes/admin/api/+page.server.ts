import { superValidate } from 'sveltekit-superforms';
import { zod4 } from 'sveltekit-superforms/adapters';
import { apiTokenForm } from '#lib/forms/api-tokens.ts';
import { makeApiToken } from '#lib/server/auth/index.ts';
import { withOrganization } from '#lib/server/db/index.ts';
import { actorOf, formAction, plainAction } from '#lib/server/operations/form-action.ts';
import { createApiToken, removeApiToken } from '#lib/server/operations/index.ts';
import { listApiTokens } from '#lib/server/operations/read-api-tokens.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals }) => {
  const { organizationId } = actorOf(locals);
  const { db, nowMs } = locals.services;
  const first = { name: '', role: 'administrator' as const, days: 90 };
  return {
    tokens: await withOrganization(db, organizationId, (tx) => listApiTokens(tx, organizationId, nowMs())),
    form: await superValidate(first, zod4(apiTokenForm), { id: 'create', errors: false })
  };
};

export const actions: Actions = {
  /** The token goes into this one answer, and nowhere else. */
  create: async ({ request, locals }) => {
    const { token, tokenHash } = makeApiToken();
    const answer = await formAction(request, apiTokenForm, 'create', (data) =>
      locals.services.operations.run(createApiToken, actorOf(locals), { ...data, tokenHash })
    );
    return 'form' in answer && answer.form.valid ? { ...answer, token } : answer;
  },

  remove: async ({ request, locals }) => {
    const id = (await request.formData()).get('id');
    const input = { id: typeof id === 'string' ? id : '' };
    return plainAction(() => locals.services.operations.run(removeApiToken, actorOf(locals), input));
  }
};
