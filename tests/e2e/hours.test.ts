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
  const page = await (await browser.context({ language, expectedErrors: [/status of 400/] })).newPage();
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

test('P1: a rule beyond the week is made, stands there in words, and is removed', async () => {
  const page = await signedIn();
  await newHours(page, 'Rules');
  const panel = page.getByRole('region', { name: 'Special rules' });
  const said = 'closed: the last Friday every month, 12:00–17:00';
  await panel.getByRole('button', { name: 'Add a rule' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('To', { exact: true }).fill('2020-01-01');
  await dialog.getByLabel('From', { exact: true }).fill('2020-01-02');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.getByText('The end must come after the start').waitFor();
  await dialog.getByLabel('To', { exact: true }).fill('');
  await dialog.getByLabel('From', { exact: true }).fill('');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await panel.getByText(said).waitFor();
  await page.reload();
  await panel.getByText(said).waitFor();
  // The plain week is saved beside it, and leaves it there.
  await page.getByRole('region', { name: 'The week' }).getByRole('button', { name: 'Save' }).click();
  await page.getByText('Rules: saved.').first().waitFor();
  await panel.getByRole('button', { name: `Remove: ${said}` }).click();
  await panel.getByText('None.').waitFor();
});

test('P1, P3: any week is shown as it will be, with its holidays', async () => {
  const page = await signedIn();
  await newHours(page, 'Weeks');
  await page.goto(`${page.url()}?week=2027-05-05`);
  const panel = page.getByRole('region', { name: 'As it will be' });
  const line = (day: string) => panel.getByRole('listitem').filter({ hasText: day });
  await line('5 May 2027').getByText('08:00–17:00').waitFor();
  await line('6 May 2027')
    .getByText(/closed\s*· Ascension Day/)
    .waitFor();
  await line('8 May 2027').getByText('closed').waitFor();
  await panel.getByRole('button', { name: 'The week after' }).click();
  await line('13 May 2027').getByText('08:00–17:00').waitFor();
});

test('B4: forty queues are closed for two hours in three clicks, preview included, and taken back in one', async () => {
  const queues = [];
  for (let made = 0; made < 40; made++) queues.push(await world.queue());
  const [first, second] = queues;
  if (!first || !second) throw new Error('no queues');
  const waiting = await world.call(first);
  await world.fact('visit-entered', ({ queueId }) => queueId === first.id);

  const page = await signedIn();
  await page.goto('/admin/hours');
  await page.getByRole('button', { name: 'New temporary hours' }).click();
  await page.getByRole('dialog').getByLabel('Name').fill('Fire drill');
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await page.waitForURL('**/admin/hours/temporary/*');

  // From anywhere in the administration.
  await page.goto('/admin/queues');
  let clicks = 0;
  const click = async (role: 'link' | 'button', name: string | RegExp) => {
    clicks += 1;
    await page.getByRole(role, { name, exact: typeof name === 'string' }).click();
  };
  await click('link', 'Hours');
  await click('link', 'Fire drill');
  const preview = page.getByRole('region', { name: 'This will happen' });
  await preview.getByText(/^40\s*queues close now$/).waitFor();
  await preview.getByText(/^1\s*caller waits now$/).waitFor();
  const line = preview.getByRole('row', { name: first.name });
  await line.getByText('stay and are answered').waitFor();
  await click('button', /^Close 40 queues until/);
  await page.getByText('Fire drill is on').waitFor();
  expect(clicks).toBeLessThanOrEqual(6);
  await page
    .getByRole('status')
    .filter({ hasText: /^\s*live since \d\d:\d\d/ })
    .waitFor();

  // Who waited stays; who rings now meets it; everybody sees its name and its end.
  const closed = await world.fact('hours-changed', (fact) => fact.queueId === second.id && !fact.open);
  expect(closed).toMatchObject({ reason: 'temporary', temporary: 'Fire drill' });
  expect(Math.round(((closed.untilMs ?? 0) - closed.atMs) / 60_000)).toBe(120);
  await world.call(second);
  await world.fact('call-finished', ({ outcome, reason }) => outcome === 'closed' && reason === 'temporary');
  expect(world.facts().some((fact) => fact.type === 'visit-ended')).toBe(false);
  const board = await (await browser.context()).newPage();
  await signIn(board, world.administrator.email);
  await board.goto('/wallboard');
  await board
    .locator(`[data-queue="${second.id}"]`)
    .getByText(/Fire drill/)
    .waitFor();
  await board.goto(`/admin/queues/${second.id}`);
  await board
    .getByText(/closed.* opens/)
    .first()
    .waitFor();
  await board.getByText('Fire drill').first().waitFor();

  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByText('Undone').waitFor();
  await world.fact('hours-changed', (fact) => fact.queueId === second.id && fact.open && fact.atMs > closed.atMs);
  await waiting.hangUp();
});

test('B4: those who wait can be told and sent away, as the preview says before', async () => {
  const queue = await world.queue({ closed: { media: 'closed', mustBeHeard: false } });
  await world.call(queue);
  await world.fact('visit-entered', ({ queueId }) => queueId === queue.id);
  const page = await signedIn('sv');
  await page.goto('/admin/hours');
  await page.getByRole('button', { name: 'Ny tillfällig tid' }).click();
  await page.getByRole('dialog').getByLabel('Namn').fill('Strömavbrott');
  await page.getByRole('dialog').getByRole('button', { name: 'Spara' }).click();
  await page.waitForURL('**/admin/hours/temporary/*');
  const settings = page.getByRole('region', { name: 'Inställningar' });
  await settings.getByLabel('Köer').first().selectOption('some');
  await settings.getByLabel(queue.name).check();
  await settings.getByRole('button', { name: 'Spara' }).click();
  const preview = page.getByRole('region', { name: 'Det här händer' });
  await preview.getByText(/^1\s*kö stänger nu$/).waitFor();
  await preview.getByRole('button', { name: '30 min' }).click();
  await preview.getByLabel('De som väntar').selectOption('announce');
  const line = preview.getByRole('row', { name: queue.name });
  await line.getByText('får höra beskedet och läggs på').waitFor();
  await page.getByRole('button', { name: /^Stäng 1 kö till/ }).click();
  await world.fact('visit-ended', (fact) => fact.queueId === queue.id && fact.outcome === 'failed');
  const told = await world.fact('announced', (fact) => fact.announcement === 'closed' && fact.visitId !== null);
  await world.fact('call-finished', ({ callId, reason }) => callId === told.callId && reason === 'temporary', 15_000);
  const closed = await world.fact('hours-changed', (fact) => fact.queueId === queue.id && !fact.open);
  expect(Math.round(((closed.untilMs ?? 0) - closed.atMs) / 60_000)).toBe(30);
  // Off before its end.
  await page.getByRole('button', { name: 'Slå av nu' }).click();
  await world.fact('hours-changed', (fact) => fact.queueId === queue.id && fact.open && fact.atMs > closed.atMs);
});
