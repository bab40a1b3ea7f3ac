import { error } from '@sveltejs/kit';
import { mobileForm, passwordForm, userForm } from '#lib/forms/people.ts';
import { agentSkillForm } from '#lib/forms/skills.ts';
import { softphonePassword } from '#lib/server/auth/index.ts';
import { withOrganization } from '#lib/server/db/index.ts';
import { actorOf, formAction, plainAction } from '#lib/server/operations/form-action.ts';
import {
  addDeskPhone,
  changeSoftphonePassword,
  OperationError,
  removeDeskPhone,
  resetPassword,
  setAgentSkill,
  setMobile,
  setUserActive,
  updateUser
} from '#lib/server/operations/index.ts';
import { readPhoneServer } from '#lib/server/settings.ts';
import { readPerson } from '#lib/server/operations/read-people.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, params, depends }) => {
  depends('vaxel:live');
  const { organizationId } = actorOf(locals);
  try {
    return await withOrganization(locals.services.db, organizationId, (tx) =>
      readPerson(tx, organizationId, params.id)
    );
  } catch (cause) {
    if (cause instanceof OperationError && cause.code === 'not-found') error(404, 'not-found');
    throw cause;
  }
};

export const actions: Actions = {
  details: ({ request, locals, params, url }) =>
    formAction(request, userForm, `details-${params.id}`, (data) => {
      const ifVersion = Number(url.searchParams.get('version')) || null;
      return locals.services.operations.run(updateUser, actorOf(locals), { id: params.id, ...data }, { ifVersion });
    }),

  password: async ({ request, locals, params }) => {
    const answer = await formAction(request, passwordForm, `password-${params.id}`, (data) =>
      locals.services.operations.run(resetPassword, actorOf(locals), { id: params.id, ...data })
    );
    // A password never travels back to the page.
    const form = 'form' in answer ? answer.form : answer.data.form;
    form.data.password = '';
    return answer;
  },

  softphone: ({ locals, params }) =>
    plainAction(() => locals.services.operations.run(changeSoftphonePassword, actorOf(locals), { id: params.id })),

  mobile: ({ request, locals, params }) =>
    formAction(request, mobileForm, `mobile-${params.id}`, (data) =>
      locals.services.operations.run(setMobile, actorOf(locals), { id: params.id, ...data })
    ),

  /** The password goes into this one answer, and nowhere else. */
  deskPhone: async ({ locals, params }) => {
    const { operations, secret } = locals.services;
    const outcome = await operations.run(addDeskPhone, actorOf(locals), { id: params.id });
    if (!outcome.ok) return plainAction(() => Promise.resolve(outcome));
    const { deviceId, passwordVersion } = outcome.result;
    const password = softphonePassword(secret, deviceId, passwordVersion);
    return { account: { server: readPhoneServer(), username: deviceId, password } };
  },

  removeDeskPhone: ({ locals, params }) =>
    plainAction(() => locals.services.operations.run(removeDeskPhone, actorOf(locals), { id: params.id })),

  /** One skill; an empty level takes it away. */
  skill: async ({ request, locals, params }) => {
    const form = await request.formData();
    const level = form.get('level');
    const input = agentSkillForm.safeParse({
      userId: params.id,
      skillId: form.get('skillId'),
      level: level === '' ? null : Number(level)
    });
    if (!input.success) return plainAction(async () => ({ ok: false, code: 'bad-input', field: null }));
    return plainAction(() => locals.services.operations.run(setAgentSkill, actorOf(locals), input.data));
  },

  active: async ({ request, locals, params }) => {
    const active = (await request.formData()).get('active') === 'yes';
    return plainAction(() => locals.services.operations.run(setUserActive, actorOf(locals), { id: params.id, active }));
  }
};
