import { readFilter } from '#lib/calls/filter.ts';
import { withOrganization } from '#lib/server/db/index.ts';
import { actorOf } from '#lib/server/operations/form-action.ts';
import { countCalls, listCalls, readChoices } from '#lib/server/operations/read-calls.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url }) => {
  const actor = actorOf(locals);
  const { db, nowMs } = locals.services;
  const filter = readFilter(url.searchParams);
  const after = url.searchParams.get('after');
  return withOrganization(db, actor.organizationId, async (tx) => {
    const now = nowMs();
    const list = await listCalls(tx, actor, filter, now, after);
    const { show } = filter;
    const level =
      show === 'counted' || show === 'late'
        ? {
            counted: await countCalls(tx, actor, { ...filter, show: 'counted' }, now),
            late: await countCalls(tx, actor, { ...filter, show: 'late' }, now)
          }
        : null;
    return { filter, after, list, level, choices: await readChoices(tx, actor, filter), nowMs: now };
  });
};
