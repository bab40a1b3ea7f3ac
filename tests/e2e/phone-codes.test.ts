import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBrowser, signIn, type TestBrowser } from '../support/browser.ts';
import { createWorld, type World } from '../support/world.ts';

/** Where people learn what to dial (P2, P12), and where it is set. */
let world: World;
let browser: TestBrowser;
beforeAll(async () => {
  [world, browser] = await Promise.all([createWorld(), openBrowser()]);
});
afterAll(async () => {
  await browser.close();
  await world.close();
});

test('a temporary schedule gets its number on its page, and the desk shows its codes; by keyboard, on a phone', async () => {
  await world.temporary('Lager', { phoneNumber: 5, phoneAgents: false });
  const id = await world.temporary('Inventering');
  const admin = await (await browser.context({ expectedErrors: [/status of 400/] })).newPage();
  await signIn(admin, world.administrator.email);
  await admin.goto(`/admin/hours/temporary/${id}`);
  const settings = admin.getByRole('region', { name: 'Settings' });
  const save = () => settings.getByRole('button', { name: 'Save' }).click();
  await settings.getByLabel('Number of the code').fill('5');
  await save();
  await settings.getByText('Other temporary hours have that number. Choose another.').waitFor();
  await settings.getByLabel('Number of the code').fill('12');
  await settings.getByText('Agents may switch it by phone').click();
  await save();
  await admin.getByText('Inventering: saved.').waitFor();
  await admin.reload();
  await settings.getByText('*312 switches it on, *412 off.').waitFor();
  expect(await settings.getByLabel('Number of the code').inputValue()).toBe('12');
  expect(await settings.getByLabel('Agents may switch it by phone').isChecked()).toBe(true);

  const agent = await world.agent('Sif Sida', [await world.queue()]);
  const viewport = { width: 390, height: 844 };
  const page = await (await browser.context({ viewport, language: 'sv' })).newPage();
  await signIn(page, agent.email);
  await page.locator('summary', { has: page.getByText('21') }).focus();
  await page.keyboard.press('Enter');
  const rows = page.locator('details dl > div');
  await rows.first().waitFor();
  expect(await rows.allInnerTexts()).toEqual(
    [
      ['*21', 'logga in i alla köer'],
      ['*22', 'logga ut ur alla köer'],
      ['*23', 'paus'],
      ['*24', 'fortsätt efter paus'],
      ['*312', 'slå på Inventering'],
      ['*412', 'slå av Inventering']
    ].map((row) => row.join('\n'))
  );
  const sheet = await rows.first().boundingBox();
  expect(sheet!.x).toBeGreaterThanOrEqual(0);
  expect(sheet!.x + sheet!.width).toBeLessThanOrEqual(viewport.width);
  await page.keyboard.press('Escape');
  await rows.first().waitFor({ state: 'hidden' });
});
