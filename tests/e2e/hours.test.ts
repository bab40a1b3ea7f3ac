import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBrowser, signIn, type TestBrowser } from '../support/browser.ts';
import { createWorld, type World } from '../support/world.ts';

/** Hours, holidays and temporary schedules, as administrators set them (P1–P3, B4). */
let world: World;
let browser: TestBrowser;
beforeAll(async () => {
  [world, browser] = await Promise.all([createWorld(), openBrowser()]);
});
afterAll(async () => {
  await browser.close();
  await world.close();
});

async function signedIn(language: 'sv' | 'en' = 'en'): Promise<Page> {
  const page = await (await browser.context({ language })).newPage();
  await signIn(page, world.administrator.email);
  return page;
}

/** The page of new hours, which begin with the holidays of the organization's country. */
async function newHours(page: Page, name: string): Promise<void> {
  await page.goto('/admin/hours');
  await page.getByRole('button', { name: /^(New hours|Nya tider)$/ }).click();
  await page.getByLabel(/^(Name|Namn)$/).fill(name);
  await page.getByRole('button', { name: /^(Create|Skapa)$/ }).click();
  await page.waitForURL('**/admin/hours/*');
}

test('P3: the country’s days are listed with their names; one is switched off, one made short, one added', async () => {
  const page = await signedIn();
  await newHours(page, 'Office');
  const day = (name: string) => page.getByRole('combobox', { name: new RegExp(`Open on ${name}`) });
  expect(await day('Midsummer Eve, Friday').inputValue()).toBe('closed');
  await day("New Year's Eve").selectOption('ordinary');
  await page.getByText(/More days to choose from/).click();
  await day('Walpurgis Night').selectOption('short');
  expect(await page.getByLabel(/Walpurgis Night.* to$/).inputValue()).toBe('12:00');
  await page.getByRole('button', { name: 'Add a day' }).click();
  await page.getByLabel('What').fill('Moving');
  await page.getByLabel('Date').fill('2031-09-10');
  const panel = page.getByRole('region', { name: 'Holidays' });
  await panel.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Office: saved.').waitFor();
  await page.reload();
  expect(await day("New Year's Eve").inputValue()).toBe('ordinary');
  expect(await day('Walpurgis Night').inputValue()).toBe('short');
  expect(await page.getByLabel('What').inputValue()).toBe('Moving');

  // The week's own form goes on from what was saved meanwhile.
  await page.getByRole('button', { name: 'Remove 08:00–17:00 on Friday' }).click();
  await page.getByRole('region', { name: 'The week' }).getByRole('button', { name: 'Save' }).click();
  await page.getByText('Office: saved.').waitFor();
  expect(await day("New Year's Eve").inputValue()).toBe('ordinary');
});

test('P3: a squeeze day is suggested, and closed by one click', async () => {
  const page = await signedIn('sv');
  await newHours(page, 'Kontor');
  const panel = page.getByRole('region', { name: 'Helgdagar' });
  const suggestion = panel.getByRole('button', { name: /^Stäng / }).first();
  const name = await suggestion.getAttribute('aria-label');
  await suggestion.click();
  await panel.getByRole('button', { name: 'Spara' }).click();
  await page.getByText('Kontor: sparat.').waitFor();
  await page.reload();
  expect(await page.getByLabel('Vad').inputValue()).toBe('Klämdag');
  expect(await panel.getByRole('button', { name: name ?? '' }).count()).toBe(0);
});
