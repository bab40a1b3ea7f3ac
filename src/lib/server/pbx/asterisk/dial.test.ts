import { expect, test } from 'vitest';
import { plainTrunk } from '#lib/acd/upgrade.ts';
import { dialString, diversions, presentation } from './dial.ts';

test.each([
  ['+46850001000', 'PJSIP/+46850001000@trunk'],
  ['1177', 'PJSIP/1177@trunk'],
  ['116000', 'PJSIP/116000@trunk']
])('%s can be dialled', (number, text) => expect(dialString(number, plainTrunk)).toBe(text));

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
])('%j is no number to dial (E7)', (number) => expect(dialString(number, plainTrunk)).toBeNull());

test.each([
  [[], 0],
  [['<sip:+46850001000@a>;reason=unconditional'], 1],
  [['<sip:1@a>;reason=no-answer;counter=3', '<tel:+462>;counter=1'], 4],
  [['<sip:1@a>;reason=unconditional, <sip:2@b>;counter=2'], 3],
  [['nonsense'], 0]
])('forwards so far by %j: %d', (headers, count) => expect(diversions(headers)).toBe(count));

test.each([
  [{ sendsAs: 'zeros' }, 'PJSIP/0046850001000@trunk'],
  [{ sendsAs: 'digits' }, 'PJSIP/46850001000@trunk'],
  [{ sendsAs: 'national' }, 'PJSIP/0850001000@trunk'],
  [{ name: 'second' }, 'PJSIP/+46850001000@second'],
  [{ asserted: false }, 'PJSIP/+46850001000@trunk-bare'],
  [{ name: 'trunk,30' }, null]
] as const)('E4: by a trunk with %j it is dialled as %s', (settings, text) =>
  expect(dialString('+46850001000', { ...plainTrunk, ...settings })).toBe(text)
);

test('E4: who calls is told in the trunk’s form, Diversion in the one that tel addresses have', () => {
  const { callerId, variables } = presentation(
    {
      caller: { number: '+46701740612', name: null, withheld: false },
      showing: null,
      own: '+46846500412',
      trunk: { ...plainTrunk, sendsAs: 'national' }
    },
    0
  );
  expect(callerId).toBe('"" <0701740612>');
  expect(variables['PJSIP_HEADER(add,Diversion)']).toContain('<tel:+46846500412>');
});
