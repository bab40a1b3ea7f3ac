import { parsePhoneNumberFromString, type CountryCode } from 'libphonenumber-js';

/**
 * E4: makes `+` and digits of every form a trunk may use (+46…, 0046…, 46…, 08…). Short numbers (112, 1177, 116 000,
 * 113 13) stay as they are, without spaces. null when it is no number at all.
 */
export function toE164(raw: string, country: CountryCode = 'SE'): string | null {
  const text = raw.replace(/[\s().-]/g, '');
  if (!/^\+?[0-9]{2,20}$/.test(text)) return null;
  const digits = text.replace('+', '');
  if (!text.startsWith('+') && (digits.length <= 5 || /^116\d{3}$/.test(digits))) return digits;
  const parsed = parsePhoneNumberFromString(text, country);
  if (parsed?.isPossible() && (text.startsWith('+') || text.startsWith('0'))) return parsed.number;
  // A number with its country's code but no plus, as many trunks send it.
  const international = parsePhoneNumberFromString(`+${digits}`, country);
  if (international?.isPossible() && !text.startsWith('0')) return international.number;
  return parsed?.isPossible() ? parsed.number : null;
}
