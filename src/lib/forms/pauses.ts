import { z } from 'zod';
import { idOrNoneField, textField, wholeNumber } from './fields.ts';

/** More are not found in a menu. */
export const mostPauseReasons = 20;
const mostMinutes = 480;

export const pauseReasonsForm = z.object({
  /** In the order agents see them. One without an id is new. */
  reasons: z
    .array(z.object({ id: idOrNoneField, name: textField(40), minutes: wholeNumber(1, mostMinutes).nullable() }))
    .max(mostPauseReasons, `too-many:${mostPauseReasons}`)
    .superRefine((reasons, context) => {
      const names = reasons.map(({ name }) => name.toLocaleLowerCase('sv'));
      names.forEach((name, index) => {
        if (names.indexOf(name) < index)
          context.addIssue({ code: 'custom', path: [index, 'name'], message: 'name-taken' });
      });
    })
});
