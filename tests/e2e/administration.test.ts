import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBrowser, signIn, type TestBrowser } from '../support/browser.ts';
import { createWorld, type TestQueue, type World } from '../support/world.ts';

/** What is changed in the browser holds for the next call: no restart, no reload, no other step. */
let world: World;
let browser: TestBrowser;

beforeAll(async () => {
  [world, browser] = await Promise.all([createWorld(), openBrowser()]);
});
afterAll(async () => {
  await browser.close();
  await world.close();
});

async function atQueue(queue: TestQueue, part?: string): Promise<Page> {
  const page = await (await browser.context()).newPage();
  await signIn(page, world.administrator.email);
  await page.getByRole('link', { name: queue.name }).first().click();
  await page.waitForURL(`**/admin/queues/${queue.id}`);
  if (part) await page.getByRole('link', { name: `Edit ${part}` }).click();
  return page;
}

test('a queue’s wrap-up is changed: saved at once, then live, and the next call has it', async () => {
  const queue = await world.queue({ wrapUpSeconds: 0 });
  const agent = await world.agent('Anna Ändra', [queue]);
  const phone = await agent.start();
  const page = await atQueue(queue, 'Who answers');
  await page.getByLabel('Wrap-up').fill('17');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Who answers: saved.').waitFor();
  await page.getByText(/Wrap-up 0:17/).waitFor();
  await page
    .getByRole('status')
    .filter({ hasText: /^\s*live since \d\d:\d\d/ })
    .waitFor();

  const call = await world.call(queue);
  const invitation = await phone.invitation();
  await invitation.answer();
  await world.fact('talk-started', ({ queueId }) => queueId === queue.id);
  await call.hangUp();
  const wrapUp = await world.fact('wrap-up-started', ({ queueId }) => queueId === queue.id);
  expect(wrapUp.untilMs - wrapUp.atMs).toBe(17_000);

  // And taken back by one click.
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByText('Undone').waitFor();
  await world.fact(
    'configured',
    ({ value }) => value?.type === 'queue' && value.id === queue.id && value.wrapUpSeconds === 0,
    5_000
  );
});

test('P26: an agent added in the browser while a call waits is rung', async () => {
  const queue = await world.queue();
  const elsewhere = await world.queue();
  const agent = await world.agent('Petra Ny', [elsewhere]);
  const phone = await agent.start();
  const call = await world.call(queue);
  await world.fact('visit-entered', ({ queueId }) => queueId === queue.id);
  const page = await atQueue(queue);
  await page.getByLabel('Person').selectOption({ label: agent.name });
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  const invitation = await phone.invitation();
  await page.getByText(`${agent.name} now answers in ${queue.name}.`).waitFor();
  await invitation.answer();
  await world.fact('talk-started', ({ queueId, agentId }) => queueId === queue.id && agentId === agent.userId);
  await call.hangUp();
});

test('a value outside its limits is told at its field, and nothing is saved', async () => {
  const queue = await world.queue();
  const page = await (await browser.context({ language: 'sv', expectedErrors: [/status of 400/] })).newPage();
  await signIn(page, world.administrator.email);
  await page.goto(`/admin/queues/${queue.id}?edit=answer`);
  const field = page.getByLabel('Ringtid');
  await field.fill('9999');
  await page.getByRole('button', { name: 'Spara' }).click();
  await page
    .getByRole('alert')
    .filter({ hasText: /Mellan \d+ och \d+/ })
    .waitFor();
  expect(await field.getAttribute('aria-invalid')).toBe('true');
  expect(await field.inputValue()).toBe('9999');
});

test('an agent whose phone gets a new password is signed out, and takes calls with the next login', async () => {
  const queue = await world.queue();
  const agent = await world.agent('Rut Byte', [queue]);
  const desk = await (await browser.context({ expectedErrors: [/status of 401/, /WebSocket/] })).newPage();
  await signIn(desk, agent.email);
  await desk.getByRole('button', { name: 'Start shift' }).click();
  await world.fact('agent-state', (fact) => fact.agentId === agent.userId && fact.state === 'free');

  const page = await (await browser.context()).newPage();
  await signIn(page, world.administrator.email);
  await page.goto(`/admin/people/${agent.userId}`);
  await page.getByRole('button', { name: 'Change phone password' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Change phone password' }).click();
  await page.getByText(`The phone of ${agent.name} has a new password.`).waitFor();
  await desk.waitForURL('**/sign-in', { timeout: 15_000 });
  await world.fact('agent-state', (fact) => fact.agentId === agent.userId && fact.state === 'unreachable', 15_000);

  // The shift goes on where it was.
  await signIn(desk, agent.email);
  await world.fact('reachability-changed', (fact) => fact.agentId === agent.userId && fact.reachable, 15_000);
  const call = await world.call(queue);
  await desk.getByRole('button', { name: /^Answer/ }).click();
  await world.fact('talk-started', ({ agentId }) => agentId === agent.userId);
  await call.hangUp();
});

test('P4 P8 P9: what callers are told is chosen on the queue’s page, and in force as it is saved', async () => {
  const queue = await world.queue({
    first: { media: 'first', mustBeHeard: false },
    scheduleId: await world.neverOpen()
  });
  const page = await atQueue(queue, 'In the queue');
  await page.getByRole('switch', { name: 'Ring agents only once it has been heard' }).press('Space');
  await page.getByRole('switch', { name: /^Say the place in the queue/ }).press('Space');
  await page.getByLabel('Up to place').fill('5');
  await page.getByRole('switch', { name: /^Say the estimated waiting time/ }).press('Space');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('The place in the queue is said, up to place 5.').waitFor();
  await page.getByText('Estimates begin when 20 calls have been answered.').waitFor();
  await page.getByRole('link', { name: 'Edit Hours' }).click();
  await page.getByLabel('Closed for a time').selectOption({ label: 'One of its own' });
  await page.getByLabel('Public holiday').selectOption({ label: 'None: busy' });
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText(/Public holiday: busy without announcement\./).waitFor();
  const configured = await world.fact(
    'configured',
    ({ value }) => value?.type === 'queue' && value.id === queue.id && value.closedBy.holiday === null
  );
  expect(configured.value).toMatchObject({
    first: { media: 'first', mustBeHeard: true },
    position: { media: 'position', mustBeHeard: false },
    positionMost: 5,
    waitingTime: { media: 'waiting-time', mustBeHeard: false },
    closedBy: { temporary: { media: 'closed-temporary', mustBeHeard: false }, holiday: null }
  });
});
