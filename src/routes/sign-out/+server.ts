import { redirect } from '@sveltejs/kit';
import { endSession, sessionCookie } from '#lib/server/auth/index.ts';
import type { RequestHandler } from './$types';

export const POST: RequestHandler = async ({ locals, cookies }) => {
  if (locals.session) await endSession(locals.services.db, locals.session);
  cookies.delete(sessionCookie, { path: '/' });
  redirect(303, '/sign-in');
};
