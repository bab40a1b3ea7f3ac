import { z } from 'zod';
import type { ClosingSettings } from '#lib/acd/configuration.ts';
import { wholeNumber } from './fields.ts';

export const unansweredWays = ['return', 'announce', 'end'] as const;
const number = z.string('required').trim().max(40, 'too-long:40').default('');

/** `ClosingSettings` as the page asks for them: a switch before each, minutes, and nothing typed for no number. */
export const queueClosingForm = z
  .object({
    full: z.boolean(),
    waitingMost: wholeNumber(1, 1_000).default(20),
    reopenAt: wholeNumber(0, 999).default(15),
    late: z.boolean(),
    waitedMostMinutes: wholeNumber(1, 120).default(15),
    situationTo: number,
    nobody: z.boolean(),
    nobodyTo: number,
    unreachable: z.boolean(),
    unreachableTo: number,
    unreachableSeconds: wholeNumber(5, 3_600).default(60),
    closedTo: number,
    ringSeconds: wholeNumber(5, 120).default(25),
    unanswered: z.enum(unansweredWays, 'required').default('return'),
    presentNumber: number
  })
  .refine((form) => !form.nobody || form.nobodyTo !== '', { path: ['nobodyTo'], message: 'required' })
  .refine((form) => !form.unreachable || form.unreachableTo !== '', { path: ['unreachableTo'], message: 'required' })
  .refine((form) => !form.full || form.reopenAt < form.waitingMost, { path: ['reopenAt'], message: 'reopen-below' });
export type ClosingValues = z.output<typeof queueClosingForm>;

/** What the form begins with: where something is off, what it would begin with if it were on. */
export function closingValues(closing: ClosingSettings): ClosingValues {
  const { waitingMost, waitedMostSeconds, nobodyTo, unreachableTo } = closing;
  return {
    full: waitingMost !== null,
    waitingMost: waitingMost ?? 20,
    reopenAt: waitingMost === null ? 15 : closing.reopenAt,
    late: waitedMostSeconds !== null,
    waitedMostMinutes: Math.max(1, Math.round((waitedMostSeconds ?? 900) / 60)),
    situationTo: closing.situationTo ?? '',
    nobody: nobodyTo !== null,
    nobodyTo: nobodyTo ?? '',
    unreachable: unreachableTo !== null,
    unreachableTo: unreachableTo ?? '',
    unreachableSeconds: closing.unreachableSeconds,
    closedTo: closing.closedTo ?? '',
    ringSeconds: closing.ringSeconds,
    unanswered: closing.unanswered,
    presentNumber: closing.presentNumber ?? ''
  };
}

/** Back to settings. A number whose switch is off is not kept. */
export function closingSettings(form: ClosingValues): ClosingSettings {
  const closes = form.full || form.late;
  return {
    closedTo: form.closedTo || null,
    waitingMost: form.full ? form.waitingMost : null,
    reopenAt: form.full ? form.reopenAt : 0,
    waitedMostSeconds: form.late ? form.waitedMostMinutes * 60 : null,
    situationTo: closes ? form.situationTo || null : null,
    nobodyTo: form.nobody ? form.nobodyTo : null,
    unreachableTo: form.unreachable ? form.unreachableTo : null,
    unreachableSeconds: form.unreachableSeconds,
    ringSeconds: form.ringSeconds,
    unanswered: form.unanswered,
    presentNumber: form.presentNumber || null
  };
}
