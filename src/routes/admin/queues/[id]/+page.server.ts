import { error } from '@sveltejs/kit';
import { closingReasons, type AnnouncementSetting, type ClosingReason } from '#lib/acd/configuration.ts';
import { id as ids } from '#lib/acd/ids.ts';
import { closingSettings, queueClosingForm } from '#lib/forms/closing.ts';
import {
  memberForm,
  queueAnswerForm,
  queueHoursForm,
  queueNameForm,
  queueSharingForm,
  queueWaitingForm,
  queueWelcomeForm
} from '#lib/forms/queues.ts';
import { splitTags } from '#lib/forms/temporary.ts';
import { withOrganization } from '#lib/server/db/index.ts';
import { actorOf, formAction, plainAction } from '#lib/server/operations/form-action.ts';
import {
  addMember,
  furtherAnnouncements,
  OperationError,
  removeMember,
  restoreMember,
  restoreQueue,
  standardAnnouncements,
  updateNumber,
  updateQueue
} from '#lib/server/operations/index.ts';
import { readQueue } from '#lib/server/operations/read-queues.ts';
import type { Actions, PageServerLoad, RequestEvent } from './$types';

export const load: PageServerLoad = async ({ locals, params, depends }) => {
  depends('vaxel:live');
  const { organizationId } = actorOf(locals);
  const { db, nowMs } = locals.services;
  try {
    return await withOrganization(db, organizationId, (tx) => readQueue(tx, organizationId, params.id, nowMs()));
  } catch (cause) {
    if (cause instanceof OperationError && cause.code === 'not-found') error(404, 'not-found');
    throw cause;
  }
};

type Change = Omit<Parameters<typeof updateQueue.run>[1], 'id'>;

/** One part of the queue; the version in the action's address is the one the page had when the part was opened. */
function update({ locals, params, url }: RequestEvent, change: Change) {
  const ifVersion = Number(url.searchParams.get('version')) || null;
  return locals.services.operations.run(updateQueue, actorOf(locals), { id: params.id, ...change }, { ifVersion });
}

/** An announcement with words of the organization's own, where some were chosen. */
const saying = (standard: AnnouncementSetting, own: string): AnnouncementSetting =>
  own === '' ? standard : { ...standard, media: own };

/** What is chosen for a reason, other than what is said for all: the product's words for it, own ones, or nothing. */
function closedAnnouncement(reason: ClosingReason, choice: string | undefined): AnnouncementSetting | null {
  if (!choice || choice === 'none') return null;
  return saying(furtherAnnouncements.closedBy(reason), choice === 'own' ? '' : choice);
}

const text = (form: FormData, name: string) => {
  const value = form.get(name);
  return typeof value === 'string' ? value : '';
};

export const actions: Actions = {
  name: (event) =>
    formAction(event.request, queueNameForm, `name-${event.params.id}`, ({ tags, ...data }) =>
      update(event, { ...data, tags: splitTags(tags) })
    ),

  hours: (event) =>
    formAction(event.request, queueHoursForm, `hours-${event.params.id}`, ({ scheduleId, closedBy, ...data }) =>
      update(event, {
        scheduleId: scheduleId || null,
        closed: data.playClosed ? saying(standardAnnouncements.closed, data.closedMedia) : null,
        closedBy: Object.fromEntries(
          closingReasons
            .filter((reason) => closedBy[reason] !== 'same')
            .map((reason) => [reason, closedAnnouncement(reason, closedBy[reason])])
        )
      })
    ),

  welcome: (event) =>
    formAction(event.request, queueWelcomeForm, `welcome-${event.params.id}`, (data) =>
      update(event, {
        welcome: data.playWelcome
          ? { ...saying(standardAnnouncements.welcome, data.welcomeMedia), mustBeHeard: data.mustBeHeard }
          : null
      })
    ),

  waiting: (event) =>
    formAction(event.request, queueWaitingForm, `waiting-${event.params.id}`, (data) =>
      update(event, {
        first: data.playFirst
          ? { ...saying(standardAnnouncements.first, data.firstMedia), mustBeHeard: data.firstMustBeHeard }
          : null,
        repeated: data.playRepeated
          ? { ...saying(standardAnnouncements.repeated, data.repeatedMedia), mustBeHeard: data.repeatedMustBeHeard }
          : null,
        music: data.music ? ids.sound(data.music) : null,
        repeatEverySeconds: data.repeatEverySeconds,
        position: data.sayPosition ? { ...furtherAnnouncements.position, mustBeHeard: data.positionMustBeHeard } : null,
        positionEverySeconds: data.positionEverySeconds,
        positionMost: data.positionMost,
        waitingTime: data.sayWaitingTime
          ? { ...furtherAnnouncements.waitingTime, mustBeHeard: data.waitingTimeMustBeHeard }
          : null,
        waitingTimeEverySeconds: data.waitingTimeEverySeconds
      })
    ),

  sharing: (event) =>
    formAction(event.request, queueSharingForm, `sharing-${event.params.id}`, (data) => update(event, data)),

  closing: (event) =>
    formAction(event.request, queueClosingForm, `closing-${event.params.id}`, async (data) => {
      const outcome = await update(event, { closing: closingSettings(data) });
      // The page asks for the settings one by one.
      return outcome.ok ? outcome : { ...outcome, field: outcome.field?.replace(/^closing\./, '') ?? null };
    }),

  answer: (event) =>
    formAction(event.request, queueAnswerForm, `answer-${event.params.id}`, (data) => update(event, data)),

  undo: async ({ locals, params, request }) => {
    const version = Number(text(await request.formData(), 'version'));
    const { operations } = locals.services;
    return plainAction(() => operations.run(restoreQueue, actorOf(locals), { id: params.id, version }));
  },

  lead: async ({ locals, request }) => {
    const form = await request.formData();
    const input = { id: text(form, 'id'), queueId: text(form, 'queueId') || null };
    return plainAction(() => locals.services.operations.run(updateNumber, actorOf(locals), input));
  },

  addMember: async ({ locals, params, request }) => {
    const form = await request.formData();
    const [tier, wrapUp] = [text(form, 'tier'), form.get('wrapUpSeconds')];
    // What is not sent stays; an empty wrap-up is the queue's.
    const input = memberForm.safeParse({
      userId: text(form, 'userId'),
      ...(tier !== '' && { tier: Number(tier) }),
      ...(wrapUp !== null && { wrapUpSeconds: wrapUp === '' ? null : Number(wrapUp) })
    });
    if (!input.success) return plainAction(async () => ({ ok: false, code: 'bad-input', field: null }));
    const member = { queueId: params.id, ...input.data };
    return plainAction(() => locals.services.operations.run(addMember, actorOf(locals), member));
  },

  removeMember: async ({ locals, params, request }) => {
    const member = { queueId: params.id, userId: text(await request.formData(), 'userId') };
    return plainAction(() => locals.services.operations.run(removeMember, actorOf(locals), member));
  },

  restoreMember: async ({ locals, params, request }) => {
    const member = { queueId: params.id, userId: text(await request.formData(), 'userId') };
    return plainAction(() => locals.services.operations.run(restoreMember, actorOf(locals), member));
  }
};
