import { error, redirect } from '@sveltejs/kit';
import { holidaysOfForm } from '#lib/forms/holidays.ts';
import { holidaysForm, weekForm } from '#lib/forms/hours.ts';
import { ruleForm, ruleOf } from '#lib/forms/rules.ts';
import { rulesOfForm } from '#lib/forms/week.ts';
import { withOrganization } from '#lib/server/db/index.ts';
import { actorOf, formAction, plainAction } from '#lib/server/operations/form-action.ts';
import { OperationError, removeSchedule, updateSchedule } from '#lib/server/operations/index.ts';
import { readHolidays, readSchedule, standardDays } from '#lib/server/operations/read-hours.ts';
import { readScheduleWeek } from '#lib/server/operations/read-schedule-week.ts';
import { readSchedules } from '#lib/server/operations/read-schedules.ts';
import type { ScheduleRule } from '#lib/hours/schedule.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, params, depends, url }) => {
  depends('vaxel:live');
  const { organizationId } = actorOf(locals);
  const { db, nowMs } = locals.services;
  try {
    const context = { nowMs: nowMs(), language: locals.language };
    const read = await withOrganization(db, organizationId, async (tx) => {
      const found = await readSchedule(tx, organizationId, params.id, context.nowMs);
      const question = { date: url.searchParams.get('week'), days: null };
      return { ...found, week: await readScheduleWeek(tx, organizationId, found, question, context) };
    });
    return { ...read, holidays: readHolidays(read.schedule, context.language, context.nowMs) };
  } catch (cause) {
    if (cause instanceof OperationError && cause.code === 'not-found') error(404, 'not-found');
    throw cause;
  }
};

/** The list as it was read at the version that the page knows: should it have changed, the version tells. */
async function changeRules(
  locals: App.Locals,
  id: string,
  url: URL,
  change: (rules: ScheduleRule[]) => ScheduleRule[]
) {
  const actor = actorOf(locals);
  const { db, operations } = locals.services;
  const [before] = await withOrganization(db, actor.organizationId, (tx) =>
    readSchedules(tx, actor.organizationId, [id])
  );
  const ifVersion = Number(url.searchParams.get('version')) || null;
  return operations.run(updateSchedule, actor, { id, rules: change(before?.rules ?? []) }, { ifVersion });
}

export const actions: Actions = {
  save: ({ request, locals, params, url }) =>
    formAction(request, weekForm, `week-${params.id}`, async ({ name, timeZone, days }) => {
      const actor = actorOf(locals);
      const { db, operations } = locals.services;
      const ifVersion = Number(url.searchParams.get('version')) || null;
      // Special rules are not on the page. Should they change between here and the write, the version tells.
      const [before] = await withOrganization(db, actor.organizationId, (tx) =>
        readSchedules(tx, actor.organizationId, [params.id])
      );
      const rules = rulesOfForm(days, before?.rules ?? []);
      return operations.run(updateSchedule, actor, { id: params.id, name, timeZone, rules }, { ifVersion });
    }),

  holidays: ({ request, locals, params, url }) =>
    formAction(request, holidaysForm, `holidays-${params.id}`, async (form) => {
      const actor = actorOf(locals);
      const { db, nowMs, operations } = locals.services;
      const ifVersion = Number(url.searchParams.get('version')) || null;
      const [schedule] = await withOrganization(db, actor.organizationId, (tx) =>
        readSchedules(tx, actor.organizationId, [params.id])
      );
      const before = schedule?.holidays ?? null;
      const standard = schedule ? standardDays(schedule, before, nowMs()) : [];
      const holidays = holidaysOfForm(form, standard, before);
      return operations.run(updateSchedule, actor, { id: params.id, holidays }, { ifVersion });
    }),

  /** A new rule, or, with its place in the list, another one instead. */
  rule: ({ request, locals, params, url }) =>
    formAction(request, ruleForm, `rule-${params.id}`, (form) => {
      const at = url.searchParams.get('index');
      return changeRules(locals, params.id, url, (rules) =>
        at === null
          ? [...rules, ruleOf(form)]
          : rules.map((rule, index) => (index === Number(at) ? ruleOf(form) : rule))
      );
    }),

  'remove-rule': async ({ request, locals, params, url }) => {
    // Left out, it is none of them: not the first.
    const at = Number((await request.formData()).get('index') ?? Number.NaN);
    return plainAction(() =>
      changeRules(locals, params.id, url, (rules) => rules.filter((_rule, index) => index !== at))
    );
  },

  remove: async ({ locals, params }) => {
    const { operations } = locals.services;
    const answer = await plainAction(() => operations.run(removeSchedule, actorOf(locals), { id: params.id }));
    if ('ok' in answer) redirect(303, '/admin/hours');
    return answer;
  }
};
