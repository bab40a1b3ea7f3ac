import { superValidate } from 'sveltekit-superforms';
import { zod4 } from 'sveltekit-superforms/adapters';
import { skillForm } from '#lib/forms/skills.ts';
import { withOrganization } from '#lib/server/db/index.ts';
import { actorOf, formAction, plainAction } from '#lib/server/operations/form-action.ts';
import { createSkill, removeSkill, renameSkill } from '#lib/server/operations/index.ts';
import { listSkills } from '#lib/server/operations/read-skills.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, depends }) => {
  depends('vaxel:live');
  const { organizationId } = actorOf(locals);
  return {
    ...(await withOrganization(locals.services.db, organizationId, (tx) => listSkills(tx, organizationId))),
    form: await superValidate(zod4(skillForm), { id: 'create', errors: false })
  };
};

const text = (form: FormData, name: string) => {
  const value = form.get(name);
  return typeof value === 'string' ? value : '';
};

export const actions: Actions = {
  create: ({ request, locals }) =>
    formAction(request, skillForm, 'create', (data) =>
      locals.services.operations.run(createSkill, actorOf(locals), data)
    ),

  rename: ({ request, locals, url }) => {
    const id = url.searchParams.get('id') ?? '';
    const ifVersion = Number(url.searchParams.get('version')) || null;
    return formAction(request, skillForm, `rename-${id}`, (data) =>
      locals.services.operations.run(renameSkill, actorOf(locals), { id, ...data }, { ifVersion })
    );
  },

  /** Taken back by *Undo*, whatever the version is then. */
  renameBack: async ({ request, locals }) => {
    const form = await request.formData();
    const input = { id: text(form, 'id'), name: text(form, 'name') };
    return plainAction(() => locals.services.operations.run(renameSkill, actorOf(locals), input));
  },

  remove: async ({ request, locals }) => {
    const id = text(await request.formData(), 'id');
    return plainAction(() => locals.services.operations.run(removeSkill, actorOf(locals), { id }));
  }
};
