import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBrowser, signIn, type TestBrowser } from '../support/browser.ts';
import { createWorld, type World } from '../support/world.ts';

/** Who is offered what, as an administrator sets it on the pages (P14, P15). */
let world: World;
let browser: TestBrowser;

beforeAll(async () => {
  [world, browser] = await Promise.all([createWorld(), openBrowser()]);
});
afterAll(async () => {
  await browser.close();
  await world.close();
});

async function administration(path: string, expectedErrors: RegExp[] = []) {
  const page = await (await browser.context({ expectedErrors })).newPage();
  await signIn(page, world.administrator.email);
  await page.goto(path);
  return page;
}

test('a skill given to a person and needed by a queue decides who is rung; the page counts them before it is saved', async () => {
  const queue = await world.queue();
  const knows = await world.agent('Kaisa Kan', [queue]);
  const knowsNot = await world.agent('Nils Novis', [queue]);
  const page = await administration('/admin/skills', [/status of 400/]);

  // From nothing: the first skill, by the empty page's own button.
  await page.getByRole('button', { name: 'New skill' }).click();
  await page.getByLabel('Name', { exact: true }).fill('Finnish');
  await page.getByRole('button', { name: 'Create' }).click();
  await page.getByText(/^Finnish is added/).waitFor();

  await page.goto(`/admin/people/${knows.userId}`);
  await page.getByLabel('Skill', { exact: true }).selectOption({ label: 'Finnish' });
  await page.getByLabel('Level (1–10)').selectOption('7');
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await page.getByText('Finnish: 7.').waitFor();
  await world.fact(
    'configured',
    ({ value }) => value?.type === 'agent' && value.id === knows.userId && value.skills[0]?.level === 7,
    5_000
  );
  await page
    .getByRole('status')
    .filter({ hasText: /^\s*live since \d\d:\d\d/ })
    .waitFor();

  // By keyboard alone from the part's own link on.
  await page.goto(`/admin/queues/${queue.id}`);
  await page.getByRole('link', { name: 'Edit Who gets the call' }).press('Enter');
  await page.getByRole('radio', { name: 'Longest free' }).focus();
  await page.keyboard.press('ArrowDown');
  expect(await page.getByRole('radio', { name: 'Fair share' }).isChecked()).toBe(true);
  await page.getByRole('button', { name: 'Require a skill' }).press('Enter');
  const picture = page.getByRole('figure', { name: 'So many of its members can get the call' });
  await picture.getByText('1 of 2').waitFor();
  await page.getByLabel('at least, Finnish, Step 1').fill('8');
  await picture.getByText('the call never reaches anybody').waitFor();
  await page.getByLabel('at least, Finnish, Step 1').fill('7');
  await page.getByRole('button', { name: 'Add step' }).press('Enter');
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type('90');
  await picture.getByText('after 90 s').waitFor();
  await picture.getByText('2 of 2').waitFor();
  await page.keyboard.press('Enter');
  await page.getByText('Who gets the call: saved.').waitFor();
  await page.getByText(/fewest queue calls per available hour/).waitFor();
  await page
    .getByRole('status')
    .filter({ hasText: /^\s*live since \d\d:\d\d/ })
    .waitFor();
  const { value } = await world.fact(
    'configured',
    (fact) => fact.value?.type === 'queue' && fact.value.id === queue.id && fact.value.distribution === 'fair',
    5_000
  );
  expect(value).toMatchObject({
    needs: [
      { afterSeconds: 0, skills: [{ level: 7 }] },
      { afterSeconds: 90, skills: [] }
    ]
  });

  // Who has been free longer knows nothing: the call goes to the other.
  await knowsNot.start();
  const phone = await knows.start();
  const call = await world.call(queue);
  await (await phone.invitation()).answer();
  await world.fact('talk-started', ({ queueId, agentId }) => queueId === queue.id && agentId === knows.userId);
  await call.hangUp();

  // Needed: it cannot be removed, and the page says by what.
  await page.goto('/admin/skills');
  await page.getByRole('button', { name: 'Remove Finnish' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  await page
    .getByRole('alert')
    .filter({ hasText: `Needed by ${queue.name}. Remove the need there first.` })
    .waitFor();
});

test('a number’s needs and priority: what is wrong is told at its place, what is saved goes live, undo brings back what was', async () => {
  const queue = await world.queue();
  const agent = await world.agent('Olga Office', [queue]);
  await world.skill([[agent, 5]], 'Invoices');
  const page = await administration('/admin/numbers', [/status of 400/]);
  await page.getByRole('searchbox').fill(queue.number);
  await page.getByRole('link', { name: /^Who gets the call, .*: as the queue$/ }).click();
  const picture = page.getByRole('figure', { name: new RegExp(`So many in ${queue.name}`) });
  await page.getByRole('button', { name: 'Require a skill' }).click();
  await page.getByLabel('Skill, Step 1', { exact: true }).selectOption({ label: 'Invoices' });
  await picture.getByText('Invoices 1+').waitFor();
  await page.getByRole('button', { name: 'Add step' }).click();
  await page.getByLabel('From, Step 2').fill('0');
  await page.getByLabel('Head start').fill('60');
  await page.getByText('Who has waited 0:30 is placed as if it were 1:30.').waitFor();
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('alert').filter({ hasText: 'Each step must start later than the one before' }).waitFor();

  await page.getByLabel('From, Step 2').fill('45');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText(/^[-\d ]+: saved\.$/).waitFor();
  const configured = (creditSeconds: number, after = 0) =>
    world.fact(
      'configured',
      ({ value, version }) =>
        value?.type === 'number' &&
        value.id === queue.numberId &&
        value.creditSeconds === creditSeconds &&
        version > after,
      5_000
    );
  const saved = await configured(60);
  expect(saved.value).toMatchObject({ needs: [{ afterSeconds: 0 }, { afterSeconds: 45, skills: [] }], strict: false });
  await page
    .getByRole('status')
    .filter({ hasText: /^\s*live since \d\d:\d\d/ })
    .waitFor();

  // Its queue tells of it.
  const other = await page.context().newPage();
  await other.goto(`/admin/queues/${queue.id}`);
  await other.getByText('has needs or priority of its own besides.').waitFor();

  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByText('Undone').waitFor();
  expect((await configured(0, saved.version)).value).toMatchObject({ needs: [] });
  expect(await page.getByLabel('Head start').inputValue()).toBe('0');
  await page.getByText('What the agent must know').waitFor();
  await page.getByRole('button', { name: 'Require a skill' }).waitFor();
});

test('a member’s own wrap-up is chosen in the queue, and the next call has it', async () => {
  const queue = await world.queue({ wrapUpSeconds: 30 });
  const agent = await world.agent('Wera Wrap', [queue]);
  const page = await administration(`/admin/queues/${queue.id}`);
  await page.getByLabel(`Wrap-up, ${agent.name}`).selectOption({ label: 'wrap-up 1:30' });
  await page.getByText(`${agent.name}: wrap-up 1:30.`).waitFor();
  await world.fact(
    'configured',
    ({ value }) => value?.type === 'member' && value.agentId === agent.userId && value.wrapUpSeconds === 90,
    5_000
  );
  const phone = await agent.start();
  const call = await world.call(queue);
  await (await phone.invitation()).answer();
  await world.fact('talk-started', ({ queueId }) => queueId === queue.id);
  await call.hangUp();
  const wrapUp = await world.fact('wrap-up-started', ({ queueId }) => queueId === queue.id);
  expect(wrapUp.untilMs - wrapUp.atMs).toBe(90_000);

  await page.getByRole('button', { name: 'Undo' }).click();
  await world.fact(
    'configured',
    ({ value, version }) =>
      value?.type === 'member' && value.agentId === agent.userId && value.wrapUpSeconds === null && version > 1,
    5_000
  );
});
