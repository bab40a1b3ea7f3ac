import { ownPath } from '#lib/forms/back.ts';
import { redirect } from '@sveltejs/kit';
import { isLanguage } from '#lib/i18n/language.ts';
import { themes } from '#lib/i18n/theme.ts';
import type { RequestHandler } from './$types';

const year = { path: '/', maxAge: 365 * 24 * 3600, sameSite: 'lax' as const, httpOnly: true, secure: false };

/** Language and appearance, for whoever uses this browser, signed in or not. Works without script. */
export const POST: RequestHandler = async ({ request, cookies }) => {
  const form = await request.formData();
  const language = text(form, 'language');
  const theme = text(form, 'theme');
  if (isLanguage(language)) cookies.set('language', language, year);
  if (themes.some((known) => known === theme)) cookies.set('theme', theme ?? 'system', year);
  redirect(303, localPath(text(form, 'back')));
};

/** Only a path of our own: the form must not lead anywhere else. */
function localPath(back: string | undefined): string {
  return ownPath(back);
}

function text(form: FormData, name: string): string | undefined {
  const value = form.get(name);
  return typeof value === 'string' ? value : undefined;
}
