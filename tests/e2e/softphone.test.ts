import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { writeTone } from '../../pbx/carrier/tone.ts';
import { openBrowser, signIn, type TestBrowser } from '../support/browser.ts';
import { heardInPage } from '../support/listen.ts';
import { agentTone, allTones, callerTone, musicTone } from '../support/sounds.ts';
import { heard, longestGapMs, toneTimeline } from '../support/tones.ts';
import { createWorld, type TestAgent, type TestQueue, type World } from '../support/world.ts';
import { killChild } from '../support/stack.ts';

/** A real call in a real browser, audio proven by tones at both ends. */
let world: World;
let folder: string;
let says: string;
let browser: TestBrowser;

beforeAll(async () => {
  world = await createWorld();
  folder = await mkdtemp(join(tmpdir(), 'vaxel-e2e-'));
  says = join(folder, 'caller');
  await writeTone(`${says}.wav`, callerTone, 60);
  await writeTone(join(folder, 'agent.wav'), agentTone, 60, 48_000);
  browser = await openBrowser({ microphone: join(folder, 'agent.wav') });
});
afterAll(async () => {
  await browser.close();
  await world.close();
  await rm(folder, { recursive: true, force: true });
});

/** Signs the agent in and starts the shift as a person does: one click. */
async function atDesk(agent: TestAgent, expectedErrors: RegExp[] = []): Promise<Page> {
  const context = await browser.context({ language: 'en', expectedErrors });
  // Echo cancellation and noise suppression would take the tones away.
  await context.addInitScript(() => {
    if (location.protocol === 'http:') localStorage.setItem('vaxel.audio-processing', 'off');
  });
  const page = await context.newPage();
  await signIn(page, agent.email);
  await page.getByRole('button', { name: 'Start shift' }).click();
  await page.getByText('You are free. The next call rings here.').waitFor();
  return page;
}

async function talking(queue: TestQueue, page: Page, record?: string) {
  const call = await world.call(queue, { play: says, ...(record ? { record } : {}) });
  await page.getByText('Incoming', { exact: true }).waitFor();
  await page.keyboard.press('Enter');
  await page.getByText('On call', { exact: true }).waitFor();
  return call;
}

test('the offer shows queue, caller and wait; one key answers; both hear each other; hold, mute, hang-up, wrap-up', async () => {
  const queue = await world.queue({ wrapUpSeconds: 20 });
  const agent = await world.agent('Anna Softphone', [queue]);
  const page = await atDesk(agent);
  const record = join(folder, 'talk.wav');
  const call = await world.call(queue, { play: says, record, from: '+46701740612' });
  const panel = page.locator('section.offered');
  await panel.getByText('+46 70 174 06 12').waitFor();
  await panel.getByText(queue.name).waitFor();
  await panel.getByText('waited').waitFor();
  await page.keyboard.press('Enter');
  await page.getByText('On call', { exact: true }).waitFor();
  await expect.poll(() => heardInPage(page), { timeout: 5_000 }).toBeGreaterThan(callerTone - 15);
  expect(await heardInPage(page)).toBeLessThan(callerTone + 15);

  await page.keyboard.press('h');
  await page.getByRole('button', { name: /Resume/ }).waitFor();
  await world.fact('held', ({ callId, held }) => held && callId !== '');
  expect(await heardInPage(page)).not.toBe(callerTone);
  await page.keyboard.press('h');
  await page.getByRole('button', { name: /Hold/ }).waitFor();
  await expect.poll(() => heardInPage(page), { timeout: 5_000 }).toBeGreaterThan(callerTone - 15);

  await page.keyboard.press('m');
  await page.getByRole('button', { name: /Unmute/ }).waitFor();
  await page.keyboard.press('m');
  await page.keyboard.press('Shift+Escape');
  expect((await call.ended).endedBy).toBe('called');
  await page.getByText('Wrap-up', { exact: true }).waitFor();
  await page.keyboard.press('Enter');
  await page.getByText('You are free. The next call rings here.').waitFor();
  const ended = await world.fact('wrap-up-ended', ({ agentId }) => agentId === agent.userId);
  expect(ended.by).toBe('agent');
  // What the caller heard, in order: the agent, music while held, the agent again.
  const order = heard(await toneTimeline(record, allTones), 300).filter((hz) => hz === agentTone || hz === musicTone);
  expect(order.slice(-3)).toEqual([agentTone, musicTone, agentTone]);
  await page.context().close();
});

test('Escape declines: the call goes on to the next, and the desk says so', async () => {
  const queue = await world.queue();
  const first = await world.agent('Bea Avböj', [queue]);
  const second = await world.agent('Cai Nästa', [queue]);
  const page = await atDesk(first);
  const phone = await second.start();
  const call = await world.call(queue);
  await page.getByText('Incoming', { exact: true }).waitFor();
  await page.keyboard.press('Escape');
  const invitation = await phone.invitation();
  expect((await world.fact('offer-ended', ({ agentId }) => agentId === first.userId)).outcome).toBe('declined');
  await page.getByRole('cell', { name: 'declined' }).waitFor();
  await invitation.answer();
  await call.hangUp();
  await page.context().close();
});

test('web is killed in a call: no gap over 200 ms, the phone comes back by itself, and either side can end the call', async () => {
  const queue = await world.queue();
  const agent = await world.agent('Dag Omstart', [queue]);
  // Its sockets are cut on purpose, and tried again while nobody listens.
  const page = await atDesk(agent, [/WebSocket|ERR_CONNECTION_REFUSED|1006|sip\./]);
  for (const ends of ['agent', 'caller'] as const) {
    const record = join(folder, `web-${ends}.wav`);
    const call = await talking(queue, page, record);
    await killChild('web');
    await page.getByText('phone ready', { exact: true }).waitFor({ state: 'hidden' });
    await page.getByText('phone ready', { exact: true }).waitFor({ timeout: 20_000 });
    // The dialog points at the new socket: an ordinary hang-up works again, from here and from there.
    if (ends === 'agent') {
      await page.keyboard.press('Shift+Escape');
      expect((await call.ended).endedBy).toBe('called');
    } else {
      await call.hangUp();
      await page.getByText('On call', { exact: true }).waitFor({ state: 'hidden', timeout: 5_000 });
    }
    const report = await call.ended;
    const spans = (await toneTimeline(record, allTones)).filter(({ hz }) => hz === agentTone);
    const from = spans[0]?.fromMs ?? 0;
    const to = spans.at(-1)?.toMs ?? 0;
    expect(to - from).toBeGreaterThan(report.seconds * 500);
    expect(longestGapMs(spans, agentTone, from, to)).toBeLessThanOrEqual(200);
    await page.getByText('You are free. The next call rings here.').waitFor();
  }
  await page.context().close();
});

test('a tab closed in a call: the caller is told at once, queued first, and answered by another', async () => {
  const queue = await world.queue();
  const agent = await world.agent('Eli Stäng', [queue]);
  const page = await atDesk(agent);
  const record = join(folder, 'closed-tab.wav');
  const call = await talking(queue, page, record);
  const other = await world.agent('Fei Annan', [queue]);
  const phone = await other.start();
  await page.context().close();
  const talk = await world.fact('talk-ended', ({ agentId }) => agentId === agent.userId, 10_000);
  expect(talk.lost).toBe(true);
  const again = await world.fact(
    'visit-entered',
    ({ because, queueId }) => because === 'agent-lost' && queueId === queue.id
  );
  expect(again.strict).toBe(true);
  const invitation = await phone.invitation(5_000);
  // They may answer at once; this one lets the announcement be heard.
  await world.fact(
    'announced',
    ({ callId, announcement }) => callId === talk.callId && announcement === 'reconnecting'
  );
  await invitation.answer();
  await world.fact('talk-started', ({ agentId }) => agentId === other.userId);
  await call.hangUp();
  await call.ended;
  const spans = await toneTimeline(record, allTones);
  expect(heard(spans)).toContain(500);
  // Told within two seconds of the last the agent said (twice the room of one).
  const last = spans.filter(({ hz }) => hz === agentTone).at(-1)?.toMs ?? 0;
  const told = spans.find(({ hz, fromMs }) => hz === 500 && fromMs >= last)?.fromMs ?? Infinity;
  expect(told - last).toBeLessThanOrEqual(2_000);
});

test('a page that crashes in a call: its leg ends within 10 s, and the caller is told and queued first', async () => {
  const queue = await world.queue();
  const agent = await world.agent('Gry Krasch', [queue]);
  const page = await atDesk(agent);
  const record = join(folder, 'crash.wav');
  const call = await talking(queue, page, record);
  const talk = await world.fact('talk-started', ({ agentId }) => agentId === agent.userId);
  const diedAt = performance.now();
  // The renderer is gone at once: no beacon, no BYE, no more audio.
  await page.goto('chrome://crash').catch(() => undefined);
  const lost = await world.fact('talk-ended', ({ offerId }) => offerId === talk.offerId, 20_000);
  expect(performance.now() - diedAt).toBeLessThan(10_000);
  expect(lost.lost).toBe(true);
  await world.fact('visit-entered', ({ because, queueId }) => because === 'agent-lost' && queueId === queue.id);
  const told = await world.fact(
    'announced',
    ({ callId, announcement }) => callId === talk.callId && announcement === 'reconnecting'
  );
  expect(told.failed).toBe(false);
  await call.hangUp();
  await call.ended;
  expect(heard(await toneTimeline(record, allTones))).toContain(500);
});

test('a page reloaded in a shift is armed again without a click, and the next call rings in it', async () => {
  const queue = await world.queue();
  const agent = await world.agent('Hea Ladda', [queue]);
  const page = await atDesk(agent);
  await page.reload();
  await page.getByText('You are free. The next call rings here.').waitFor({ timeout: 10_000 });
  const call = await talking(queue, page);
  await page.keyboard.press('Shift+Escape');
  await call.ended;
  await page.context().close();
});
