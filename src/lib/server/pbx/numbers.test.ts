import { expect, test } from 'vitest';
import { plainTrunk } from '#lib/acd/upgrade.ts';
import { readNumber, writeNumber } from './numbers.ts';

const read = (raw: string, more: Partial<typeof plainTrunk> = {}) => {
  const reading = readNumber(raw, { ...plainTrunk, ...more });
  return reading.ok ? reading.number : reading.why;
};

test.each([
  ['+46846500412', '+46846500412'],
  ['0046846500412', '+46846500412'],
  ['46846500412', '+46846500412'],
  ['0846500412', '+46846500412'],
  ['08-465 004 12', '+46846500412'],
  ['0701740612', '+46701740612'],
  ['+4531123456', '+4531123456'],
  ['112', '112'],
  ['1177', '1177'],
  ['113 13', '11313'],
  ['11414', '11414'],
  ['116000', '116000']
])('E4: told by its look, %s is %s inside', (raw, inside) => expect(read(raw)).toBe(inside));

test.each([
  ['', 'empty'],
  ['anonymous', 'not-digits'],
  ['+', 'not-digits'],
  ['0701740612;ext=1', 'not-digits'],
  ['070/174', 'not-digits'],
  ['０７０１７４０６１２', 'not-digits'],
  ['7', 'too-short'],
  ['4670174061234567890123', 'too-long'],
  ['+4612', 'impossible']
])('E4: %j is no number: %s', (raw, why) => expect(read(raw)).toBe(why));

test.each([
  ['digits', '46846500412', '+46846500412'],
  // By its look it would be a national number of 46.
  ['digits', '4531123456', '+4531123456'],
  ['digits', '+46846500412', '+46846500412'],
  ['digits', '0046846500412', '+46846500412'],
  ['digits', '0846500412', 'wrong-form'],
  ['digits', '116117', '116117'],
  ['national', '0846500412', '+46846500412'],
  ['national', '004531123456', '+4531123456'],
  ['national', '112', '112']
] as const)('E4: as %s, %s is %s', (comesAs, raw, inside) => expect(read(raw, { comesAs })).toBe(inside));

test.each([
  ['47', '22334455', '+4722334455'],
  ['358', '0401234567', '+358401234567']
])('E4: of country %s, %s is %s', (countryCode, raw, inside) =>
  expect(read(raw, { countryCode, comesAs: 'national' })).toBe(inside)
);

test('E4: of a country that is none there are no national numbers; others are read as ever', () => {
  for (const countryCode of ['4', '999']) {
    expect(read('0846500412', { countryCode })).toBe('impossible');
    expect(read('846500412', { countryCode, comesAs: 'national' })).toBe('impossible');
    expect(read('+46846500412', { countryCode })).toBe('+46846500412');
  }
});

test.each([
  ['plus', '+46846500412', '+46846500412'],
  ['zeros', '+46846500412', '0046846500412'],
  ['digits', '+46846500412', '46846500412'],
  ['national', '+46846500412', '0846500412'],
  ['national', '+46701740612', '0701740612'],
  ['national', '+4531123456', '004531123456'],
  ['national', '112', '112'],
  ['zeros', '1177', '1177'],
  ['digits', '116000', '116000']
] as const)('E4: as %s, %s goes out as %s', (sendsAs, number, sent) =>
  expect(writeNumber(number, { ...plainTrunk, sendsAs })).toBe(sent)
);

test('E4: what goes out in a form comes back from it as it was', () => {
  for (const number of ['+46846500412', '+46701740612', '+4531123456', '112', '11414', '116117'])
    for (const [sendsAs, comesAs] of [
      ['plus', 'any'],
      ['zeros', 'any'],
      ['digits', 'digits'],
      ['national', 'national']
    ] as const)
      expect(read(writeNumber(number, { ...plainTrunk, sendsAs }), { comesAs })).toBe(number);
});
