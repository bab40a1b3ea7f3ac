import { expect, test } from 'vitest';
import { readPhoneCode } from './phone-codes.ts';

test.each([
  ['*21', { type: 'log-in' }],
  ['*22', { type: 'log-out' }],
  ['*23', { type: 'pause' }],
  ['*24', { type: 'resume' }],
  ['*31', { type: 'switch', on: true, phoneNumber: 1 }],
  ['*3999', { type: 'switch', on: true, phoneNumber: 999 }],
  ['*412', { type: 'switch', on: false, phoneNumber: 12 }]
])('%s', (digits, code) => expect(readPhoneCode(digits)).toEqual(code));

test.each(['', '*', '21', '*2', '*20', '*210', '*30', '*3', '*301', '*31000', '*3*1', '*51', '**21', '*21\n', '*3１'])(
  '%j is no code',
  (digits) => expect(readPhoneCode(digits)).toBeNull()
);
