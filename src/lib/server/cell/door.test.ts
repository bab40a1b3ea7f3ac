import { describe, expect, test } from 'vitest';
import type { NumberValue, TrunkSettings } from '#lib/acd/configuration.ts';
import { id, type OrganizationId } from '#lib/acd/ids.ts';
import { plainTrunk } from '#lib/acd/upgrade.ts';
import { plainNumber } from '#lib/simulation/values.ts';
import type { Came } from '../pbx/port.ts';
import { readAtDoor } from './door.ts';

const [ours, theirs] = [id.organization('ours'), id.organization('theirs')];
const numbers: [string, OrganizationId][] = [
  ['+46846500412', ours],
  ['+46846500413', theirs],
  ['112', theirs]
];
const numberByDialled = new Map<string, NumberValue>(
  numbers.map(([e164, organizationId]) => [e164, plainNumber(e164, 'queue', { organizationId })])
);
const doorOf = (settings: Partial<TrunkSettings>) => ({
  numberByDialled,
  trunks: new Map([[ours, { ...plainTrunk, ...settings }]])
});
const came = (more: Partial<Came> = {}): Came => ({
  dialled: 'pbx-17',
  elsewhere: { to: '', calledParty: '' },
  caller: { number: '0701740612', name: null, withheld: false },
  ...more
});

describe('E4: where the dialled number stands', () => {
  test('To', () => {
    const read = readAtDoor(doorOf({ dialledIn: 'to' }), came({ elsewhere: { to: '0846500412', calledParty: '' } }));
    expect(read).toMatchObject({ dialled: '+46846500412', why: null, caller: { number: '+46701740612' } });
  });

  test('P-Called-Party-ID', () => {
    const call = came({ elsewhere: { to: '', calledParty: '+46846500412' } });
    expect(readAtDoor(doorOf({ dialledIn: 'called-party' }), call).dialled).toBe('+46846500412');
  });

  test('nowhere: as it came, with the reason', () => {
    expect(readAtDoor(doorOf({ dialledIn: 'to' }), came())).toMatchObject({ dialled: 'pbx-17', why: 'not-digits' });
  });

  test('an organization’s settings lead to its own numbers alone', () => {
    const call = came({ elsewhere: { to: '+46846500413', calledParty: '' } });
    expect(readAtDoor(doorOf({ dialledIn: 'to' }), call).dialled).toBe('pbx-17');
  });

  test('settings count on their own trunk: what another carrier writes is not read by them', () => {
    const call = (trunk: string) => came({ trunk, elsewhere: { to: '0846500412', calledParty: '' } });
    const door = doorOf({ name: 'second', dialledIn: 'to' });
    expect(readAtDoor(door, call('second')).dialled).toBe('+46846500412');
    expect(readAtDoor(door, call('trunk')).dialled).toBe('pbx-17');
  });

  test('what comes the plain way to a number is that number’s, whatever others have set', () => {
    const call = came({ dialled: '+46846500413', elsewhere: { to: '+46846500412', calledParty: '' } });
    expect(readAtDoor(doorOf({ dialledIn: 'to' }), call).dialled).toBe('+46846500413');
  });
});

test('the caller’s number is read as the trunk of whom they call sends it', () => {
  const call = came({ dialled: '+46846500412', caller: { number: '22334455', name: null, withheld: false } });
  const read = readAtDoor(doorOf({ countryCode: '47', comesAs: 'national' }), call);
  expect(read.caller.number).toBe('+4722334455');
});

test.each([
  ['pbx', null],
  ['', null],
  [null, null]
])('a caller %j has no number', (number, shown) => {
  const call = came({ dialled: '+46846500412', caller: { number, name: null, withheld: false } });
  expect(readAtDoor(doorOf({}), call).caller.number).toBe(shown);
});
