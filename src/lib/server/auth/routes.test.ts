import { readdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { routeRules } from './routes.ts';

const routes = fileURLToPath(new URL('../../../routes', import.meta.url));

/** Ids as Kit makes them: groups in parentheses are left in, as `event.route.id` has them. */
async function routeIds(): Promise<string[]> {
  const files = await readdir(routes, { recursive: true });
  const served = files.filter((file) => /(^|\/)\+(page|server)(@.*)?(\.server)?\.(svelte|ts)$/.test(file));
  return [...new Set(served.map((file) => `/${dirname(file)}`.replace(/^\/\.$/, '/')))];
}

test('every route has a rule: one without is refused', async () => {
  const ids = await routeIds();
  expect(ids).toContain('/sign-in');
  expect(ids.filter((id) => routeRules[id] === undefined)).toEqual([]);
});

test('what is public is decided here, one by one', () => {
  const open = Object.keys(routeRules).filter((id) => routeRules[id] === 'public');
  expect(open).toEqual(['/', '/sign-in', '/preferences', '/health', '/api/v1/openapi.json']);
  expect(Object.keys(routeRules).filter((id) => routeRules[id] === 'token')).toEqual(['/api/v1/[...path]']);
});
