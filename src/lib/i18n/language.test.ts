import { expect, test } from 'vitest';
import { negotiateLanguage } from './language.ts';

test.each([
  [undefined, 'sv-SE,sv;q=0.9,en;q=0.8', 'sv'],
  [undefined, 'de-DE,en;q=0.5,sv;q=0.9', 'sv'],
  [undefined, 'de-DE, fr', 'en'],
  [undefined, 'sv;q=0, en;q=0.1', 'en'],
  [undefined, null, 'en'],
  ['en', 'sv-SE', 'en'],
  ['klingon', 'sv-SE', 'sv']
])('cookie %s, browser %s: %s', (cookie, header, language) => {
  expect(negotiateLanguage(cookie, header)).toBe(language);
});
