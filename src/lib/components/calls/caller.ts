import type { calls } from '#lib/i18n/calls.ts';
import type { Language } from '#lib/i18n/language.ts';

/** Who called, in one piece: the name where there is one, else the number, else why there is none. */
export function callerName(
  caller: { number: string | null; name: string | null; withheld: boolean },
  t: (typeof calls)[Language]
): string {
  return caller.name ?? caller.number ?? (caller.withheld ? t.withheld : t.unknownCaller);
}
