import { error } from '@sveltejs/kit';
import { isLanguage } from '#lib/i18n/language.ts';
import type { RequestHandler } from './$types';

/** An announcement as callers hear it. */
export const GET: RequestHandler = async ({ locals, params }) => {
  const file = isLanguage(params.language) ? await locals.services.sounds.file(params.language, params.name) : null;
  if (!file) error(404, { message: 'not-found' });
  return new Response(file, { headers: { 'content-type': 'audio/wav' } });
};
