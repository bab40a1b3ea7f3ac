import { z } from 'zod';
import { dialledPlaces, numbersIn, numbersOut } from '#lib/acd/configuration.ts';
import { textField } from './fields.ts';

/** E4, E5: how calls come and go. */
export const trunkForm = z.object({
  name: textField(20),
  countryCode: z.string('required').regex(/^[1-9][0-9]{0,3}$/, 'country-code'),
  dialledIn: z.enum(dialledPlaces, 'required'),
  comesAs: z.enum(numbersIn, 'required'),
  sendsAs: z.enum(numbersOut, 'required'),
  takesForeign: z.boolean(),
  asserted: z.boolean()
});

/** A number as a trunk might send it. */
export const tryNumberForm = z.object({ number: z.string('required').max(60, 'too-long:60') });
