import { error, json } from '@sveltejs/kit';
import { z } from 'zod';
import { id } from '#lib/acd/ids.ts';
import { can } from '#lib/server/auth/index.ts';
import type { RequestHandler } from './$types';

const queueIds = z.union([z.literal('all'), z.array(z.string().max(64).transform(id.queue)).max(500)]);
const offerId = z.string().max(128).transform(id.offer);
/** What a desk may do; presence of pages is told by the sockets themselves. */
const click = z.discriminatedUnion('type', [
  z.object({ type: z.literal('start-shift'), deviceId: z.string().max(64).transform(id.device) }),
  z.object({ type: z.literal('change-device'), deviceId: z.string().max(64).transform(id.device) }),
  z.object({ type: z.literal('end-shift') }),
  z.object({ type: z.literal('log-in'), queueIds }),
  z.object({ type: z.literal('log-out'), queueIds }),
  z.object({
    type: z.literal('pause'),
    reason: z.string().max(60).nullable(),
    reasonId: z.string().max(64).optional()
  }),
  z.object({ type: z.literal('resume') }),
  z.object({ type: z.literal('ready') }),
  z.object({ type: z.literal('more-time'), seconds: z.number().int().min(5).max(600) }),
  z.object({ type: z.literal('decline'), offerId }),
  z.object({ type: z.literal('hang-up'), offerId }),
  z.object({ type: z.literal('call-lost'), offerId })
]);
const body = z.object({ commandId: z.string().uuid(), click });

/** One click of the agent's own desk: checked, sent to the worker, answered with what it said. */
export const POST: RequestHandler = async ({ locals, request }) => {
  const actor = locals.session?.actor;
  if (!actor || !can(actor, 'desk.use', { userId: actor.userId })) throw error(403, { message: 'forbidden' });
  const input = body.safeParse(await request.json().catch(() => null));
  if (!input.success) return json({ ok: false, code: 'bad-input' }, { status: 400 });
  // An id is the actor's own: another's cannot be answered by it.
  const commandId = `${actor.userId}:${input.data.commandId}`;
  const reply = await locals.live.click(id.agent(actor.userId), input.data.click, commandId);
  return json(reply, { status: reply.ok ? 200 : reply.code === 'worker-unavailable' ? 503 : 409 });
};
