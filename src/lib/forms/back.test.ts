import { expect, test } from 'vitest';
import { ownPath } from './back.ts';

test.each([
  '//evil.example',
  '/\t/evil.example',
  '/\n/evil.example',
  '/\\evil.example',
  'https://evil.example',
  'evil',
  '',
  null
])('%j leads nowhere else', (value) => expect(ownPath(value)).toBe('/'));

test('a path of ours is kept with its query', () => {
  expect(ownPath('/admin/queues?term=a b')).toBe('/admin/queues?term=a%20b');
});
