import { z } from 'zod';
import { closingReasons, mostParallel } from '#lib/acd/configuration.ts';
import { id } from '#lib/acd/ids.ts';
import { mostSpoken } from '#lib/acd/speech.ts';
import { distributions, queueKinds } from './kinds.ts';
import { idField, idOrNoneField, languageField, levelField, textField, wholeNumber } from './fields.ts';

/** What an announcement is now: the placeholder or recorded file by name. `null`: not played. */
export const announcementField = z
  .object({ media: z.string().regex(/^[a-z0-9][a-z0-9-]{0,40}$/, 'media-name'), mustBeHeard: z.boolean() })
  .nullable();

export const createQueueForm = z.object({
  name: textField(60),
  kind: z.enum(queueKinds, 'required').default('plus'),
  scheduleId: idOrNoneField.default('')
});

/** One part of a queue's page each, in the order of the caller's journey. */
export const queueNameForm = z.object({
  name: textField(60),
  kind: z.enum(queueKinds, 'required'),
  /** Written with commas between them. */
  tags: z.string().max(700, 'too-long:700')
});
/** Which announcement: empty for the one that comes with the product, else one of the organization's own. */
const ownMediaField = z.string().regex(/^(own-[a-z0-9]{1,40})?$/, 'media-name');
/** What is said when it is closed for a reason: what is said for all, one of its own, or nothing (busy). */
export const closedChoices = ['same', 'own', 'none'] as const;
export const queueHoursForm = z.object({
  scheduleId: idOrNoneField,
  playClosed: z.boolean(),
  closedMedia: ownMediaField,
  closedBy: z.record(z.enum(closingReasons), z.enum(closedChoices, 'required').or(ownMediaField))
});
export const queueWelcomeForm = z.object({
  playWelcome: z.boolean(),
  welcomeMedia: ownMediaField,
  mustBeHeard: z.boolean()
});
export const queueWaitingForm = z.object({
  playFirst: z.boolean(),
  firstMedia: ownMediaField,
  firstMustBeHeard: z.boolean(),
  playRepeated: z.boolean(),
  repeatedMedia: ownMediaField,
  repeatedMustBeHeard: z.boolean(),
  repeatEverySeconds: wholeNumber(10, 600),
  sayPosition: z.boolean(),
  positionMustBeHeard: z.boolean(),
  positionEverySeconds: wholeNumber(15, 600),
  positionMost: wholeNumber(1, mostSpoken),
  sayWaitingTime: z.boolean(),
  waitingTimeMustBeHeard: z.boolean(),
  waitingTimeEverySeconds: wholeNumber(30, 1_800),
  music: idOrNoneField
});
/** A number as somebody types it; empty or null: none. The operation makes it E.164 and checks that it may be called. */
const numberOrNone = z.string('required').max(40, 'too-long:40').nullable();

/** When callers are not let in, and where they go instead: `ClosingSettings`, one to one (P4, P10, P11). */
export const closingField = z.object({
  closedTo: numberOrNone,
  waitingMost: wholeNumber(1, 1_000).nullable(),
  reopenAt: wholeNumber(0, 999),
  waitedMostSeconds: wholeNumber(10, 7_200).nullable(),
  situationTo: numberOrNone,
  nobodyTo: numberOrNone,
  unreachableTo: numberOrNone,
  unreachableSeconds: wholeNumber(5, 3_600),
  ringSeconds: wholeNumber(5, 120),
  unanswered: z.enum(['return', 'announce', 'end'], 'required'),
  presentNumber: numberOrNone
});

export const queueAnswerForm = z
  .object({
    ringSeconds: wholeNumber(5, 120),
    wrapUpSeconds: wholeNumber(0, 600),
    logoutAfterUnanswered: wholeNumber(0, 20),
    declinesCount: z.boolean(),
    serviceLevelTargetPercent: wholeNumber(1, 100),
    serviceLevelSeconds: wholeNumber(1, 600),
    shortAbandonSeconds: wholeNumber(0, 60),
    warnSeconds: wholeNumber(5, 3600),
    badSeconds: wholeNumber(5, 3600)
  })
  .refine((form) => form.badSeconds > form.warnSeconds, { path: ['badSeconds'], message: 'after-warn' });

/** Steps in order of time, the first at 0 s; a skill is named once in a step (see `NeedStep`). */
export const needsField = z
  .array(
    z.object({
      afterSeconds: wholeNumber(0, 3_600),
      skills: z
        .array(z.object({ skillId: idField.transform(id.skill), level: levelField }))
        .max(10, 'too-many:10')
        .refine((skills) => new Set(skills.map(({ skillId }) => skillId)).size === skills.length, 'skill-twice')
    })
  )
  .max(10, 'too-many:10')
  .refine((steps) => steps.length === 0 || steps[0]?.afterSeconds === 0, 'needs-start')
  .refine(
    (steps) => steps.every(({ afterSeconds }, at) => at === 0 || afterSeconds > (steps[at - 1]?.afterSeconds ?? 0)),
    'needs-order'
  );

export const priorityFields = { creditSeconds: wholeNumber(0, 3_600), strict: z.boolean() };

/** Who is offered what, and when (P14, P15, B11). */
export const queueSharingForm = z.object({
  distribution: z.enum(distributions, 'required'),
  parallelAgents: wholeNumber(1, mostParallel),
  bestSkillFirst: z.boolean(),
  needs: needsField,
  ...priorityFields,
  keepPlaceSeconds: wholeNumber(0, 3_600)
});

/** Of a number, beside those of its queue. */
export const numberSharingForm = z.object({ needs: needsField, ...priorityFields });

/** What is left out stays; of a new member: tier 1, wrap-up as the queue says. */
export const memberForm = z.object({
  userId: idField,
  tier: wholeNumber(1, 9).optional(),
  wrapUpSeconds: wholeNumber(0, 600).nullable().optional()
});
export const removeMemberForm = z.object({ userId: idField });

export const numberForm = z.object({
  number: textField(40),
  /** Empty: leads nowhere yet. */
  queueId: idOrNoneField.default(''),
  language: languageField.default('sv')
});
