import { ownPath } from '#lib/forms/back.ts';
import { redirect } from '@sveltejs/kit';
import { fail, setError, superValidate } from 'sveltekit-superforms';
import { zod4 } from 'sveltekit-superforms/adapters';
import { signInForm } from '#lib/forms/people.ts';
import { setSessionCookie } from '#lib/server/auth/index.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals }) => {
  if (locals.session) redirect(303, '/');
  return { form: await superValidate(zod4(signInForm), { errors: false }) };
};

export const actions: Actions = {
  default: async ({ request, locals, url, cookies, getClientAddress }) => {
    const form = await superValidate(request, zod4(signInForm));
    if (!form.valid) return fail(400, { form });
    const { signIn, nowMs } = locals.services;
    const result = await signIn.signIn(form.data.email, form.data.password, getClientAddress(), nowMs());
    // A password never travels back to the page.
    form.data.password = '';
    if (!result.ok) {
      const throttled = result.code === 'too-many-attempts';
      const message = throttled ? `${result.code}:${Math.ceil(result.retryAfterSeconds / 60)}` : result.code;
      return setError(form, '', message, { status: throttled ? 429 : 400 });
    }
    setSessionCookie({ cookies, url }, result.token, result.expiresAt);
    const next = url.searchParams.get('next') ?? '';
    redirect(303, ownPath(next));
  }
};
