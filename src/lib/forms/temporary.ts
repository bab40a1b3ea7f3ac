import { z } from 'zod';
import { mostPhoneNumber } from '#lib/phone-codes.ts';
import { idField, textField, wholeNumber } from './fields.ts';
import { queueKinds } from './kinds.ts';

/** P2. A temporary schedule is over after 31 days at the latest: what holds longer belongs into hours. */
export const longestMinutes = 31 * 24 * 60;
export const minutesField = wholeNumber(1, longestMinutes);

/** What is dialled after `*3` and `*4`. */
export const phoneNumberField = wholeNumber(1, mostPhoneNumber);

export const tagField = textField(30);
export const tagsField = z.array(tagField).max(20, 'too-many:20');

/** `invoices, west` as a list, each once. */
export function splitTags(text: string): string[] {
  return [
    ...new Set(
      text
        .split(',')
        .map((tag) => tag.trim())
        .filter((tag) => tag !== '')
    )
  ];
}

/** Queues it is for: all, or those that any of the lists names. */
export const targetField = z
  .object({
    all: z.boolean(),
    queueIds: z.array(idField).max(1_000, 'too-many:1000'),
    tags: tagsField,
    kinds: z.array(z.enum(queueKinds)).max(3)
  })
  .refine((target) => target.all || target.queueIds.length + target.tags.length + target.kinds.length > 0, {
    path: ['queueIds'],
    message: 'required'
  });
export type Target = z.output<typeof targetField>;

export const temporaryEffects = ['closed', 'open'] as const;
export const temporaryWaiting = ['stay', 'announce', 'forward'] as const;

export const temporaryForm = z.object({
  name: textField(60),
  effect: z.enum(temporaryEffects, 'required'),
  waiting: z.enum(temporaryWaiting, 'required'),
  /** How long it is on unless something else is said. */
  minutes: minutesField,
  target: targetField,
  /** null: not by phone. */
  phoneNumber: phoneNumberField.nullable().optional(),
  /** Whether agents may switch it by phone, and not only those who may here. */
  phoneAgents: z.boolean().optional()
});

export const createTemporaryForm = z.object({ name: textField(60) });

/** As the page has it; queues that another choice has hidden are kept, and count only with `some`. */
export const temporaryPageForm = z.object({
  name: textField(60),
  effect: z.enum(temporaryEffects, 'required'),
  waiting: z.enum(temporaryWaiting, 'required'),
  minutes: minutesField,
  scope: z.enum(['all', 'some']),
  tags: z.string().max(700, 'too-long:700'),
  kinds: z.array(z.enum(queueKinds)),
  queueIds: z.array(idField).max(1_000, 'too-many:1000'),
  phoneNumber: phoneNumberField.nullable(),
  phoneAgents: z.boolean()
});
