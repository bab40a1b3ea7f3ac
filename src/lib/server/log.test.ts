import { expect, test } from 'vitest';
import { describeError } from './log.ts';

test('a failed query is told without its parameters, wherever they stand', () => {
  const error = Object.assign(new Error('Failed query: insert … params: $argon2id$secret'), {
    name: 'DrizzleQueryError',
    query: 'insert …',
    params: ['$argon2id$secret'],
    cause: new Error('invalid byte sequence')
  });
  const text = JSON.stringify(describeError(error));
  expect(text).not.toContain('argon2id');
  expect(text).toContain('invalid byte sequence');
});
