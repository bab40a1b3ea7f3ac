import { expect, test } from 'vitest';
import { dialString, diversions } from './dial.ts';

test.each([
  ['+46850001000', 'PJSIP/+46850001000@trunk'],
  ['1177', 'PJSIP/1177@trunk'],
  ['116000', 'PJSIP/116000@trunk']
])('%s can be dialled', (number, text) => expect(dialString(number)).toBe(text));

test.each([
  '',
  '+',
  '0',
  '+46850001000&PJSIP/x',
  '+46850001000@elsewhere',
  '+46850001000/n',
  '+468 5000 1000',
  ' +46850001000',
  '+46850001000\n',
  '+٤٦٨٥٠٠٠١٠٠٠',
  '+４６８５０００１０００',
  '+46850001000,30',
  '${EXTEN}',
  'trunk',
  '+0850001000',
  '+468500010001234567'
])('%j is no number to dial (E7)', (number) => expect(dialString(number)).toBeNull());

test.each([
  [[], 0],
  [['<sip:+46850001000@a>;reason=unconditional'], 1],
  [['<sip:1@a>;reason=no-answer;counter=3', '<tel:+462>;counter=1'], 4],
  [['<sip:1@a>;reason=unconditional, <sip:2@b>;counter=2'], 3],
  [['nonsense'], 0]
])('forwards so far by %j: %d', (headers, count) => expect(diversions(headers)).toBe(count));
