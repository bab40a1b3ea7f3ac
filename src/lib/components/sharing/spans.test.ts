import { expect, test } from 'vitest';
import { id } from '#lib/acd/ids.ts';
import { spansOf } from './spans.ts';

const finnish = id.skill('finnish');
const invoices = id.skill('invoices');
const member = (finnishLevel: number, invoicesLevel: number, suspended: string | null = null) => ({
  suspended,
  skills: [
    { skillId: finnish, level: finnishLevel },
    { skillId: invoices, level: invoicesLevel }
  ]
});
const members = [member(9, 0), member(5, 5), member(0, 9), member(9, 9, 'plan')];

test('each step counts the members who know enough; who is suspended is not rung and not counted', () => {
  const steps = [
    { afterSeconds: 0, skills: [{ skillId: finnish, level: 7 }] },
    { afterSeconds: 60, skills: [{ skillId: finnish, level: 4 }] },
    { afterSeconds: 180, skills: [] }
  ];
  expect(spansOf([steps], members).map((span) => [span.fromSeconds, span.untilSeconds, span.able])).toEqual([
    [0, 60, 1],
    [60, 180, 2],
    [180, null, 3]
  ]);
});

test('without needs there is one span, for everybody', () => {
  expect(spansOf([[]], members)).toEqual([{ fromSeconds: 0, untilSeconds: null, skills: [], able: 3 }]);
});

test('needs of queue and number hold together, each by its own steps', () => {
  const queue = [
    { afterSeconds: 0, skills: [{ skillId: finnish, level: 4 }] },
    { afterSeconds: 60, skills: [] }
  ];
  const number = [
    { afterSeconds: 0, skills: [{ skillId: invoices, level: 5 }] },
    { afterSeconds: 30, skills: [{ skillId: finnish, level: 9 }] }
  ];
  const spans = spansOf([queue, number], members);
  expect(spans.map((span) => [span.fromSeconds, span.able])).toEqual([
    [0, 1],
    [30, 1],
    [60, 1]
  ]);
  expect(spans[0]?.skills).toEqual([
    { skillId: finnish, level: 4 },
    { skillId: invoices, level: 5 }
  ]);
  expect(spans[1]?.skills).toEqual([{ skillId: finnish, level: 9 }]);
});

test('a step without its time yet is left out, one out of order is put in place', () => {
  const steps = [
    { afterSeconds: 0, skills: [{ skillId: finnish, level: 7 }] },
    { afterSeconds: 90, skills: [] },
    { afterSeconds: 30, skills: [{ skillId: finnish, level: 5 }] },
    { afterSeconds: null as unknown as number, skills: [{ skillId: finnish, level: 10 }] }
  ];
  expect(spansOf([steps], members).map((span) => [span.fromSeconds, span.able])).toEqual([
    [0, 1],
    [30, 2],
    [90, 3]
  ]);
});
