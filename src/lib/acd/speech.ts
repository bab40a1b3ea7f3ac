import type { Language } from './configuration.ts';

/**
 * Numbers and times as lists of announcements, each a word or a few of them (`pieces` in `pbx/sounds/texts.json`), which
 * one `play` speaks in a row. Words were chosen over whole sentences (a file for each place and minute) because a first
 * start has to make every file, and over Asterisk's own numbers because it has no Swedish voice.
 */

/** The largest number that is spoken; callers of `sayNumber` stop there. */
export const mostSpoken = 999;

/**
 * `one`: how the number ends where it ends in one. Swedish has *nummer tjugoett* but *tjugoen minuter*; English has one word.
 */
type One = 'ett' | 'en';

/** 1 to 999: what follows *your place in the queue is number*. Swedish: *hundra* stands alone for 100 to 199, as it is said; English: *one hundred and one*. */
export function sayNumber(number: number, language: Language, one: One = 'ett'): string[] {
  if (!Number.isInteger(number) || number < 1 || number > mostSpoken) throw new Error(`number-not-spoken: ${number}`);
  const hundreds = Math.floor(number / 100);
  const rest = number % 100;
  if (hundreds === 0) return sayBelowHundred(rest, language, one);
  const hundred = language === 'en' && rest > 0 ? 'number-hundred-and' : 'number-hundred';
  return [
    ...(hundreds > 1 || language === 'en' ? [`number-${hundreds}`] : []),
    hundred,
    ...(rest > 0 ? sayBelowHundred(rest, language, one) : [])
  ];
}

function sayBelowHundred(number: number, language: Language, one: One): string[] {
  if (number > 20 && number % 10 > 0) {
    return [`number-${number - (number % 10)}`, ...sayBelowHundred(number % 10, language, one)];
  }
  return [number === 1 && language === 'sv' && one === 'en' ? 'number-1-en' : `number-${number}`];
}

/**
 * A waiting time as it is told, in whole minutes. `from` 0: *less than* `to`; both the same: *about*. Never exact: a
 * caller takes a figure without *about* for a promise.
 */
export interface SpokenWait {
  fromMinutes: number;
  toMinutes: number;
}

/** What follows *the estimated waiting time is*. */
export function sayWait({ fromMinutes, toMinutes }: SpokenWait, language: Language): string[] {
  const to = sayMinutes(toMinutes, language);
  if (fromMinutes === 0) return ['less-than', ...to];
  if (fromMinutes === toMinutes) return ['about', ...to];
  return ['between', ...sayNumber(fromMinutes, language, 'en'), 'and', ...to];
}

/** The word follows the number just before it: *en minut*, *tjugoen minuter*, *one minute*, *twenty-one minutes*. */
function sayMinutes(minutes: number, language: Language): string[] {
  return [...sayNumber(minutes, language, 'en'), minutes === 1 ? 'minute' : 'minutes'];
}
