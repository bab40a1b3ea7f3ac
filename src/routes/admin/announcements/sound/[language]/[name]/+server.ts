import { error } from '@sveltejs/kit';
import { isLanguage } from '#lib/i18n/language.ts';
import { soundOf } from '#lib/sounds.ts';
import { withOrganization } from '#lib/server/db/index.ts';
import { actorOf } from '#lib/server/operations/form-action.ts';
import { readSoundFile } from '#lib/server/operations/sounds.ts';
import type { RequestHandler } from './$types';

/** An announcement or music as callers hear it: one that comes with the product, or `own-ID`. */
export const GET: RequestHandler = async ({ locals, params: { language, name } }) => {
  const { organizationId } = actorOf(locals);
  const { db, sounds } = locals.services;
  const soundId = soundOf(name);
  let file: Uint8Array<ArrayBuffer> | null = null;
  if (language !== 'any' && !isLanguage(language)) error(404, { message: 'not-found' });
  if (soundId !== null)
    file = await withOrganization(db, organizationId, (tx) => readSoundFile(tx, organizationId, soundId, language));
  else if (language !== 'any') file = await sounds.file(language, name);
  if (!file) error(404, { message: 'not-found' });
  // An own one never changes.
  const cache = soundId === null ? 'no-cache' : 'private, max-age=31536000, immutable';
  return new Response(file, { headers: { 'content-type': 'audio/wav', 'cache-control': cache } });
};
