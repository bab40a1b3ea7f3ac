import { afterAll, beforeAll, expect, test } from 'vitest';
import { baseUrl, openBrowser, signIn, type TestBrowser } from '../support/browser.ts';
import { createWorld, type World } from '../support/world.ts';

/** B12: a token is made on its page, shown once, opens the API from outside, and is taken back. */
let world: World;
let browser: TestBrowser;
beforeAll(async () => {
  [world, browser] = await Promise.all([createWorld(), openBrowser()]);
});
afterAll(async () => {
  await browser.close();
  await world.close();
});

const call = (path: string, headers: Record<string, string>, method = 'GET') =>
  fetch(`${baseUrl()}/api/v1${path}`, { method, headers, signal: AbortSignal.timeout(10_000) });

test('made, shown once, used to close a queue, and taken back', async () => {
  const queue = await world.queue();
  const id = await world.temporary('Storm');
  const page = await (await browser.context({ language: 'en' })).newPage();
  await signIn(page, world.administrator.email);
  await page.goto('/admin/queues');
  await page.getByRole('link', { name: 'API', exact: true }).click();
  await page.getByRole('button', { name: 'New token' }).first().click();
  await page.getByRole('dialog').getByLabel('Name').fill('Weather service');
  await page.getByRole('dialog').getByRole('button', { name: 'Create' }).click();
  const shown = page.getByRole('dialog', { name: 'Token of Weather service' });
  const token = await shown.getByLabel('Token').inputValue();
  expect(token).toMatch(/^vaxel_/);
  await shown.getByRole('button', { name: 'Done' }).click();
  const row = page.getByRole('row', { name: /Weather service/ });
  await row.getByText('never').waitFor();
  await page.reload();
  expect(await page.content()).not.toContain(token);

  const bearer = { authorization: `Bearer ${token}` };
  const preview = await (await call(`/temporary-schedules/${id}/preview`, bearer)).json();
  expect(preview.queues).toContainEqual(expect.objectContaining({ id: queue.id, waiting: 0 }));
  expect((await call(`/temporary-schedules/${id}/on`, bearer, 'POST')).status).toBe(200);
  await world.fact('hours-changed', (fact) => fact.queueId === queue.id && !fact.open && fact.temporary === 'Storm');
  expect((await call(`/temporary-schedules/${id}/off`, bearer, 'POST')).status).toBe(200);

  // A browser that is signed in opens nothing by that.
  expect((await page.request.get('/api/v1/temporary-schedules')).status()).toBe(401);
  const described = await page.request.get('/api/v1/openapi.json');
  expect((await described.json()).paths).toHaveProperty('/temporary-schedules/{id}/on');

  await page.reload();
  expect(await row.getByText('never').count()).toBe(0);
  await row.getByRole('button', { name: 'Take back Weather service' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Take back' }).click();
  await page.getByText('Weather service is taken back.').waitFor();
  const refused = await call('/temporary-schedules', bearer);
  expect(refused.status).toBe(401);
  expect(refused.headers.get('www-authenticate')).toBe('Bearer');
  expect(await refused.json()).toMatchObject({ error: { code: 'token-invalid', field: null } });
});

test('the page is for administrators', async () => {
  const { email } = await world.user('supervisor', 'Sara Ser');
  const page = await (await browser.context()).newPage();
  await signIn(page, email);
  expect((await page.request.get('/admin/api')).status()).toBe(403);
});
