import { error, redirect } from '@sveltejs/kit';
import { minutesField, splitTags, temporaryPageForm, temporaryWaiting } from '#lib/forms/temporary.ts';
import { withOrganization } from '#lib/server/db/index.ts';
import { actorOf, formAction, plainAction } from '#lib/server/operations/form-action.ts';
import {
  OperationError,
  removeTemporary,
  switchOffTemporary,
  switchOnTemporary,
  undoTemporary,
  updateTemporary
} from '#lib/server/operations/index.ts';
import { readLive } from '#lib/server/operations/read-live.ts';
import { queuesOf, readPreview, readTemporary } from '#lib/server/operations/read-temporary.ts';
import type { Actions, PageServerLoad } from './$types';

const everyQueue = { all: true, queueIds: [], tags: [], kinds: [] };

export const load: PageServerLoad = async ({ locals, params, url, depends, parent }) => {
  depends('vaxel:live');
  const { organizationId } = actorOf(locals);
  const { db, nowMs } = locals.services;
  const { organization } = await parent();
  const waiting = await locals.live.waiting(organizationId, organization.timeZone);
  try {
    return await withOrganization(db, organizationId, async (tx) => {
      const row = await readTemporary(tx, organizationId, params.id);
      const now = nowMs();
      const asked = minutesField.safeParse(Number(url.searchParams.get('minutes') ?? row.minutes));
      const minutes = asked.success ? asked.data : row.minutes;
      const untilMs = now + minutes * 60_000;
      const { id, name, effect, target, version, phoneNumber, phoneAgents } = row;
      const settings = { id, name, effect, target, version, phoneNumber, phoneAgents };
      return {
        temporary: { ...settings, minutes: row.minutes, waiting: row.waiting },
        on: row.on && row.on.untilMs > now ? { queues: row.on.queueIds.length, untilMs: row.on.untilMs } : null,
        asked: {
          minutes,
          untilMs,
          waiting: temporaryWaiting.find((one) => one === url.searchParams.get('waiting')) ?? row.waiting,
          restOfDay: minutesLeft(organization.timeZone, now)
        },
        preview: await readPreview(tx, organizationId, { target, untilMs, waiting }),
        queues: (await queuesOf(tx, organizationId, everyQueue)).map((queue) => ({ id: queue.id, name: queue.name })),
        live: await readLive(tx, organizationId, [{ entity: 'temporary', ids: [id] }])
      };
    });
  } catch (cause) {
    if (cause instanceof OperationError && cause.code === 'not-found') error(404, 'not-found');
    throw cause;
  }
};

/** Of the organization's day, at least one. */
function minutesLeft(timeZone: string, nowMs: number): number {
  const now = Temporal.Instant.fromEpochMilliseconds(nowMs).toZonedDateTimeISO(timeZone);
  const midnight = now.startOfDay().add({ days: 1 }).startOfDay();
  return Math.max(1, Math.ceil((midnight.epochMilliseconds - nowMs) / 60_000));
}

const text = (form: FormData, name: string) => {
  const value = form.get(name);
  return typeof value === 'string' ? value : '';
};

export const actions: Actions = {
  save: ({ request, locals, params, url }) =>
    formAction(request, temporaryPageForm, `temporary-${params.id}`, ({ scope, tags, kinds, queueIds, ...data }) => {
      const target = { all: scope === 'all', queueIds, tags: splitTags(tags), kinds };
      const ifVersion = Number(url.searchParams.get('version')) || null;
      const input = { id: params.id, ...data, target };
      return locals.services.operations.run(updateTemporary, actorOf(locals), input, { ifVersion });
    }),

  on: async ({ request, locals, params }) => {
    const form = await request.formData();
    const input = {
      id: params.id,
      minutes: Number(text(form, 'minutes')),
      waiting: text(form, 'waiting') as (typeof temporaryWaiting)[number]
    };
    return plainAction(() => locals.services.operations.run(switchOnTemporary, actorOf(locals), input));
  },

  off: ({ locals, params }) =>
    plainAction(() => locals.services.operations.run(switchOffTemporary, actorOf(locals), { id: params.id })),

  undo: async ({ request, locals, params }) => {
    const version = Number(text(await request.formData(), 'version'));
    const input = { id: params.id, version };
    return plainAction(() => locals.services.operations.run(undoTemporary, actorOf(locals), input));
  },

  remove: async ({ locals, params }) => {
    const { operations } = locals.services;
    const answer = await plainAction(() => operations.run(removeTemporary, actorOf(locals), { id: params.id }));
    if ('ok' in answer) redirect(303, '/admin/hours');
    return answer;
  }
};
