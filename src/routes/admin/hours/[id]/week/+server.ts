import { error, json } from '@sveltejs/kit';
import { weekForm } from '#lib/forms/hours.ts';
import { withOrganization } from '#lib/server/db/index.ts';
import { OperationError } from '#lib/server/operations/error.ts';
import { actorOf } from '#lib/server/operations/form-action.ts';
import { readSchedule } from '#lib/server/operations/read-hours.ts';
import { readScheduleWeek } from '#lib/server/operations/read-schedule-week.ts';
import type { RequestHandler } from './$types';

/** A week as it would be with the hours that are being edited: nothing is saved. */
export const GET: RequestHandler = async ({ locals, params, url }) => {
  const days = weekForm.shape.days.safeParse(parsed(url.searchParams.get('days')));
  if (!days.success) error(400, { message: 'bad-input' });
  const { organizationId } = actorOf(locals);
  const { db } = locals.services;
  const context = { nowMs: locals.services.nowMs(), language: locals.language };
  const question = { date: url.searchParams.get('week'), days: days.data };
  try {
    return json(
      await withOrganization(db, organizationId, async (tx) => {
        const read = await readSchedule(tx, organizationId, params.id, context.nowMs);
        return readScheduleWeek(tx, organizationId, read, question, context);
      })
    );
  } catch (cause) {
    if (cause instanceof OperationError && cause.code === 'not-found') error(404, { message: 'not-found' });
    throw cause;
  }
};

function parsed(text: string | null): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    // Not JSON is no week either: the form's own check refuses it.
    return null;
  }
}
