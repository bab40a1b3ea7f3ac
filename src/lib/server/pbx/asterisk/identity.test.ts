import type { Channel } from './ari-types.ts';
import { expect, test } from 'vitest';
import { elsewhereOf, trunkOf } from './identity.ts';

test.each([
  ['<sip:+46846500412@pbx.example;user=phone>', '+46846500412'],
  ['"Växel, 2@home" <sip:0846500412@pbx.example>;tag=1', '0846500412'],
  ['sips:46846500412;npdi@pbx.example', '46846500412'],
  ['<tel:+46-8-465-004-12;phone-context=x>', '+46-8-465-004-12'],
  ['<sip:pbx.example>', ''],
  ['', '']
])('E4: of %j the dialled number is %j', (header, user) => {
  expect(elsewhereOf([encodeURIComponent(header)])).toEqual({ to: user, calledParty: '' });
  expect(elsewhereOf(['', encodeURIComponent(header)])).toEqual({ to: '', calledParty: user });
});

test('E4: what is not encoded as the dialplan does it says nothing', () => {
  expect(elsewhereOf(['%E0%A4%A'])).toEqual({ to: '', calledParty: '' });
});

test.each([
  ['PJSIP/trunk-0000002a', { trunk: 'trunk' }],
  ['PJSIP/second-line-0000002a', { trunk: 'second-line' }],
  ['Local/s@nowhere-0000002a;1', {}]
])('%s came by %j', (name, came) => {
  expect(trunkOf({ name } as Channel)).toEqual(came);
});
