import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { writeTone } from '../../pbx/carrier/tone.ts';
import { openBrowser, signIn, type TestBrowser } from '../support/browser.ts';
import { allTones } from '../support/sounds.ts';
import { heard, toneTimeline } from '../support/tones.ts';
import { createWorld, type World } from '../support/world.ts';

/** A file of one's own becomes an announcement, is heard on the page, chosen for a queue, and heard by who calls (P25). */
let world: World;
let browser: TestBrowser;
let folder: string;

beforeAll(async () => {
  [world, browser, folder] = await Promise.all([createWorld(), openBrowser(), mkdtemp(join(tmpdir(), 'vaxel-test-'))]);
});
afterAll(async () => {
  await browser.close();
  await world.close();
  await rm(folder, { recursive: true, force: true });
});

const toneHz = 3_500;

test('a wav of 44.1 kHz is imported, listened to, chosen as the welcome, and heard by who calls; removing it is refused meanwhile', async () => {
  const queue = await world.queue();
  const file = join(folder, 'studio.wav');
  await writeTone(file, toneHz, 1.5, 44_100);
  const page = await (await browser.context({ expectedErrors: [/status of 400/] })).newPage();
  await signIn(page, world.administrator.email);
  await page.goto('/admin/announcements');
  await page.getByRole('button', { name: 'Import' }).click();
  const dialog = page.getByRole('dialog');
  // What is missing is told at its field.
  await dialog.getByRole('button', { name: 'Import' }).click();
  await dialog.getByText('Fill in this field').first().waitFor();
  await dialog.getByLabel('Name').fill('Christmas greeting');
  await dialog.getByLabel('File in Swedish').setInputFiles({
    name: 'notes.wav',
    mimeType: 'audio/wav',
    buffer: Buffer.from('no sound at all')
  });
  await dialog.getByText('The file is no sound that can be read').waitFor();
  // Told before it is sent, which the server would not take.
  const long = join(folder, 'long.wav');
  await writeTone(long, toneHz, 301, 8_000);
  await dialog.getByLabel('File in Swedish').setInputFiles(long);
  await dialog.getByText('At most 5 minutes').waitFor();
  await dialog.getByLabel('File in Swedish').setInputFiles(file);
  await dialog.getByText('as it sounds on the phone').last().waitFor();
  await dialog.getByRole('button', { name: 'Import' }).click();
  await page.getByText('Christmas greeting is imported').waitFor();
  const row = page.getByRole('row').filter({ hasText: 'Christmas greeting' });
  await row.getByRole('button', { name: /^Listen to Christmas greeting/ }).click();
  await row.getByRole('button', { name: /^Stop listening/ }).waitFor();
  await row.getByRole('button', { name: /^Listen to/ }).waitFor(); // it was played to its end

  await page.goto(`/admin/queues/${queue.id}?edit=welcome`);
  await page.getByRole('switch', { name: 'Play the welcome' }).press('Space');
  await page.getByLabel('Sound', { exact: true }).selectOption('Christmas greeting');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Your own announcement: Christmas greeting').first().waitFor();
  await page.getByText('Live since').waitFor();
  const record = join(folder, 'heard.wav');
  const call = await world.call(queue, { record });
  await world.fact('announced', ({ announcement, failed }) => announcement === 'welcome' && !failed);
  await call.hangUp();
  await call.ended;
  expect(heard(await toneTimeline(record, [toneHz, ...allTones]))[0]).toBe(toneHz);

  await page.goto('/admin/announcements');
  await row.getByRole('button', { name: 'Remove Christmas greeting' }).click();
  await page
    .getByRole('alert')
    .filter({ hasText: `Played in ${queue.name}` })
    .waitFor();
  await world.change(queue, { welcome: null });
  await row.getByRole('button', { name: 'Remove Christmas greeting' }).click();
  await page.getByText('Christmas greeting is removed').waitFor();
  await page.getByRole('button', { name: 'Undo' }).click();
  await row.waitFor();
});
