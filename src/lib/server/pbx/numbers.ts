import { getCountries, getCountryCallingCode, parsePhoneNumberFromString } from 'libphonenumber-js';
import type { OutwardTrunk, TrunkSettings } from '#lib/acd/configuration.ts';

export const notNumbers = ['empty', 'not-digits', 'too-short', 'too-long', 'wrong-form', 'impossible'] as const;
export type NotANumber = (typeof notNumbers)[number];
/** `number`: `+` and digits, or a short number as it is. */
export type Reading = { ok: true; number: string } | { ok: false; why: NotANumber };

const mostDigits = 20;
const callingCodes: ReadonlySet<string> = new Set(getCountries().map((country) => getCountryCallingCode(country)));

/** Whether there is a country whose numbers begin so: `46`, not `4`. */
export const isCallingCode = (digits: string) => callingCodes.has(digits);

/**
 * E4: what a number is that came from a trunk. `+46…` and `0046…` are always understood; the settings say what digits
 * without them are. Short numbers (112, 1177, 116 000, 113 13) stay as they are, without spaces.
 */
export function readNumber(
  raw: string,
  { comesAs, countryCode }: Pick<TrunkSettings, 'comesAs' | 'countryCode'>
): Reading {
  const text = raw.replace(/[\s().-]/g, '');
  if (text === '') return { ok: false, why: 'empty' };
  if (!/^\+?[0-9]+$/.test(text)) return { ok: false, why: 'not-digits' };
  const digits = text.replace('+', '');
  if (digits.length < 2) return { ok: false, why: 'too-short' };
  if (digits.length > mostDigits) return { ok: false, why: 'too-long' };
  if (text.startsWith('+')) return possible(text);
  if (isShort(digits)) return { ok: true, number: digits };
  if (digits.startsWith('00')) return possible(`+${digits.slice(2)}`);
  if (comesAs === 'digits') return digits.startsWith('0') ? { ok: false, why: 'wrong-form' } : possible(`+${digits}`);
  if (comesAs === 'national' || digits.startsWith('0')) return possible(digits, countryCode);
  const international = possible(`+${digits}`);
  return international.ok ? international : possible(digits, countryCode);
}

/** E4: a number of ours as a trunk wants it: the reverse of `readNumber`. Short numbers as they are. */
export function writeNumber(
  number: string,
  { sendsAs, countryCode }: Pick<OutwardTrunk, 'sendsAs' | 'countryCode'>
): string {
  if (!number.startsWith('+') || sendsAs === 'plus') return number;
  const digits = number.slice(1);
  if (sendsAs === 'digits') return digits;
  if (sendsAs === 'national' && digits.startsWith(countryCode)) {
    // With the prefix that its country dials before national numbers, where there is one.
    const national = parsePhoneNumberFromString(number)?.formatNational().replace(/\D/g, '');
    if (national) return national;
  }
  return `00${digits}`;
}

function isShort(digits: string): boolean {
  return digits.length <= 5 || /^116\d{3}$/.test(digits);
}

function possible(text: string, countryCode?: string): Reading {
  // The parser throws at a country that is none, and what is thrown at the door stops the calls of everybody.
  if (countryCode !== undefined && !isCallingCode(countryCode)) return { ok: false, why: 'impossible' };
  const parsed = parsePhoneNumberFromString(text, countryCode ? { defaultCallingCode: countryCode } : undefined);
  return parsed?.isPossible() ? { ok: true, number: parsed.number } : { ok: false, why: 'impossible' };
}
