import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBrowser, signIn, type TestBrowser } from '../support/browser.ts';
import { createWorld, type World } from '../support/world.ts';

/** The wallboard against real calls: what happens on the line stands on the screen, without a reload. */
let world: World;
let browser: TestBrowser;

beforeAll(async () => {
  [world, browser] = await Promise.all([createWorld(), openBrowser()]);
});
afterAll(async () => {
  await browser.close();
  await world.close();
});

test('a call that waits, is answered and ends is seen live; so is the caller who gives up', async () => {
  const queue = await world.queue({ wrapUpSeconds: 30 });
  const agent = await world.agent('Vera Vägg', [queue]);
  const supervisor = await world.user('supervisor', 'Sven Syn');
  const page = await (await browser.context({ viewport: { width: 1920, height: 1080 } })).newPage();
  await signIn(page, supervisor.email);
  expect(new URL(page.url()).pathname).toBe('/wallboard');
  const row = page.getByRole('row', { name: queue.name });
  const figure = (part: string) => row.locator(`.${part} .value`).first();
  await figure('waiting').getByText('0', { exact: true }).waitFor();
  await page.getByText(`${queue.name} is open, but nobody is logged in`).first().waitFor();

  // Nobody is there: the call waits, and its time runs.
  const call = await world.call(queue);
  await figure('waiting').getByText('1', { exact: true }).waitFor();
  await row.locator('.longest .figure', { hasText: /^\s*0:0[1-9]\s*$/ }).waitFor();
  await page.getByText(`${queue.name}: 1 waits, and nobody is logged in`).first().waitFor();

  // An agent starts: rung, talking, in wrap-up; the alarm is gone.
  const phone = await agent.start();
  const person = page.getByRole('listitem').filter({ hasText: agent.name });
  const invitation = await phone.invitation();
  await person.getByText('offered').waitFor();
  await person.getByText(queue.name).waitFor();
  await invitation.answer();
  await person.getByText('on call').waitFor();
  await figure('waiting').getByText('0', { exact: true }).waitFor();
  await row.locator('.now').getByText('1', { exact: true }).waitFor();
  await row.locator('.today').getByText('1', { exact: true }).waitFor();
  await row.getByRole('img', { name: '100 per cent, the target is 80' }).waitFor();
  await page.getByText('No alarms').waitFor();
  await call.hangUp();
  await person.getByText('wrap-up').waitFor();

  // In wrap-up the agent gets no call: the next caller gives up.
  const second = await world.call(queue);
  await figure('waiting').getByText('1', { exact: true }).waitFor();
  await second.hangUp();
  await figure('waiting').getByText('0', { exact: true }).waitFor();
});

test('an agent sees their own queues and those who work in them, nothing else', async () => {
  const own = await world.queue();
  const foreign = await world.queue();
  const agent = await world.agent('Egon Egen', [own]);
  await world.agent('Frida Främmande', [foreign]);
  const page = await (await browser.context({ language: 'sv' })).newPage();
  await signIn(page, agent.email);
  await page.goto('/wallboard');
  await page.getByRole('row', { name: own.name }).waitFor();
  expect(await page.getByText(foreign.name).count()).toBe(0);
  expect(await page.getByText('Frida Främmande').count()).toBe(0);
  await page.getByText('Meny').click();
  await page.getByRole('link', { name: 'Min arbetsplats' }).click();
  await page.waitForURL('**/desk');
});

test('a queue made in the administration appears by itself, with who is added to it', async () => {
  const page = await (await browser.context()).newPage();
  await signIn(page, world.administrator.email);
  await page.goto('/wallboard');
  await page.getByRole('table').waitFor();
  const queue = await world.queue();
  await page.getByRole('row', { name: queue.name }).waitFor();
  const agent = await world.agent('Nils Ny', [queue]);
  await page.getByRole('listitem').filter({ hasText: agent.name }).getByText('logged out').waitFor();
});

test('an organization without queues is told what to do first', async () => {
  const empty = await createWorld();
  try {
    const page = await (await browser.context()).newPage();
    await signIn(page, empty.administrator.email);
    await page.goto('/wallboard');
    await page.getByRole('heading', { name: 'No queues yet' }).waitFor();
    await page.getByRole('link', { name: 'Create a queue' }).click();
    await page.waitForURL('**/admin/queues');
  } finally {
    await empty.close();
  }
});
