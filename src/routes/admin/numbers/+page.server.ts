import { superValidate } from 'sveltekit-superforms';
import { zod4 } from 'sveltekit-superforms/adapters';
import { numberForm } from '#lib/forms/queues.ts';
import { withOrganization } from '#lib/server/db/index.ts';
import { actorOf, formAction, plainAction } from '#lib/server/operations/form-action.ts';
import { createNumber, removeNumber, updateNumber } from '#lib/server/operations/index.ts';
import { listNumbers } from '#lib/server/operations/read-numbers.ts';
import { isLanguage } from '#lib/i18n/language.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, depends }) => {
  depends('vaxel:live');
  const { organizationId, language } = actorOf(locals);
  return {
    ...(await withOrganization(locals.services.db, organizationId, (tx) => listNumbers(tx, organizationId))),
    form: await superValidate({ language }, zod4(numberForm), { id: 'create', errors: false })
  };
};

const text = (form: FormData, name: string) => {
  const value = form.get(name);
  return typeof value === 'string' ? value : undefined;
};

export const actions: Actions = {
  create: ({ request, locals }) =>
    formAction(request, numberForm, 'create', (data) =>
      locals.services.operations.run(createNumber, actorOf(locals), data)
    ),

  /** Where it leads, or its language; what is not sent stays. */
  update: async ({ request, locals }) => {
    const form = await request.formData();
    const [queueId, language] = [text(form, 'queueId'), text(form, 'language')];
    const input = {
      id: text(form, 'id') ?? '',
      ...(queueId !== undefined && { queueId: queueId || null }),
      ...(isLanguage(language) && { language })
    };
    return plainAction(() => locals.services.operations.run(updateNumber, actorOf(locals), input));
  },

  remove: async ({ request, locals }) => {
    const id = text(await request.formData(), 'id') ?? '';
    return plainAction(() => locals.services.operations.run(removeNumber, actorOf(locals), { id }));
  }
};
