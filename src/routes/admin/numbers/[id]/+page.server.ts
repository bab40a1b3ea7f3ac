import { error } from '@sveltejs/kit';
import { numberSharingForm } from '#lib/forms/queues.ts';
import { withOrganization } from '#lib/server/db/index.ts';
import { actorOf, formAction, plainAction } from '#lib/server/operations/form-action.ts';
import { OperationError, updateNumber } from '#lib/server/operations/index.ts';
import { readNumber } from '#lib/server/operations/read-numbers.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, params, depends }) => {
  depends('vaxel:live');
  const { organizationId } = actorOf(locals);
  try {
    return await withOrganization(locals.services.db, organizationId, (tx) =>
      readNumber(tx, organizationId, params.id)
    );
  } catch (cause) {
    if (cause instanceof OperationError && cause.code === 'not-found') error(404, 'not-found');
    throw cause;
  }
};

export const actions: Actions = {
  sharing: ({ request, locals, params, url }) =>
    formAction(request, numberSharingForm, `sharing-${params.id}`, (data) => {
      const ifVersion = Number(url.searchParams.get('version')) || null;
      return locals.services.operations.run(updateNumber, actorOf(locals), { id: params.id, ...data }, { ifVersion });
    }),

  /** *Undo*: the page sends what was there. */
  undo: async ({ request, locals, params }) => {
    const before = numberSharingForm.safeParse(parsed((await request.formData()).get('before')));
    if (!before.success) return plainAction(async () => ({ ok: false, code: 'bad-input', field: null }));
    const input = { id: params.id, ...before.data };
    return plainAction(() => locals.services.operations.run(updateNumber, actorOf(locals), input));
  }
};

function parsed(text: unknown): unknown {
  try {
    return JSON.parse(String(text));
  } catch {
    return null; // refused like anything else that has not the form's shape
  }
}
