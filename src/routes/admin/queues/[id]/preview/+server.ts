import { error, json } from '@sveltejs/kit';
import { z } from 'zod';
import { assumptions } from '#lib/preview/steps.ts';
import { withOrganization } from '#lib/server/db/index.ts';
import { actorOf } from '#lib/server/operations/form-action.ts';
import { readOrganization } from '#lib/server/operations/read-organization.ts';
import { readCallerPreview } from '#lib/server/operations/read-preview.ts';
import type { RequestHandler } from './$types';

const question = z.object({
  at: z.string().max(30).nullable(),
  assumption: z.enum(assumptions),
  language: z.enum(['sv', 'en']).nullable()
});

/** B2: what a caller hears. A refusal is an answer like any other, which the panel shows in words. */
export const GET: RequestHandler = async ({ locals, params, url }) => {
  const get = (name: string) => url.searchParams.get(name) || null;
  const input = question.safeParse({ at: get('at'), assumption: get('assumption'), language: get('language') });
  if (!input.success) error(400, { message: 'bad-input' });
  const { at: moment, ...asked } = input.data;
  const { organizationId } = actorOf(locals);
  const { db, nowMs, sounds } = locals.services;
  const { timeZone } = await withOrganization(db, organizationId, (tx) => readOrganization(tx, organizationId));
  const queueNow = moment === null ? await locals.live.queueNow(organizationId, timeZone, params.id) : null;
  const context = { sounds, nowMs: nowMs(), language: locals.language, queueNow };
  const answer = await withOrganization(db, organizationId, (tx) =>
    readCallerPreview(tx, organizationId, { queueId: params.id, moment, ...asked }, context)
  );
  return json(answer);
};
