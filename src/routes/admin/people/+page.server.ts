import { redirect } from '@sveltejs/kit';
import { superValidate } from 'sveltekit-superforms';
import { zod4 } from 'sveltekit-superforms/adapters';
import { createUserForm } from '#lib/forms/people.ts';
import { withOrganization } from '#lib/server/db/index.ts';
import { actorOf, formAction } from '#lib/server/operations/form-action.ts';
import { createUser } from '#lib/server/operations/index.ts';
import { listPeople } from '#lib/server/operations/read-people.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals }) => {
  const { organizationId, language } = actorOf(locals);
  return {
    people: await withOrganization(locals.services.db, organizationId, (tx) => listPeople(tx, organizationId)),
    form: await superValidate({ language }, zod4(createUserForm), { id: 'create', errors: false })
  };
};

export const actions: Actions = {
  create: async ({ request, locals }) => {
    const answer = await formAction(request, createUserForm, 'create', (data) =>
      locals.services.operations.run(createUser, actorOf(locals), data)
    );
    if ('form' in answer && answer.form.message?.id) redirect(303, `/admin/people/${answer.form.message.id}`);
    return answer;
  }
};
