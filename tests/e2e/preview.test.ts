import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBrowser, signIn, type TestBrowser } from '../support/browser.ts';
import { createWorld, type TestQueue, type World } from '../support/world.ts';

/** B2: what a caller hears now, beside the settings that decide it. */
let world: World;
let browser: TestBrowser;

beforeAll(async () => {
  [world, browser] = await Promise.all([createWorld(), openBrowser()]);
});
afterAll(async () => {
  await browser.close();
  await world.close();
});

async function atQueue(queue: TestQueue): Promise<Page> {
  const page = await (await browser.context()).newPage();
  await signIn(page, world.administrator.email);
  await page.goto(`/admin/queues/${queue.id}`);
  return page;
}
const heardOn = (page: Page) => page.getByRole('list', { name: 'What is heard, in order' });
const wait = (page: Page, text: string | RegExp) => heardOn(page).getByText(text).first().waitFor();

test('the panel tells the journey, follows what is assumed and what is saved, and leads to the setting', async () => {
  const queue = await world.queue({ welcome: { media: 'welcome', mustBeHeard: true } });
  const page = await atQueue(queue);
  await wait(page, 'The welcome announcement');
  await wait(page, 'Waits on in the same way');
  await page.getByLabel('If', { exact: true }).selectOption('free');
  await wait(page, 'An agent answers');

  await page.getByRole('link', { name: 'Edit Welcome' }).click();
  await page.getByRole('switch', { name: 'Play the welcome' }).press('Space');
  await page.getByRole('button', { name: 'Save' }).click();
  await heardOn(page).getByText('The welcome announcement').waitFor({ state: 'detached' });

  await world.change(queue, { scheduleId: await world.neverOpen(), closed: { media: 'closed', mustBeHeard: false } });
  await page.reload();
  await wait(page, 'The announcement that it is closed');
  await heardOn(page).getByRole('link', { name: 'Closed: outside the hours' }).click();
  expect(new URL(page.url()).hash).toBe('#part-hours');
  // As it was a year ago: the queue was not there.
  const lastYear = `${new Date().getFullYear() - 1}-12-31T12:00`;
  await page.getByLabel('Another moment').fill(lastYear);
  await page.getByText('The queue was not there then.').waitFor();
  await page.getByRole('button', { name: 'Back to now' }).click();
  await wait(page, 'The announcement that it is closed');
});

test('a chosen moment stands there in words, a number that nobody answers leads on, and the waiting time is told', async () => {
  const queue = await world.queue({
    waitingTime: { media: 'waiting-time', mustBeHeard: false },
    closing: { nobodyTo: '+46701234567', unanswered: 'end' }
  });
  const page = await atQueue(queue);
  await page.getByText('The estimated waiting time is not said right now: no agent is at work.').waitFor();
  await page.getByLabel('If', { exact: true }).selectOption('nobody');
  await wait(page, 'It rings at +46701234567');
  await wait(page, 'If nobody answers at +46701234567:');
  await wait(page, 'Busy, without an answer');
  const year = new Date().getUTCFullYear();
  await page.getByLabel('Another moment').fill(`${year + 1}-01-04T09:05`);
  await page.getByText(new RegExp(`4 January ${year + 1} at 09:05`)).waitFor();
  await page.getByText('depends on how fast it goes at that time').waitFor();
});

test('an announcement is played as callers hear it', async () => {
  const queue = await world.queue({ welcome: { media: 'welcome', mustBeHeard: true } });
  const page = await atQueue(queue);
  const [sound] = await Promise.all([
    page.waitForResponse(/\/sound\/sv\/welcome$/),
    page.getByRole('button', { name: 'Listen: The welcome announcement' }).click()
  ]);
  expect(sound.status()).toBe(200);
  expect(sound.headers()['content-type']).toBe('audio/wav');
  // And to its end, by itself.
  await page.getByRole('button', { name: 'Stop: The welcome announcement' }).waitFor();
  await page.getByRole('button', { name: 'Listen: The welcome announcement' }).waitFor();

  const status = async (path: string) => (await page.request.get(`/admin/${path}`)).status();
  const sounds = 'announcements/sound';
  expect(await status(`${sounds}/sv/welcome`)).toBe(200);
  expect(await status(`${sounds}/sv/no-such`)).toBe(404);
  expect(await status(`${sounds}/sv/own-nobodys`)).toBe(404);
  expect(await status(`${sounds}/any/welcome`)).toBe(404);
  expect(await status(`${sounds}/de/welcome`)).toBe(404);
  expect(await status(`${sounds}/sv/..%2Fen%2Fwelcome`)).toBe(404);
  expect(await status(`${sounds}/..%2Fsv/welcome`)).toBe(404);
  expect(await status(`queues/${queue.id}/preview?assumption=raining`)).toBe(400);
});

test('what agents ask is refused', async () => {
  const queue = await world.queue();
  const agent = await world.agent('Pia Provlyssnar', [queue]);
  const page = await (await browser.context()).newPage();
  await signIn(page, agent.email);
  for (const path of [`queues/${queue.id}/preview?assumption=busy`, 'announcements/sound/sv/welcome'])
    expect((await page.request.get(`/admin/${path}`)).status()).toBe(403);
});
