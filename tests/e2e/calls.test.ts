import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBrowser, signIn, type TestBrowser } from '../support/browser.ts';
import { createWorld, type World } from '../support/world.ts';

/** *Why did this call go there?* two clicks from a figure, of real calls (B3, B6). */
let world: World;
let browser: TestBrowser;

beforeAll(async () => {
  [world, browser] = await Promise.all([createWorld(), openBrowser()]);
});
afterAll(async () => {
  await browser.close();
  await world.close();
});

test('B3: a call that one declines and another answers: who was offered it in which order and why, two clicks from the wallboard’s figure', async () => {
  const queue = await world.queue();
  const anna = await world.agent('Anna Avböjer', [queue]);
  const bo = await world.agent('Bo Besvarar', [queue]);
  const first = await anna.start();
  const second = await bo.start();
  const supervisor = await world.user('supervisor', 'Sara Ser');
  const call = await world.call(queue, { from: '+46701740612' });
  const { offerId } = await world.fact('offered', (fact) => fact.agentId === anna.userId);
  await (await first.invitation()).reject(603);
  await world.fact('offer-ended', (fact) => fact.offerId === offerId && fact.outcome === 'declined');
  await (await second.invitation()).answer();
  await world.fact('talk-started', (fact) => fact.agentId === bo.userId);

  const page = await (await browser.context()).newPage();
  await signIn(page, supervisor.email);
  const row = page.getByRole('row', { name: queue.name });
  await row.getByRole('link', { name: /^1 answered/ }).click();
  await page.waitForURL('**/calls?*');
  await page.getByText('1 call', { exact: true }).waitFor();
  expect(await page.getByRole('table').getByRole('row').count()).toBe(2);
  await page.getByRole('table').getByRole('link').click();
  await page.waitForURL('**/calls/*');

  // While it goes on the record says so, and grows by itself.
  await page.getByText('No end of this call is recorded yet').waitFor();
  await call.hangUp();
  await page.getByText('The caller hung up.').last().waitFor();
  await page.getByText('No end of this call is recorded yet').waitFor({ state: 'detached' });

  const lines = page.getByRole('listitem').filter({ has: page.locator('time') });
  const said = (await lines.locator('.text').allTextContents()).map((text) => text.trim());
  const inOrder = [
    'Offered to Anna Avböjer.',
    'Anna Avböjer declined.',
    'Offered to Bo Besvarar.',
    'Bo Besvarar answered.',
    `The talk with Bo Besvarar is over after`
  ];
  const places = inOrder.map((sentence) => said.findIndex((text) => text.startsWith(sentence)));
  expect(
    places.every((place, index) => place > (places[index - 1] ?? -1)),
    said.join('\n')
  ).toBe(true);
  const offer = lines.filter({ hasText: 'Offered to Anna Avböjer.' });
  await offer.getByText('First in order: has been free longest.').waitFor();
  expect(await offer.locator('ol li').allTextContents()).toEqual([
    expect.stringContaining('Anna Avböjer'),
    expect.stringContaining('Bo Besvarar')
  ]);
  await offer.getByText(`${queue.name} distributes by: longest idle.`).waitFor();
  await page.getByText('+46 70 174 06 12').or(page.getByText('070-174 06 12')).first().waitFor();
  // A supervisor may not change settings: named, but no link.
  expect(await offer.getByRole('link').count()).toBe(0);
});

test('the setting that decided is one click away for who may change it, and each figure opens as many calls as it says', async () => {
  const queue = await world.queue();
  const agent = await world.agent('Gun Svarar', [queue]);
  const phone = await agent.start();
  const told = (type: 'waits' | 'talk-started' | 'talk-ended', times: number) =>
    expect
      .poll(() => world.facts().filter((fact) => fact.type === type && fact.queueId === queue.id), { timeout: 10_000 })
      .toHaveLength(times);
  for (let answered = 0; answered < 2; answered += 1) {
    const call = await world.call(queue);
    await (await phone.invitation()).answer();
    await told('talk-started', answered + 1);
    await call.hangUp();
    await told('talk-ended', answered + 1);
  }
  await agent.click({ type: 'pause', reason: null });
  const givesUp = await world.call(queue);
  await told('waits', 1);
  await givesUp.hangUp();
  await world.fact('visit-ended', (fact) => fact.queueId === queue.id && fact.outcome === 'abandoned');
  const waiting = await world.call(queue);
  await told('waits', 2);

  const page = await (await browser.context()).newPage();
  await signIn(page, world.administrator.email);
  for (const [figure, count] of [
    ['.today a:has-text("answered")', 2],
    ['.today a:has-text("abandoned")', 1],
    // Short abandons do not count.
    ['.ring a', 2],
    ['.longest a', 1],
    ['.waiting a', 1]
  ] as const) {
    await page.goto('/wallboard');
    await page.getByRole('row', { name: queue.name }).locator(figure).click();
    await page.waitForURL('**/calls?*');
    await page.getByText(`${count} call${count === 1 ? '' : 's'}`, { exact: true }).waitFor();
    expect(await page.getByRole('table').getByRole('row').count()).toBe(count + 1);
  }
  // What the last one waits for: its only agent is on a pause.
  await page.getByRole('table').getByRole('link').click();
  await page.getByText('Logged in and able to take it: 1 paused.').waitFor();
  await waiting.hangUp();

  await page.goto('/wallboard');
  await page.getByRole('link', { name: 'Gun Svarar' }).click();
  await page.getByText('2 calls', { exact: true }).waitFor();
  await page.getByRole('table').getByRole('link').first().click();
  await page.setViewportSize({ width: 1280, height: 400 });
  await page.getByRole('link', { name: `Setting: distribution in ${queue.name}` }).click();
  await page.waitForURL(`**/admin/queues/${queue.id}#part-sharing`);
  // At the part itself, not at the top of the page.
  const top = () => page.locator('#part-sharing').evaluate((part) => part.getBoundingClientRect().top);
  await expect.poll(top).toBeLessThan(100);
});

test('an agent gets neither the list nor a record, and figures on their wallboard are no links', async () => {
  const queue = await world.queue();
  const agent = await world.agent('Egil Agent', [queue]);
  const page = await (await browser.context({ expectedErrors: [/403/] })).newPage();
  await signIn(page, agent.email);
  await page.goto('/wallboard');
  const row = page.getByRole('row', { name: queue.name });
  await row.waitFor();
  expect(await row.getByRole('link').count()).toBe(0);
  for (const path of ['/calls', '/calls/some-call']) {
    expect((await page.goto(path))?.status()).toBe(403);
    await page.getByRole('heading', { name: 'Not for your role' }).waitFor();
  }
});
