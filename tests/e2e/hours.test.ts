import type { Locator, Page } from 'playwright-core';
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
  const line = (day: string) => panel.locator('ol > li').filter({ hasText: day }).locator('.said');
  await expect.poll(() => line('5 May 2027').innerText()).toBe('08:00–17:00');
  expect(await line('6 May 2027').innerText()).toBe('closed\nAscension Day');
  expect(await line('8 May 2027').innerText()).toBe('closed');
  await panel.getByRole('list', { name: 'How to read the week' }).getByText('holiday').waitFor();
  await panel.getByRole('button', { name: 'The week after' }).click();
  await expect.poll(() => line('13 May 2027').innerText()).toBe('08:00–17:00');
});

/** Drags from one point of an element to `byMinutes` later on the day's clock. */
async function dragBy(page: Page, element: Locator, from: 'top' | 'middle' | 'bottom', byMinutes: number, drop = true) {
  await element.scrollIntoViewIfNeeded();
  const box = await element.boundingBox();
  const day = await page.locator('[data-day="0"]').boundingBox();
  if (!box || !day) throw new Error('nothing to drag');
  const x = box.x + box.width / 2;
  const y = { top: box.y + 3, middle: box.y + box.height / 2, bottom: box.y + box.height - 3 }[from];
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x, y + 5);
  await page.mouse.move(x, y + (byMinutes / 1440) * day.height);
  if (drop) await page.mouse.up();
}

test('P1: hours are dragged in the week, drawn anew, taken back, and saved with its fields', async () => {
  const page = await signedIn();
  await newHours(page, 'Dragged');
  await page.goto(`${page.url()}?week=2027-06-07`);
  const panel = page.getByRole('region', { name: 'As it will be' });
  const block = (name: string) => panel.getByRole('button', { name, exact: true });
  const field = (day: string, edge: 'Opens' | 'Closes') => page.getByLabel(`${day}, ${edge}`);

  // An edge: of this day alone, then, when it is asked for, of the rule's other days.
  await dragBy(page, block('Monday 08:00–17:00'), 'bottom', 60);
  await block('Monday 08:00–18:00').waitFor();
  expect(await field('Monday', 'Closes').inputValue()).toBe('18:00');
  expect(await field('Tuesday', 'Closes').inputValue()).toBe('17:00');
  await panel.getByRole('button', { name: 'Same on Tue, Wed, Thu and Fri' }).click();
  expect(await field('Friday', 'Closes').inputValue()).toBe('18:00');
  await panel.getByRole('button', { name: 'Undo' }).click();
  expect(await field('Friday', 'Closes').inputValue()).toBe('17:00');
  expect(await field('Monday', 'Closes').inputValue()).toBe('18:00');

  // The whole of it, its start, and a new one on an empty day.
  await dragBy(page, block('Tuesday 08:00–17:00'), 'middle', -120);
  await block('Tuesday 06:00–15:00').waitFor();
  await dragBy(page, block('Wednesday 08:00–17:00'), 'top', 45);
  await block('Wednesday 08:45–17:00').waitFor();
  await dragBy(page, panel.locator('[data-day="5"]'), 'middle', 120);
  await block('Saturday 12:00–14:00').waitFor();
  // Given up.
  await dragBy(page, block('Thursday 08:00–17:00'), 'middle', 180, false);
  await panel.getByText('11:00–20:00').waitFor();
  await page.keyboard.press('Escape');
  await page.mouse.up();
  await block('Thursday 08:00–17:00').waitFor();
  expect(await field('Thursday', 'Opens').inputValue()).toBe('08:00');

  // While a time is being written, the week stands still and cannot be moved.
  await field('Friday', 'Opens').fill('9');
  await panel.getByText('Finish the times in the fields').waitFor();
  await panel.locator('[data-day="4"]').getByText('08:00–17:00').waitFor();
  expect(await block('Friday 08:00–17:00').count()).toBe(0);
  await field('Friday', 'Opens').fill('09:00');
  await block('Friday 09:00–17:00').waitFor();

  // What holds is worked out with what is not saved yet.
  const said = panel.locator('ol > li').nth(5).locator('.said');
  await expect.poll(() => said.innerText()).toBe('12:00–14:00');
  await panel.getByText('Not saved yet.').waitFor();
  await panel.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Dragged: saved.').waitFor();
  await page.reload();
  for (const name of ['Monday 08:00–18:00', 'Tuesday 06:00–15:00', 'Wednesday 08:45–17:00', 'Saturday 12:00–14:00'])
    await block(name).waitFor();
  expect(await panel.getByText('Not saved yet.').count()).toBe(0);
});

test('P1: hours are moved by keys alone, told, removed, and their fields and rules opened', async () => {
  const page = await signedIn('sv');
  await newHours(page, 'Tangenter');
  const panel = page.getByRole('region', { name: 'Så blir det' });
  const block = (name: string) => panel.getByRole('button', { name, exact: true });
  const told = (words: string) => expect.poll(() => panel.getByRole('status').innerText()).toBe(words);
  const key = async (...keys: string[]) => {
    for (const one of keys) await page.keyboard.press(one);
  };
  await block('Fredag 08:00–17:00').focus();
  await key('ArrowDown', 'ArrowDown', 'Shift+ArrowUp');
  await told('Fredag 08:30–17:15');
  expect(await block('Fredag 08:30–17:15').evaluate((element) => element === document.activeElement)).toBe(true);
  await key('Control+z', 'Control+z', 'Control+z');
  await told('Ångrat.');
  await block('Fredag 08:00–17:00').focus();
  await key('Delete');
  await told('Fredag 08:00–17:00: borttagen.');
  // Its day’s button has the focus, and makes new ones.
  await key('Enter');
  await told('Fredag 08:00–17:00');
  // Over midnight, which the pointer does not do unasked.
  await key(...Array.from({ length: 32 }, () => 'Shift+ArrowDown'));
  await told('Fredag 08:00–01:00 nästa dag');
  await key('Enter');
  expect(await page.getByLabel('fredag, Öppnar').evaluate((element) => element === document.activeElement)).toBe(true);

  // A rule beyond the week has a mark of its own, which opens its form.
  const rules = page.getByRole('region', { name: 'Särskilda regler' });
  await rules.getByRole('button', { name: 'Lägg till regel' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('När').selectOption('weekly');
  await dialog.getByLabel('Från och med').fill('2026-01-01');
  await dialog.getByRole('button', { name: 'Spara' }).click();
  const mark = panel.getByRole('button', { name: /^Öppna regeln: stängt: varje fredag/ });
  await mark.focus();
  await key('Enter');
  await dialog.getByLabel('Öppnar').fill('15:00');
  await dialog.getByRole('button', { name: 'Spara' }).click();
  await rules.getByText(/^stängt: varje fredag, 15:00–17:00/).waitFor();
  expect(await rules.getByRole('listitem').count()).toBe(1);
  // What was not saved in the week is still there.
  await block('Fredag 08:00–01:00 nästa dag').waitFor();
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

test('P2: what is switched on for a schedule’s queues is drawn in its week, with its end', async () => {
  const page = await signedIn();
  await newHours(page, 'Drawn');
  const hours = page.url();
  const scheduleId = hours.split('/').at(-1) ?? '';
  const queue = await world.queue({ scheduleId });
  await page.goto('/admin/hours');
  await page.getByRole('button', { name: 'New temporary hours' }).click();
  await page.getByRole('dialog').getByLabel('Name').fill('Inventory');
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await page.waitForURL('**/admin/hours/temporary/*');
  await page.getByRole('region', { name: 'Settings' }).getByLabel('Queues').first().selectOption('some');
  await page.getByRole('region', { name: 'Settings' }).getByLabel(queue.name).check();
  await page.getByRole('region', { name: 'Settings' }).getByRole('button', { name: 'Save' }).click();
  await page.getByRole('button', { name: /^Close 1 queue until/ }).click();
  await page.getByText('Inventory is on').waitFor();

  await page.goto(hours);
  const panel = page.getByRole('region', { name: 'As it will be' });
  await panel
    .getByText(/^Inventory, until .*\d\d:\d\d$/)
    .first()
    .waitFor();
  await panel.getByRole('list', { name: 'How to read the week' }).getByText('closed for a time').waitFor();
  await newHours(page, 'Not drawn');
  await panel.waitFor();
  expect(await panel.getByText(/Inventory/).count()).toBe(0);
});
