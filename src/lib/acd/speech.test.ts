import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Language } from './configuration.ts';
import { mostSpoken, sayNumber, sayWait } from './speech.ts';

type Texts = Record<Language, { pieces: Record<string, string> }>;
const texts = JSON.parse(readFileSync(new URL('../../../pbx/sounds/texts.json', import.meta.url), 'utf8')) as Texts;

/** What a caller hears, without the spaces and hyphens that only writing has. */
function heard(media: string[], language: Language): string {
  return media.map((name) => texts[language].pieces[name] ?? `?${name}?`).join(' ');
}
const joined = (words: string) => words.replace(/[ -]/g, '');

/** Spelled as grammars do: a table of endings for each ten, not from the pieces. */
const spelled: Record<Language, (number: number, one: 'ett' | 'en') => string> = {
  sv(number, one) {
    const units = ['', one, ...'två tre fyra fem sex sju åtta nio'.split(' ')];
    const teens = 'tio elva tolv tretton fjorton femton sexton sjutton arton nitton'.split(' ');
    const tens = 'x x tjugo trettio fyrtio femtio sextio sjuttio åttio nittio'.split(' ');
    const [hundred = 0, ten = 0, unit = 0] = String(number).padStart(3, '0').split('').map(Number);
    const front = hundred === 0 ? '' : hundred === 1 ? 'hundra' : `${units[hundred]}hundra`;
    return front + (ten === 0 ? units[unit] : ten === 1 ? teens[unit] : `${tens[ten]}${units[unit]}`);
  },
  en(number) {
    const units = ' one two three four five six seven eight nine'.split(' ');
    const teens = 'ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(' ');
    const tens = 'x x twenty thirty forty fifty sixty seventy eighty ninety'.split(' ');
    const [hundred = 0, ten = 0, unit = 0] = String(number).padStart(3, '0').split('').map(Number);
    const rest = ten === 0 ? units[unit] : ten === 1 ? teens[unit] : [tens[ten], units[unit]].filter(Boolean).join('-');
    return [hundred > 0 ? `${units[hundred]} hundred` : '', rest].filter(Boolean).join(' and ');
  }
};

describe.each(['sv', 'en'] as const)('in %s', (language) => {
  test('each number from 1 to 999 is spoken as it is spelled, for a place and for minutes', () => {
    for (let number = 1; number <= mostSpoken; number++) {
      for (const one of ['ett', 'en'] as const) {
        const words = joined(heard(sayNumber(number, language, one), language));
        expect(words, `${number}`).toBe(joined(spelled[language](number, one)));
      }
    }
  });

  test('no number is spoken that has no words', () => {
    for (const number of [0, -1, 1.5, 1_000, NaN]) expect(() => sayNumber(number, language)).toThrow('not-spoken');
  });
});

/** The ones that grammar makes hard, written by hand. */
test.each([
  [1, 'ett', 'one'],
  [2, 'två', 'two'],
  [11, 'elva', 'eleven'],
  [12, 'tolv', 'twelve'],
  [18, 'arton', 'eighteen'],
  [20, 'tjugo', 'twenty'],
  [21, 'tjugoett', 'twenty-one'],
  [40, 'fyrtio', 'forty'],
  [81, 'åttioett', 'eighty-one'],
  [100, 'hundra', 'one hundred'],
  [101, 'hundraett', 'one hundred and one'],
  [112, 'hundratolv', 'one hundred and twelve'],
  [200, 'tvåhundra', 'two hundred'],
  [231, 'tvåhundratrettioett', 'two hundred and thirty-one'],
  [999, 'niohundranittionio', 'nine hundred and ninety-nine']
])('place %i: %s, %s', (place, swedish, english) => {
  expect(joined(heard(sayNumber(place, 'sv'), 'sv'))).toBe(swedish);
  expect(joined(heard(sayNumber(place, 'en'), 'en'))).toBe(joined(english));
});

test.each([
  [0, 1, 'mindre än en minut', 'less than one minute'],
  [0, 5, 'mindre än fem minuter', 'less than five minutes'],
  [1, 1, 'ungefär en minut', 'about one minute'],
  [3, 3, 'ungefär tre minuter', 'about three minutes'],
  [1, 2, 'mellan en och två minuter', 'between one and two minutes'],
  [5, 8, 'mellan fem och åtta minuter', 'between five and eight minutes'],
  [21, 21, 'ungefär tjugo en minuter', 'about twenty one minutes'],
  [21, 31, 'mellan tjugo en och trettio en minuter', 'between twenty one and thirty one minutes'],
  [101, 101, 'ungefär hundra en minuter', 'about one hundred and one minutes']
])('a wait of %i to %i minutes: %s, %s', (fromMinutes, toMinutes, swedish, english) => {
  expect(heard(sayWait({ fromMinutes, toMinutes }, 'sv'), 'sv')).toBe(swedish);
  expect(heard(sayWait({ fromMinutes, toMinutes }, 'en'), 'en')).toBe(english);
});

test('each language has the same announcements', () => {
  const all = JSON.parse(JSON.stringify(texts)) as Record<Language, { texts: Record<string, string> }>;
  expect(Object.keys(all.sv.texts)).toEqual(Object.keys(all.en.texts));
});
