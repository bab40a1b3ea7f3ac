import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openBrowser, signIn, type TestBrowser } from '../support/browser.ts';
import { createWorld, type TestAgent, type TestQueue, type World } from '../support/world.ts';

/** From a narrow phone to a TV, light and dark, in both languages: nothing stands outside the screen. */
let world: World;
let browser: TestBrowser;
let queue: TestQueue;
let agent: TestAgent;
let scheduleId: string;
let temporaryId: string;
let callId: string;

beforeAll(async () => {
  [world, browser] = await Promise.all([createWorld(), openBrowser()]);
  queue = await world.queue();
  agent = await world.agent('Maximiliana Långström-Östergårdsdotter', [queue]);
  scheduleId = await world.neverOpen();
  temporaryId = await world.temporary('Brandövningsgenomgångssammanträde');
  const skillId = await world.skill([[agent, 5]], 'Fjärrvärmecentralsinstallationer');
  await world.change(queue, {
    needs: [
      { afterSeconds: 0, skills: [{ skillId, level: 9 }] },
      { afterSeconds: 3_600, skills: [{ skillId, level: 5 }] }
    ]
  });
  const call = await world.call(queue);
  await world.fact('waits', (fact) => fact.queueId === queue.id);
  await call.hangUp();
  ({ callId } = await world.fact('call-finished'));
});
afterAll(async () => {
  await browser.close();
  await world.close();
});

const screens = [
  { name: 'a narrow phone, dark, Swedish', width: 320, height: 640, dark: true, language: 'sv' },
  { name: 'a phone, light, Swedish', width: 390, height: 844, dark: false, language: 'sv' },
  { name: 'a tablet, light, English', width: 820, height: 1180, dark: false, language: 'en' },
  { name: 'a laptop, dark, English', width: 1440, height: 900, dark: true, language: 'en' }
] as const;
const ground = { light: 'rgb(244, 243, 246)', dark: 'rgb(18, 16, 21)' };

describe.each(screens)('$name', ({ width, height, dark, language }) => {
  test('no page is wider than the screen', async () => {
    const administration = [
      '/admin/queues',
      '/admin/api',
      `/admin/queues/${queue.id}`,
      ...['number', 'hours', 'welcome', 'waiting', 'sharing', 'answer'].map(
        (part) => `/admin/queues/${queue.id}?edit=${part}`
      ),
      '/admin/people',
      `/admin/people/${agent.userId}`,
      '/admin/numbers',
      `/admin/numbers/${queue.numberId}`,
      '/admin/numbers/trunk',
      '/admin/skills',
      '/admin/announcements',
      '/admin/pauses',
      '/admin/hours',
      `/admin/hours/${scheduleId}`,
      `/admin/hours/temporary/${temporaryId}`,
      '/wallboard',
      '/calls',
      '/calls?range=days&from=2026-01-01&to=2026-01-02&show=counted',
      `/calls/${callId}`
    ];
    for (const [email, paths] of [
      [world.administrator.email, administration],
      [agent.email, ['/desk', '/wallboard']]
    ] as const) {
      const page = await (await browser.context({ viewport: { width, height }, dark, language })).newPage();
      await page.goto('/sign-in');
      const look = async () => {
        const seen = await page.evaluate(() => ({
          wide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
          ground: getComputedStyle(document.documentElement).backgroundColor,
          language: document.documentElement.lang
        }));
        expect(seen, page.url()).toEqual({ wide: 0, ground: ground[dark ? 'dark' : 'light'], language });
      };
      await look();
      await signIn(page, email);
      for (const path of paths) {
        await page.goto(path);
        // The live pages are there once their first figures are.
        if (path === '/desk' || path === '/wallboard') await page.getByText(queue.name).first().waitFor();
        await look();
      }
    }
  });
});
