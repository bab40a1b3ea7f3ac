import type { Page } from 'playwright-core';
import type { TestBrowser } from './browser.ts';
import { signIn } from './browser.ts';
import type { TestAgent, World } from './world.ts';

/** An agent at the real desk in Chromium, whose microphone says what the browser was opened with. */
export interface TestDesk {
  page: Page;
  /** Answers what rings, or will within 10 s. */
  answer(): Promise<void>;
  hangUp(): Promise<void>;
}

/** Signs in, starts the shift, and waits until the agent is free. */
export async function openDesk(
  browser: TestBrowser,
  world: World,
  agent: TestAgent,
  expectedErrors: RegExp[] = []
): Promise<TestDesk> {
  const context = await browser.context({ expectedErrors });
  // Processing would take a steady tone for noise.
  await context.addInitScript(() => {
    if (location.protocol.startsWith('http')) localStorage.setItem('vaxel.audio-processing', 'off');
  });
  const page = await context.newPage();
  await signIn(page, agent.email);
  await page.getByRole('button', { name: 'Start shift' }).click();
  await world.fact('agent-state', (fact) => fact.agentId === agent.userId && fact.state === 'free');
  return {
    page,
    answer: () => page.getByRole('button', { name: /^Answer/ }).click(),
    hangUp: () => page.getByRole('button', { name: /^Hang up/ }).click()
  };
}
