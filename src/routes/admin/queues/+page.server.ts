import { redirect } from '@sveltejs/kit';
import { superValidate } from 'sveltekit-superforms';
import { zod4 } from 'sveltekit-superforms/adapters';
import { createQueueForm } from '#lib/forms/queues.ts';
import { withOrganization } from '#lib/server/db/index.ts';
import { actorOf, formAction } from '#lib/server/operations/form-action.ts';
import { createQueue } from '#lib/server/operations/index.ts';
import { listQueues } from '#lib/server/operations/read-queues.ts';
import { readSchedules } from '#lib/server/operations/read-schedules.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, depends }) => {
  depends('vaxel:live');
  const { organizationId } = actorOf(locals);
  const { db, nowMs } = locals.services;
  return withOrganization(db, organizationId, async (tx) => ({
    queues: await listQueues(tx, organizationId, nowMs()),
    schedules: (await readSchedules(tx, organizationId)).map(({ id, name }) => ({ id, name })),
    form: await superValidate(zod4(createQueueForm), { id: 'create', errors: false })
  }));
};

export const actions: Actions = {
  create: async ({ request, locals }) => {
    const answer = await formAction(request, createQueueForm, 'create', (data) =>
      locals.services.operations.run(createQueue, actorOf(locals), data)
    );
    if ('form' in answer && answer.form.message?.id) redirect(303, `/admin/queues/${answer.form.message.id}`);
    return answer;
  }
};
