import type { CallerView } from '#lib/live/topics.ts';
import { desk } from '#lib/i18n/desk.ts';
import type { Language } from '#lib/i18n/language.ts';
import { parsePhoneNumberFromString } from 'libphonenumber-js/min';

/** The name if there is one, else the number, else why there is none. */
export function callerName(caller: CallerView, language: Language): string {
  return caller.name ?? callerNumber(caller) ?? desk[language][caller.withheld ? 'withheld' : 'unknownCaller'];
}

/** Grouped for reading aloud: +46 70 174 06 12. null when withheld or unknown. */
export function callerNumber(caller: CallerView): string | null {
  if (caller.number === null) return null;
  return parsePhoneNumberFromString(caller.number)?.formatInternational() ?? caller.number;
}
