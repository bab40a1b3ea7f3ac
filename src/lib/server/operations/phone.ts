import { parsePhoneNumberFromString, type CountryCode } from 'libphonenumber-js/max';
import { OperationError } from './error.ts';

/**
 * A number as somebody types it, in E.164 (E4): `08-465 004 12`, `0046 8…` and `+46 8…` are one.
 * @param country ISO 3166 alpha-2 of the organization, for numbers without a country
 * @throws {OperationError} `number-invalid` when no such number can exist, or when it has an extension
 */
export function toE164(text: string, country: string, field = 'number'): string {
  const parsed = parsePhoneNumberFromString(text.trim().replace(/^00(?=\d)/, '+'), country as CountryCode);
  if (!parsed?.isValid() || parsed.ext) throw new OperationError('number-invalid', field);
  return parsed.number;
}

/** As people in `country` write it: national at home, international otherwise. Anything else comes back as it is. */
export function formatNumber(e164: string, country: string): string {
  const parsed = parsePhoneNumberFromString(e164);
  if (!parsed) return e164;
  return parsed.country === country ? parsed.formatNational() : parsed.formatInternational();
}
