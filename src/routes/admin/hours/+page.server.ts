import { redirect } from '@sveltejs/kit';
import { superValidate } from 'sveltekit-superforms';
import { zod4 } from 'sveltekit-superforms/adapters';
import { createScheduleForm } from '#lib/forms/hours.ts';
import { holidayCountries } from '#lib/hours/holidays.ts';
import { createTemporaryForm } from '#lib/forms/temporary.ts';
import { rulesOfForm } from '#lib/forms/week.ts';
import { withOrganization } from '#lib/server/db/index.ts';
import { actorOf, formAction } from '#lib/server/operations/form-action.ts';
import { createSchedule, createTemporary } from '#lib/server/operations/index.ts';
import { shownTemporaries } from '#lib/server/operations/read-temporary.ts';
import { listSchedules } from '#lib/server/operations/read-hours.ts';
import { readOrganization } from '#lib/server/operations/read-organization.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, parent }) => {
  const { organizationId } = actorOf(locals);
  const { db, nowMs } = locals.services;
  const { organization } = await parent();
  return {
    schedules: await withOrganization(db, organizationId, (tx) => listSchedules(tx, organizationId, nowMs())),
    temporaries: await withOrganization(db, organizationId, (tx) => shownTemporaries(tx, organizationId, nowMs())),
    form: await superValidate({ timeZone: organization.timeZone }, zod4(createScheduleForm), {
      id: 'create',
      errors: false
    }),
    temporaryForm: await superValidate(zod4(createTemporaryForm), { id: 'temporary', errors: false })
  };
};

/** What new hours begin with: five weekdays, eight to five, and the holidays of the organization's country. */
const weekday = { intervals: [{ from: '08:00', to: '17:00' }] };
const officeHours = rulesOfForm(
  [weekday, weekday, weekday, weekday, weekday, { intervals: [] }, { intervals: [] }],
  []
);

/** What a new temporary schedule begins with. */
const newTemporary = {
  effect: 'closed' as const,
  waiting: 'stay' as const,
  minutes: 120,
  target: { all: true, queueIds: [], tags: [], kinds: [] }
};

function ownOrganization(locals: App.Locals) {
  const { organizationId } = actorOf(locals);
  return withOrganization(locals.services.db, organizationId, (tx) => readOrganization(tx, organizationId));
}

export const actions: Actions = {
  create: async ({ request, locals }) => {
    const { country } = await ownOrganization(locals);
    const holidays = holidayCountries().includes(country) ? { country, region: null, days: [], own: [] } : null;
    const answer = await formAction(request, createScheduleForm, 'create', (data) =>
      locals.services.operations.run(createSchedule, actorOf(locals), { ...data, rules: officeHours, holidays })
    );
    if ('form' in answer && answer.form.message?.id) redirect(303, `/admin/hours/${answer.form.message.id}`);
    return answer;
  },

  temporary: async ({ request, locals }) => {
    const answer = await formAction(request, createTemporaryForm, 'temporary', ({ name }) =>
      locals.services.operations.run(createTemporary, actorOf(locals), { name, ...newTemporary })
    );
    if ('form' in answer && answer.form.message?.id) redirect(303, `/admin/hours/temporary/${answer.form.message.id}`);
    return answer;
  }
};
