import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBrowser, signIn, type TestBrowser } from '../support/browser.ts';
import { createWorld, type World } from '../support/world.ts';

/** When callers are not let in (P10, P11), set in the browser: it holds for the next call, and what it stops is shown. */
let world: World;
let browser: TestBrowser;

beforeAll(async () => {
  [world, browser] = await Promise.all([createWorld(), openBrowser()]);
});
afterAll(async () => {
  await browser.close();
  await world.close();
});

test('P11: where callers go when nobody is logged in is set in one form, and the next call goes there', async () => {
  const queue = await world.queue();
  const telephone = await world.telephone({ answerAfterMs: 200 });
  const page = await (await browser.context({ expectedErrors: [/status of 400/] })).newPage();
  await signIn(page, world.administrator.email);
  await page.goto(`/admin/queues/${queue.id}?edit=closing`);
  await page.getByRole('switch', { name: /^Forward when nobody is logged in/ }).press('Space');
  // What may not be called is told at its field.
  await page.getByLabel('To the number').fill('0900-123 45 67');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('alert').filter({ hasText: 'allows only numbers that begin with +46' }).waitFor();
  await page.getByLabel('To the number').fill(telephone.number);
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('When nobody answers: saved.').waitFor();
  await page.getByText(/When nobody is logged in: to 08/).waitFor();
  await world.fact(
    'configured',
    ({ value }) => value?.type === 'queue' && value.id === queue.id && value.closing.nobodyTo === telephone.number
  );
  const call = await world.call(queue);
  await telephone.next();
  expect(await call.answered).toBe(true);
  await call.hangUp();
});

test('E7: what a limit has stopped is on the page of limits, with its call', async () => {
  const telephone = await world.telephone({ refuse: 17 });
  const queue = await world.queue({ closing: { nobodyTo: telephone.number } });
  const from = '+46701740616';
  for (let n = 0; n < 4; n += 1) {
    const call = await world.call(queue, { from });
    await call.answered;
    await call.hangUp();
    await call.ended;
  }
  const stopped = await world.fact('forward-stopped', ({ queueId }) => queueId === queue.id);
  const page = await (await browser.context()).newPage();
  await signIn(page, world.administrator.email);
  await page.getByRole('link', { name: 'Limits' }).click();
  await page.waitForURL('**/admin/limits');
  const row = page.getByRole('row').filter({ hasText: queue.name });
  // History is a moment behind.
  await expect.poll(async () => (await page.reload(), await row.count()), { timeout: 10_000 }).toBe(1);
  expect(await row.innerText()).toContain('Same caller again');
  await row.getByRole('link', { name: 'The call' }).click();
  await page.waitForURL(`**/calls/${stopped.callId}`);
  await page.getByText('The same caller was forwarded there three times within a minute.').waitFor();
});
