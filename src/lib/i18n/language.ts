import type { Language } from '#lib/acd/configuration.ts';

export type { Language };
export const languages: readonly Language[] = ['sv', 'en'];
/** How each language calls itself, so that everybody finds their own. */
export const languageNames: Record<Language, string> = { sv: 'Svenska', en: 'English' };
/** For Intl: Swedish as in Sweden; English with the day before the month and 24 hours. */
export const locales: Record<Language, string> = { sv: 'sv-SE', en: 'en-GB' };

/** One view's words in both languages. The Swedish object is the shape; the English one is checked against it. */
export type Dictionary<Words> = Record<Language, Words>;

export function dictionary<Words>(sv: Words, en: NoInfer<Words>): Dictionary<Words> {
  return { sv, en };
}

/**
 * The language of a visitor: what they once chose, else the first of the browser's that we have, else English.
 * @param chosen the cookie's value
 * @param accepted the Accept-Language header
 */
export function negotiateLanguage(chosen: string | undefined, accepted: string | null): Language {
  if (isLanguage(chosen)) return chosen;
  const wishes = (accepted ?? '').split(',').map((part) => {
    const [tag = '', ...parameters] = part.trim().toLowerCase().split(';');
    const quality = parameters.map((parameter) => /^\s*q=([\d.]+)/.exec(parameter)?.[1]).find(Boolean);
    return { language: tag.split('-')[0], quality: quality === undefined ? 1 : Number(quality) };
  });
  // Stable: equal wishes keep the order in which the browser sent them.
  wishes.sort((a, b) => b.quality - a.quality);
  const wish = wishes.find(({ language, quality }) => quality > 0 && isLanguage(language));
  return isLanguage(wish?.language) ? wish.language : 'en';
}

export function isLanguage(value: string | undefined): value is Language {
  return value === 'sv' || value === 'en';
}
