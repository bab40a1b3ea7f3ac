import { z } from 'zod';
import { textField, wholeNumber } from './fields.ts';

export const apiRoles = ['administrator', 'supervisor'] as const;
/** So long a token may hold: every one is replaced some day. */
export const mostTokenDays = 366;

export const apiTokenForm = z.object({
  name: textField(60),
  role: z.enum(apiRoles, 'required'),
  days: wholeNumber(1, mostTokenDays)
});
