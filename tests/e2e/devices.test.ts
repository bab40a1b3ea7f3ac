import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBrowser, signIn, type TestBrowser } from '../support/browser.ts';
import { testPassword, createWorld, type World } from '../support/world.ts';

/** P16, P12: the telephone that rings, chosen on the desk; set up on the person's page. */
let world: World;
let browser: TestBrowser;

beforeAll(async () => {
  world = await createWorld();
  // No microphone: who answers on a mobile needs none.
  browser = await openBrowser({});
});
afterAll(async () => {
  await browser.close();
  await world.close();
});

test('on a phone the mobile is the usual one: a shift without a microphone, and a call taken by 1', async () => {
  const telephone = await world.telephone({ answerAfterMs: 1_500 });
  const queue = await world.queue({ ringSeconds: 20 });
  const agent = await world.agent('Anna Mobil', [queue]);
  await agent.mobile(telephone.number);
  const context = await browser.context({ language: 'en', viewport: { width: 390, height: 780 } });
  const page = await context.newPage();
  await signIn(page, agent.email);
  await page.getByRole('button', { name: 'Start shift' }).click();
  await page.getByText('The next call rings on the mobile; press 1 to take it.').waitFor();
  const call = await world.call(queue);
  await page.getByText('Rings on your mobile.').waitFor();
  expect(await page.getByRole('button', { name: /^Answer/ }).count()).toBe(0);
  await page.getByText('The mobile answered. Press 1 to take the call.').waitFor();
  await (await telephone.next()).press('1');
  await page.getByText('You talk on your other telephone.').waitFor();
  await page.getByRole('button', { name: /^Hang up/ }).click();
  expect((await call.ended).endedBy).toBe('called');
});

test('another telephone in the middle of the shift, by keyboard; the agent’s own mobile number', async () => {
  const telephone = await world.telephone({ answerAfterMs: 300 });
  const queue = await world.queue();
  const agent = await world.agent('Bo Byter', [queue]);
  // A number that is none.
  const context = await browser.context({ language: 'en', expectedErrors: [/400/] });
  const page = await context.newPage();
  await signIn(page, agent.email);
  await page.getByRole('button', { name: 'Start shift' }).click();
  await page.getByText('You are free. The next call rings here.').waitFor();
  await page.locator('summary', { hasText: 'phone ready' }).press('Enter');
  const field = page.getByLabel('My mobile number');
  await field.fill('12');
  await field.press('Enter');
  await page.getByText('No possible phone number.').waitFor();
  await field.fill(telephone.number);
  await field.press('Enter');
  const choice = page.getByLabel('Rings on');
  await choice.waitFor();
  await choice.focus();
  await page.keyboard.press('ArrowDown');
  await page.getByText('The next call rings on the mobile; press 1 to take it.').waitFor();
  // The browser's own telephone has let the microphone go.
  await page.getByRole('status').filter({ hasText: 'the mobile' }).waitFor();
  const call = await world.call(queue);
  await world.fact('offer-picked-up', ({ agentId }) => agentId === agent.userId);
  await page.reload();
  await page.getByText('The mobile answered. Press 1 to take the call.').waitFor();
  await call.hangUp();
});

test('an administrator gives a desk phone, whose account is shown once, and a mobile', async () => {
  const agent = await world.agent('Cia Bord');
  const context = await browser.context({ language: 'en' });
  const page = await context.newPage();
  await signIn(page, world.administrator.email, testPassword);
  await page.goto(`/admin/people/${agent.userId}`);
  await page.getByRole('button', { name: 'Add a desk phone' }).click();
  const account = page.getByRole('dialog', { name: 'The desk phone of Cia Bord' });
  await account.getByText(/^127\.0\.0\.1:\d+$/).waitFor();
  const password = await account.locator('dd').last().innerText();
  expect(password).toMatch(/^[\w-]{24}$/);
  await page.keyboard.press('Escape');
  await page.reload();
  await page.getByRole('button', { name: 'New password' }).waitFor();
  expect(await page.content()).not.toContain(password);
  await page.getByLabel('Mobile number').fill('+358 40 123 4567');
  await page.getByRole('button', { name: 'Save the number' }).click();
  await page.getByText('The organization allows only numbers that begin with +46.').waitFor();
  await page.getByLabel('Mobile number').fill('070-174 06 12');
  await page.getByRole('button', { name: 'Save the number' }).click();
  await page.getByText('The mobile number of Cia Bord is saved.').waitFor();
  await page.getByRole('button', { name: 'Remove' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  await page.getByRole('button', { name: 'Add a desk phone' }).waitFor();
});
