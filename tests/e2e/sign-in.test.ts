import { afterAll, beforeAll, expect, test } from 'vitest';
import { fillSignIn, openBrowser, signIn, type TestBrowser } from '../support/browser.ts';
import { createWorld, type World } from '../support/world.ts';

/** Signing in, being kept out, and coming back to where one was going. */
let world: World;
let browser: TestBrowser;
const refused = /status of 400/;

beforeAll(async () => {
  [world, browser] = await Promise.all([createWorld(), openBrowser()]);
});
afterAll(async () => {
  await browser.close();
  await world.close();
});

test('each role comes to its own page', async () => {
  const supervisor = await world.user('supervisor', 'Sara Sign');
  const agent = await world.agent('Anna Sign');
  for (const [email, path] of [
    [world.administrator.email, '/admin/queues'],
    [supervisor.email, '/wallboard'],
    [agent.email, '/desk']
  ] as const) {
    const page = await (await browser.context()).newPage();
    await signIn(page, email);
    expect(new URL(page.url()).pathname).toBe(path);
  }
});

test('a wrong password is told in words, keeps the address and empties the password', async () => {
  const page = await (await browser.context({ language: 'sv', expectedErrors: [refused] })).newPage();
  await page.goto('/sign-in');
  await fillSignIn(page, world.administrator.email, 'not-the-password');
  await page.getByRole('alert').filter({ hasText: 'E-post eller lösenord stämmer inte.' }).waitFor();
  expect(await page.locator('input[name=email]').inputValue()).toBe(world.administrator.email);
  expect(await page.locator('input[name=password]').inputValue()).toBe('');
  await page.locator('input[name=password]').fill('correct-horse-battery');
  await page.locator('input[name=password]').press('Enter');
  await page.waitForURL('**/admin/queues');
});

test('five wrong tries, then one waits: even with the right password, and the page says how long', async () => {
  const agent = await world.agent('Lo Limit');
  const page = await (await browser.context({ expectedErrors: [refused, /status of 429/] })).newPage();
  await page.goto('/sign-in');
  for (let tries = 0; tries < 5; tries++) {
    const answered = page.waitForResponse((response) => response.request().method() === 'POST');
    await fillSignIn(page, agent.email, `wrong-${tries}`);
    await answered;
  }
  await page.getByRole('alert').filter({ hasText: 'E-mail or password is wrong.' }).waitFor();
  await fillSignIn(page, agent.email, 'correct-horse-battery');
  await page
    .getByRole('alert')
    .filter({ hasText: /Too many attempts\. Wait 1[45] min/ })
    .waitFor();
  expect(new URL(page.url()).pathname).toBe('/sign-in');
});

test('who is signed out is led to the sign-in and back to where they were going', async () => {
  const page = await (await browser.context()).newPage();
  await page.goto('/admin/people?q=a');
  expect(new URL(page.url()).pathname).toBe('/sign-in');
  await fillSignIn(page, world.administrator.email, 'correct-horse-battery');
  await page.waitForURL('**/admin/people?q=a');
  await page.getByRole('button', { name: 'Log out' }).click();
  await page.waitForURL('**/sign-in');
  await page.goto('/admin/people');
  expect(new URL(page.url()).pathname).toBe('/sign-in');
});

test('a foreign address after sign-in is not followed', async () => {
  const page = await (await browser.context()).newPage();
  await page.goto('/sign-in?next=//example.com/');
  await fillSignIn(page, world.administrator.email, 'correct-horse-battery');
  await page.waitForURL('**/admin/queues');
});

test('an agent is refused the administration, in their language; an administrator the desk', async () => {
  const agent = await world.agent('Rut Roll');
  const context = await browser.context({ language: 'sv', expectedErrors: [/status of 403/] });
  const page = await context.newPage();
  await signIn(page, agent.email);
  for (const path of ['/admin', '/admin/queues', '/admin/people', '/admin/numbers', '/admin/hours']) {
    const response = await page.goto(path);
    expect(response?.status()).toBe(403);
    await page.getByRole('heading', { name: 'Inte för din roll' }).waitFor();
  }
  await page.getByRole('link', { name: 'Till startsidan' }).click();
  await page.waitForURL('**/desk');

  const other = await (await browser.context({ expectedErrors: [/status of 403/] })).newPage();
  await signIn(other, world.administrator.email);
  expect((await other.goto('/desk'))?.status()).toBe(403);
});

test('an address that no thing can have leads nowhere', async () => {
  const page = await (await browser.context({ expectedErrors: [/status of 404/] })).newPage();
  await signIn(page, world.administrator.email);
  for (const place of ['queues', 'people', 'numbers', 'hours', 'hours/temporary']) {
    const answer = await page.goto(`/admin/${place}/%00`);
    expect(answer?.status(), place).toBe(404);
  }
});
