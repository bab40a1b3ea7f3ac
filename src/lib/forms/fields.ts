import { z } from 'zod';
import { highestLevel, lowestLevel } from '#lib/acd/configuration.ts';

/**
 * Fields as forms and operations check them. Messages are codes with limits, `code:parameter`, which
 * `#lib/i18n/errors.ts` turns into a sentence: the same schema serves both languages and the API.
 */
/** Control characters belong in no name: Postgres refuses some, SIP headers must never see others. */
const printable = /^\P{Cc}*$/u;

export const idField = z.string('required').min(1, 'required').max(64, 'too-long:64').regex(printable, 'bad-input');

/** An id, or empty: none. */
export const idOrNoneField = z.string('required').max(64, 'too-long:64').regex(printable, 'bad-input');

export const textField = (max: number) =>
  z.string('required').trim().min(1, 'required').max(max, `too-long:${max}`).regex(printable, 'bad-input');

export const wholeNumber = (min: number, max: number) =>
  z.number('number').int('number').min(min, `between:${min}:${max}`).max(max, `between:${min}:${max}`);

/** Of a configuration value; as large as its column takes. */
export const versionField = wholeNumber(1, 2_147_483_647);

export const levelField = wholeNumber(lowestLevel, highestLevel);

export const emailField = z
  .string('required')
  .trim()
  .toLowerCase()
  .max(254, 'too-long:254')
  .regex(/^[^\s\p{Cc}@]+@[^\s\p{Cc}@]+\.[^\s\p{Cc}@]+$/u, 'email');

export const languageField = z.enum(['sv', 'en'], 'required');

export const passwordField = z.string('required').min(10, 'password-short:10').max(200, 'too-long:200');
