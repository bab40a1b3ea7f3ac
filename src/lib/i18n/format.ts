import { locales, type Language } from './language.ts';

/** `m:ss`, or `h:mm:ss` from an hour on. Negative counts as zero: clocks of page and server differ a little. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const ss = String(whole % 60).padStart(2, '0');
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes}:${ss}`;
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}:${ss}`;
}

/** `10:31` of today, `12 Mar 10:31` of another day; in the organization's zone. */
export function moment(atMs: number, language: Language, timeZone: string, nowMs: number): string {
  const day = (ms: number) => new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' }).format(ms);
  const options: Intl.DateTimeFormatOptions =
    day(atMs) === day(nowMs)
      ? { hour: '2-digit', minute: '2-digit' }
      : { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' };
  return new Intl.DateTimeFormat(locales[language], { timeZone, ...options }).format(atMs);
}

/** `17:00` of today, `on Monday 08:00` within a week, a date beyond. */
export function upcoming(atMs: number, language: Language, timeZone: string, nowMs: number): string {
  if (atMs - nowMs > 6 * 86_400_000) return moment(atMs, language, timeZone, nowMs);
  const date = (ms: number) => new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' }).format(ms);
  const time = new Intl.DateTimeFormat(locales[language], { timeZone, hour: '2-digit', minute: '2-digit' }).format(
    atMs
  );
  if (date(atMs) === date(nowMs)) return time;
  const weekday = new Intl.DateTimeFormat(locales[language], { timeZone, weekday: 'long' }).format(atMs);
  return language === 'sv' ? `på ${weekday} ${time}` : `${weekday} ${time}`;
}

/** Minutes after midnight as `08:00`; 1440 is `24:00`, and what lies beyond is the next day's clock. */
export function clock(minute: number): string {
  const shown = minute > 1440 ? minute - 1440 : minute;
  return `${String(Math.floor(shown / 60)).padStart(2, '0')}:${String(shown % 60).padStart(2, '0')}`;
}

/** Swedish money, given in öre. */
export function money(ore: number, language: Language): string {
  return new Intl.NumberFormat(locales[language], { style: 'currency', currency: 'SEK' }).format(ore / 100);
}

export function list(words: string[], language: Language): string {
  return new Intl.ListFormat(locales[language], { type: 'conjunction' }).format(words);
}

/** `Friday 19 June 2026` of an ISO date. */
export function dateWords(date: string, language: Language): string {
  const options: Intl.DateTimeFormatOptions = { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' };
  return new Intl.DateTimeFormat(locales[language], { timeZone: 'UTC', ...options }).format(new Date(`${date}T00:00Z`));
}

/** `12 Mar 2026` in that zone. */
export function day(atMs: number, language: Language, timeZone: string): string {
  return new Intl.DateTimeFormat(locales[language], { timeZone, dateStyle: 'medium' }).format(atMs);
}

/** `Thursday 12 March 2026 at 20:00` in that zone. */
export function momentWords(atMs: number, language: Language, timeZone: string): string {
  return new Intl.DateTimeFormat(locales[language], { timeZone, dateStyle: 'full', timeStyle: 'short' }).format(atMs);
}
