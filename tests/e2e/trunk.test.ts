import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBrowser, signIn, type TestBrowser } from '../support/browser.ts';
import { createWorld, type World } from '../support/world.ts';

/** How the carrier writes numbers (E4, E5), set and tried in the browser. */
let world: World;
let browser: TestBrowser;

beforeAll(async () => {
  [world, browser] = await Promise.all([createWorld(), openBrowser()]);
});
afterAll(async () => {
  await browser.close();
  await world.close();
});

test('set in one form, tried beside it, in force for the next call, and undone', async () => {
  const queue = await world.queue();
  const telephone = await world.telephone({ answerAfterMs: 200 });
  const forwarding = await world.queue({ closing: { nobodyTo: telephone.number } });
  const page = await (await browser.context({ expectedErrors: [/status of 400/] })).newPage();
  await signIn(page, world.administrator.email);
  await page.goto('/admin/numbers');
  await page.getByRole('link', { name: 'How the carrier writes numbers' }).click();
  await page.waitForURL('**/admin/numbers/trunk');

  const attempt = async (number: string) => {
    await page.getByLabel('Number as it comes').fill(number);
    await page.getByRole('button', { name: 'Try it' }).click();
  };
  await attempt(`0${queue.number.slice(3)}`);
  await page.getByText(`Leads to ${queue.name}.`).waitFor();

  await page.getByLabel('Country code').fill('+46');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('alert').filter({ hasText: 'such as 46' }).waitFor();
  await page.getByLabel('Country code').fill('46');
  await page.getByRole('radio', { name: '46…' }).check();
  await page.getByLabel('Numbers are sent as').selectOption('0046…');
  await page.getByRole('switch', { name: 'Takes others’ numbers' }).press('Space');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('The carrier’s settings are saved.').waitFor();

  // One that is not theirs: their own are understood at the door however they come.
  await attempt('0701740612');
  await page.getByText('It begins with 0, but numbers are to come with the country’s code.').waitFor();
  await attempt(queue.number.slice(1));
  await page.getByText(`Goes out as 00${queue.number.slice(1)}.`).waitFor();

  await world.fact('configured', ({ value }) => value?.type === 'organization' && !value.trunk.takesForeign);
  const call = await world.call(forwarding, { from: '+46701740617' });
  await world.fact('forward-started', ({ queueId, showing }) => queueId === forwarding.id && showing === 'own');
  await call.hangUp();

  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByText('Undone').waitFor();
  expect(await page.getByLabel('Numbers are sent as').inputValue()).toBe('plus');
  expect(await page.getByRole('switch', { name: 'Takes others’ numbers' }).isChecked()).toBe(true);
});
