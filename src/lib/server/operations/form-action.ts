import { fail, message, setError, superValidate, type SuperValidated } from 'sveltekit-superforms';
import { zod4, type ZodValidationSchema } from 'sveltekit-superforms/adapters';
import type { z } from 'zod';
import type { Actor } from '#lib/server/auth/can.ts';
import { errorMessage } from '#lib/i18n/errors.ts';
import type { Outcome } from './define.ts';
import { OperationError } from './error.ts';

const statuses: Record<string, 400 | 403 | 404 | 409> = {
  forbidden: 403,
  'not-found': 404,
  'version-conflict': 409,
  'idempotency-key-reused': 409
};

export type Saved = { saved: true; id?: string; version?: number; previousVersion?: number };
type Versions = { id?: string; version?: number; previousVersion?: number };

/**
 * A form action that calls one operation. A refusal goes to the field it names, or above the form; success carries the
 * new version, and the one before it for *Undo*.
 *
 * @param id of the form on the page, when the page has several
 */
export async function formAction<Schema extends ZodValidationSchema & z.ZodObject>(
  request: Request,
  schema: Schema,
  id: string,
  run: (data: z.output<Schema>) => Promise<Outcome<Versions>>
) {
  const form = await superValidate(request, zod4(schema), { id });
  if (!form.valid) return fail(400, { form });
  const outcome = await run(form.data as z.output<Schema>);
  if (outcome.ok) {
    const { id: made, version, previousVersion } = outcome.result;
    const saved: Saved = {
      saved: true,
      ...(made !== undefined && { id: made }),
      ...(version !== undefined && { version }),
      ...(previousVersion !== undefined && { previousVersion })
    };
    return message(form as SuperValidated<Record<string, unknown>, Saved>, saved);
  }
  const sentence = errorMessage(outcome.code, outcome.detail);
  return setError(form, fieldOf(form.data, outcome.field) as '', sentence, { status: statuses[outcome.code] ?? 400 });
}

/** Where superforms shows what is wrong with a field; a list has a place of its own for that. Empty: above the form. */
function fieldOf(data: object, field: string | null): string {
  if (field === null || !Object.hasOwn(data, field)) return '';
  return Array.isArray((data as Record<string, unknown>)[field]) ? `${field}._errors` : field;
}

/** An action without a form of its own, such as *Undo*: fields by name, the answer by code. */
export async function plainAction(run: () => Promise<Outcome<unknown>>) {
  const outcome = await run();
  if (outcome.ok) return { ok: true as const };
  return fail(statuses[outcome.code] ?? 400, { code: errorMessage(outcome.code, outcome.detail) });
}

/** The actor of a route that the hook has let through. */
export function actorOf(locals: { session: { actor: Actor } | null }): Actor {
  if (!locals.session) throw new OperationError('forbidden');
  return locals.session.actor;
}
