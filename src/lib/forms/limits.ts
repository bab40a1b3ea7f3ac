import { z } from 'zod';
import type { OutgoingLimits } from '#lib/acd/configuration.ts';
import { wholeNumber } from './fields.ts';

const prefix = /^(\+[1-9]\d{0,9}|[1-9]\d{1,5})$/;
const mostEntries = 50;
const words = (text: string) => text.split(/[\s,;]+/).filter(Boolean);
/** `+467 60, +46 20`: the beginning of a number and öre per minute, in pairs. */
const pairs = (text: string) =>
  text
    .split(/[,;\n]+/)
    .filter((pair) => pair.trim() !== '')
    .map((pair) => pair.trim().split(/\s+/));

const prefixes = z
  .string('required')
  .max(600, 'too-long:600')
  .refine((text) => words(text).every((one) => prefix.test(one)), 'prefixes')
  .refine((text) => words(text).length <= mostEntries, `too-many:${mostEntries}`);

const prices = z
  .string('required')
  .max(600, 'too-long:600')
  .refine(
    (text) =>
      pairs(text).every(
        ([of = '', ore = '', ...more]) => prefix.test(of) && /^\d{1,5}$/.test(ore) && more.length === 0
      ),
    'prices'
  )
  // Without a price nothing costs anything, and the day's limit would never act.
  .refine((text) => pairs(text).length > 0, 'required')
  .refine((text) => pairs(text).length <= mostEntries, `too-many:${mostEntries}`);

/** E7, as the page asks for it: lists as text, the day's cost in kronor. */
export const limitsForm = z.object({
  allowed: prefixes,
  barred: prefixes,
  callsPerMinute: wholeNumber(0, 600),
  dayMostKronor: wholeNumber(0, 1_000_000),
  talkMostMinutes: wholeNumber(1, 1_440),
  prices
});

export function limitsOf({ dayMostKronor, ...form }: z.output<typeof limitsForm>): OutgoingLimits {
  return {
    allowed: words(form.allowed),
    barred: words(form.barred),
    callsPerMinute: form.callsPerMinute,
    dayMostOre: dayMostKronor * 100,
    talkMostMinutes: form.talkMostMinutes,
    prices: pairs(form.prices).map(([of = '', ore = '']) => ({ prefix: of, orePerMinute: Number(ore) }))
  };
}

/** What the form begins with. */
export function limitValues(limits: OutgoingLimits) {
  const { allowed, barred, callsPerMinute, dayMostOre, talkMostMinutes, prices: list } = limits;
  return {
    allowed: allowed.join(' '),
    barred: barred.join(' '),
    callsPerMinute,
    dayMostKronor: Math.round(dayMostOre / 100),
    talkMostMinutes,
    prices: list.map(({ prefix: of, orePerMinute }) => `${of} ${orePerMinute}`).join(', ')
  };
}
