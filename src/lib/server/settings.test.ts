import { expect, test } from 'vitest';
import { readTrunks } from './settings.ts';

test('trunks beside the first are read by name and address; none is none', () => {
  expect(readTrunks({ VAXEL_TRUNKS: 'second=192.0.2.7:5060 third=sip.carrier.example:5070' })).toEqual([
    { name: 'second', host: '192.0.2.7', port: 5060 },
    { name: 'third', host: 'sip.carrier.example', port: 5070 }
  ]);
  expect(readTrunks({ VAXEL_TRUNKS: '' })).toEqual([]);
  expect(readTrunks({})).toEqual([]);
});

test.each(['second', 'Second=192.0.2.7:5060', 'second=192.0.2.7', 'second=192.0.2.7:5060;x', 'a]=192.0.2.7:1'])(
  'a trunk written %j is said to be wrong',
  (text) => expect(() => readTrunks({ VAXEL_TRUNKS: text })).toThrow('name=host:port')
);
