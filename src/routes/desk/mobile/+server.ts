import { json } from '@sveltejs/kit';
import { errorMessage } from '#lib/i18n/errors.ts';
import { mobileForm } from '#lib/forms/people.ts';
import { actorOf } from '#lib/server/operations/form-action.ts';
import { setOwnMobile } from '#lib/server/operations/index.ts';
import type { RequestHandler } from './$types';

/** The agent's own mobile number (P16); empty takes it away. Who they are is the session's. */
export const POST: RequestHandler = async ({ locals, request }) => {
  const input = mobileForm.safeParse(await request.json().catch(() => null));
  if (!input.success) return json({ ok: false, code: errorMessage('bad-input') }, { status: 400 });
  const outcome = await locals.services.operations.run(setOwnMobile, actorOf(locals), input.data);
  if (outcome.ok) return json({ ok: true });
  return json({ ok: false, code: errorMessage(outcome.code, outcome.detail) }, { status: 400 });
};
