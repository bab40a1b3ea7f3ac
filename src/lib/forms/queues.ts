import { z } from 'zod';
import { queueKinds } from './kinds.ts';
import { idField, languageField, textField, wholeNumber } from './fields.ts';

/** What an announcement is now: the placeholder or recorded file by name. `null`: not played. */
export const announcementField = z
  .object({ media: z.string().regex(/^[a-z0-9][a-z0-9-]{0,40}$/, 'media-name'), mustBeHeard: z.boolean() })
  .nullable();

export const createQueueForm = z.object({
  name: textField(60),
  kind: z.enum(queueKinds, 'required').default('plus'),
  scheduleId: z.string().max(64).default('')
});

/** One part of a queue's page each, in the order of the caller's journey. */
export const queueNameForm = z.object({ name: textField(60), kind: z.enum(queueKinds, 'required') });
export const queueHoursForm = z.object({ scheduleId: z.string().max(64), playClosed: z.boolean() });
export const queueWelcomeForm = z.object({ playWelcome: z.boolean(), mustBeHeard: z.boolean() });
export const queueWaitingForm = z.object({
  playFirst: z.boolean(),
  playRepeated: z.boolean(),
  repeatEverySeconds: wholeNumber(10, 600)
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

export const memberForm = z.object({ userId: idField, tier: wholeNumber(1, 9).default(1) });
export const removeMemberForm = z.object({ userId: idField });

export const numberForm = z.object({
  number: textField(40),
  /** Empty: leads nowhere yet. */
  queueId: z.string().max(64).default(''),
  language: languageField.default('sv')
});
