import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBrowser, signIn, type TestBrowser } from '../support/browser.ts';
import { createWorld, type World } from '../support/world.ts';

/** A shift by keys alone (P12, P17, B10), on a narrow phone and in both languages: log in and out, wrap-up, what fits. */
let world: World;
let browser: TestBrowser;
beforeAll(async () => {
  [world, browser] = await Promise.all([createWorld(), openBrowser()]);
});
afterAll(async () => {
  await browser.close();
  await world.close();
});

const words = {
  sv: {
    start: 'Börja passet',
    all: 'Logga in i alla',
    out: 'Logga ut ur alla',
    answer: /^Svara/,
    hangUp: /^Lägg på/,
    pause: 'Paus',
    resume: 'Fortsätt',
    ready: /^Klar/
  },
  en: {
    start: 'Start shift',
    all: 'Log in to all',
    out: 'Log out of all',
    answer: /^Answer/,
    hangUp: /^Hang up/,
    pause: 'Pause',
    resume: 'Resume',
    ready: /^Ready/
  }
};

/** Nothing stands outside the screen, and nothing in the bar over something else. */
async function fits(page: Page): Promise<void> {
  const found = await page.evaluate(() => {
    const boxes = [
      ...document.querySelectorAll('header > .me *, header > .button, header > details, header > .vx-menu-trigger')
    ]
      .map((one) => ({ in: one.closest('.me') !== null, box: one.getBoundingClientRect() }))
      .filter(({ box }) => box.width > 1);
    const over = boxes.filter((one) =>
      boxes.some(
        (other) =>
          one.in &&
          !other.in &&
          one.box.left < other.box.right &&
          other.box.left < one.box.right &&
          one.box.top < other.box.bottom &&
          other.box.top < one.box.bottom
      )
    );
    const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
    return { wide, over: over.length };
  });
  expect(found).toEqual({ wide: 0, over: 0 });
}

test.each(['sv', 'en'] as const)(
  '%s',
  async (language) => {
    const t = words[language];
    const [one, other] = [await world.queue({ wrapUpSeconds: 60 }), await world.queue()];
    await world.pauseReasons([{ name: 'Kompetensutveckling', minutes: 45 }]);
    const agent = await world.agent(language === 'sv' ? 'Tilda Tangent' : 'Kaj Klaviatur', [one, other]);
    const mine = ({ agentId }: { agentId: string | null }) => agentId === agent.userId;
    const page = await (await browser.context({ viewport: { width: 320, height: 640 }, language })).newPage();
    await signIn(page, agent.email);
    const press = async (name: string, key = 'Enter') => {
      await page.getByRole('button', { name, exact: true }).focus();
      await page.keyboard.press(key);
    };
    await press(t.start);
    await world.fact('agent-state', (fact) => mine(fact) && fact.state === 'free');
    await page.getByRole('button', { name: t.pause, exact: true }).waitFor();
    await fits(page);

    // One queue by its switch, then all at once: the rest in, then all out, then all in.
    const toggle = page.getByRole('switch', { name: new RegExp(one.name) });
    await toggle.focus();
    await page.keyboard.press('Space');
    await world.fact('login-changed', (fact) => mine(fact) && fact.queueId === one.id && !fact.loggedIn);
    await expect.poll(() => toggle.isChecked()).toBe(false);
    await press(t.all);
    await expect.poll(() => toggle.isChecked()).toBe(true);
    await press(t.out);
    await world.fact('login-changed', (fact) => mine(fact) && fact.queueId === other.id && !fact.loggedIn);
    await expect.poll(() => toggle.isChecked()).toBe(false);
    await press(t.all);
    await expect.poll(() => toggle.isChecked()).toBe(true);

    await press(t.pause);
    await page.keyboard.press('Enter');
    await world.fact('pause-changed', (fact) => mine(fact) && fact.paused);
    await page.getByRole('button', { name: t.resume, exact: true }).waitFor();
    await fits(page);
    await press(t.resume);
    await world.fact('pause-changed', (fact) => mine(fact) && !fact.paused);

    const call = await world.call(one);
    await page.getByRole('button', { name: t.answer }).waitFor();
    await page.keyboard.press('Enter');
    await world.fact('talk-started', mine);
    await page.getByRole('button', { name: t.hangUp }).waitFor();
    await page.keyboard.press('Shift+Escape');
    await call.ended;
    const wrapUp = await world.fact('wrap-up-started', mine);
    const ready = page.getByRole('button', { name: t.ready });
    await ready.waitFor();
    await page.keyboard.press('+');
    const longer = await world.fact('wrap-up-changed', mine);
    expect(longer.untilMs).toBe(wrapUp.untilMs + 30_000);
    await fits(page);
    await page.locator('body').press('Enter');
    await ready.waitFor({ state: 'hidden' });
    await world.fact('wrap-up-ended', (fact) => mine(fact) && fact.by === 'agent');
  },
  90_000
);
