import { error } from '@sveltejs/kit';
import { withSnapshot } from '#lib/server/db/index.ts';
import { OperationError } from '#lib/server/operations/index.ts';
import { actorOf } from '#lib/server/operations/form-action.ts';
import { readCall } from '#lib/server/operations/read-call.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, params, depends }) => {
  depends('vaxel:call');
  const actor = actorOf(locals);
  try {
    return {
      call: await withSnapshot(locals.services.db, actor.organizationId, (tx) =>
        readCall(tx, actor, params.id, locals.language)
      )
    };
  } catch (cause) {
    if (cause instanceof OperationError && cause.code === 'not-found') error(404, 'not-found');
    throw cause;
  }
};
