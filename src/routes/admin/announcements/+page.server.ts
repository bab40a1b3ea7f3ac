import { fail } from '@sveltejs/kit';
import { errorMessage } from '#lib/i18n/errors.ts';
import { soundFields, soundForm } from '#lib/forms/sounds.ts';
import { withOrganization } from '#lib/server/db/index.ts';
import { actorOf, formAction, plainAction } from '#lib/server/operations/form-action.ts';
import { importSound, removeSound, renameSound, restoreSound } from '#lib/server/operations/index.ts';
import { readLive } from '#lib/server/operations/read-live.ts';
import { readOrganization } from '#lib/server/operations/read-organization.ts';
import { listSounds } from '#lib/server/operations/sounds.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, depends }) => {
  depends('vaxel:live');
  const { organizationId } = actorOf(locals);
  return withOrganization(locals.services.db, organizationId, async (tx) => {
    const sounds = await listSounds(tx, organizationId);
    const { timeZone } = await readOrganization(tx, organizationId);
    const live = await readLive(tx, organizationId, [{ entity: 'sound', ids: sounds.map(({ id }) => id) }]);
    return { sounds, timeZone, live };
  });
};

const text = (form: FormData, name: string) => {
  const value = form.get(name);
  return typeof value === 'string' ? value : '';
};

export const actions: Actions = {
  /** What is wrong comes back by field: `name`, or the file's language. */
  import: async ({ request, locals }) => {
    const form = await request.formData();
    const said = soundForm.safeParse({ name: text(form, 'name'), kind: text(form, 'kind') });
    if (!said.success) {
      const [issue] = said.error.issues;
      return fail(400, { field: String(issue?.path[0] ?? 'name'), code: issue?.message ?? 'bad-input' });
    }
    const languages = soundFields[said.data.kind];
    const files: { language: (typeof languages)[number]; content: Uint8Array<ArrayBuffer> }[] = [];
    for (const language of languages) {
      const file = form.get(language);
      if (file instanceof File && file.size > 0)
        files.push({ language, content: new Uint8Array(await file.arrayBuffer()) });
    }
    const [firstLanguage] = languages;
    if (files.length === 0) return fail(400, { field: firstLanguage, code: 'required' });
    const outcome = await locals.services.operations.run(importSound, actorOf(locals), { ...said.data, files });
    if (outcome.ok) return { id: outcome.result.id };
    return fail(400, { field: outcome.field, code: errorMessage(outcome.code, outcome.detail) });
  },

  rename: ({ request, locals, url }) => {
    const id = url.searchParams.get('id') ?? '';
    const ifVersion = Number(url.searchParams.get('version')) || null;
    return formAction(request, soundForm.pick({ name: true }), `rename-${id}`, (data) =>
      locals.services.operations.run(renameSound, actorOf(locals), { id, ...data }, { ifVersion })
    );
  },

  /** Taken back by *Undo*, whatever the version is then. */
  renameBack: async ({ request, locals }) => {
    const form = await request.formData();
    const input = { id: text(form, 'id'), name: text(form, 'name') };
    return plainAction(() => locals.services.operations.run(renameSound, actorOf(locals), input));
  },

  remove: async ({ request, locals }) => {
    const id = text(await request.formData(), 'id');
    return plainAction(() => locals.services.operations.run(removeSound, actorOf(locals), { id }));
  },

  restore: async ({ request, locals }) => {
    const id = text(await request.formData(), 'id');
    return plainAction(() => locals.services.operations.run(restoreSound, actorOf(locals), { id }));
  }
};
