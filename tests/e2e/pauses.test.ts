import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBrowser, signIn, type TestBrowser } from '../support/browser.ts';
import { openDesk } from '../support/desk.ts';
import { createWorld, type World } from '../support/world.ts';

/** Pauses with the organization's reasons: set on a page, chosen on the desk, told and shown when they are over their limit. */
let world: World;
let browser: TestBrowser;
beforeAll(async () => {
  [world, browser] = await Promise.all([createWorld(), openBrowser()]);
});
afterAll(async () => {
  await browser.close();
  await world.close();
});

test('a reason with a limit is chosen by keyboard, counted down, told and shown red when it is over; the pause goes on', async () => {
  const admin = await (await browser.context()).newPage();
  await signIn(admin, world.administrator.email);
  await admin.goto('/admin/pauses');
  await admin.getByRole('button', { name: 'New reason' }).click();
  await admin.getByRole('textbox', { name: 'Reason' }).fill('Training');
  await admin.getByRole('button', { name: 'New reason' }).click();
  await admin.getByRole('textbox', { name: 'Reason' }).nth(1).fill('Coffee');
  await admin.getByRole('spinbutton', { name: 'At most' }).nth(1).fill('1');
  await admin.getByRole('button', { name: 'Move Coffee up' }).click();
  await admin.getByRole('button', { name: 'Save' }).click();
  await admin.getByText('The reasons are saved.').waitFor();
  await admin
    .getByRole('status')
    .filter({ hasText: /^\s*live since \d\d:\d\d/ })
    .waitFor();

  const queue = await world.queue();
  const agent = await world.agent('Pia Paus', [queue]);
  const { page } = await openDesk(browser, world, agent);
  await page.getByRole('button', { name: 'Pause' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('menuitem', { name: 'Coffee, at most 1 min' }).waitFor();
  expect(await page.getByRole('menuitem').allInnerTexts()).toEqual(['Coffee, at most 1 min', 'Training', 'No reason']);
  await page.keyboard.press('Enter');
  const fact = await world.fact('pause-changed', ({ agentId, paused }) => agentId === agent.userId && paused);
  expect(fact).toMatchObject({ reason: 'Coffee', reasonId: expect.any(String), untilMs: fact.atMs + 60_000 });
  await page.getByText('paused, Coffee').waitFor();
  await page.getByText(/^0:5\d left$/).waitFor();

  const supervisor = await world.user('supervisor', 'Stina Ser');
  const wall = await (await browser.context()).newPage();
  await signIn(wall, supervisor.email);
  await wall.goto('/wallboard');
  const row = wall.getByRole('listitem').filter({ hasText: 'Pia Paus' });
  await row.getByText('Coffee').waitFor();

  await page.getByRole('button', { name: 'Resume' }).click();
  await world.fact('pause-changed', ({ agentId, paused }) => agentId === agent.userId && !paused);
  await world.shortenPauses(6);
  await page.getByRole('button', { name: 'Pause' }).click();
  await page.getByRole('menuitem', { name: /^Coffee/ }).click();
  await row.getByText('Coffee').waitFor();
  expect(await row.getByText('over its time').count()).toBe(0);
  await page.getByText('▲ The pause is over its time').waitFor();
  await page.locator('[data-sonner-toast]').getByText('The pause is over its time').waitFor();
  expect(await page.title()).toBe('▲ The pause is over its time');
  await row.getByText('over its time').waitFor();
  expect(await row.locator('.what.bad').count()).toBe(1);
  const call = await world.call(queue);
  await world.fact('visit-entered', ({ queueId }) => queueId === queue.id);
  // Nobody is rung: who is over the limit may be away.
  expect(world.facts().filter(({ type }) => type === 'offered')).toEqual([]);
  await call.hangUp();

  await page.getByRole('button', { name: 'Resume' }).click();
  await row.getByText('over its time').waitFor({ state: 'hidden' });
  await page.getByText('▲ The pause is over its time').waitFor({ state: 'hidden' });
  expect(await page.title()).toBe('Desk');
});
