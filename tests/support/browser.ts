import { onTestFinished, TestRunner } from 'vitest';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import type { Language } from '#lib/i18n/language.ts';
import { env } from './environment.ts';
import { testPassword } from './world.ts';

export interface TestBrowser {
  browser: Browser;
  /**
   * A visitor of their own: cookies, language, appearance. Made in a test, it is closed at the end of that test, which
   * fails for whatever its pages wrote as an error; made in `beforeAll`, `close()` does both.
   */
  context(options?: ContextOptions): Promise<BrowserContext>;
  close(): Promise<void>;
}
export interface ContextOptions {
  viewport?: { width: number; height: number };
  dark?: boolean;
  language?: Language;
  reducedMotion?: boolean;
  /** What a page of this test is meant to complain about: a refused form, a socket whose server was killed. */
  expectedErrors?: RegExp[];
}

export const baseUrl = () => `http://localhost:${env('PORT')}`;

/**
 * Chromium with a microphone that hears a file, or a beep.
 * @param options.microphone absolute path of a WAV; a wrong one gives silence without a word
 */
export async function openBrowser(options: { microphone?: string } = {}): Promise<TestBrowser> {
  const browser = await chromium.launch({
    executablePath: env('VAXEL_CHROMIUM'),
    args: [
      '--no-sandbox',
      '--use-fake-device-for-media-stream',
      '--use-fake-ui-for-media-stream',
      ...(options.microphone ? [`--use-file-for-fake-audio-capture=${options.microphone}`] : []),
      '--autoplay-policy=no-user-gesture-required',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync'
    ]
  });
  const left: (() => Promise<void>)[] = [];
  return {
    browser,
    async context({ viewport, dark = false, language = 'en', reducedMotion = false, expectedErrors = [] } = {}) {
      const context = await browser.newContext({
        baseURL: baseUrl(),
        viewport: viewport ?? { width: 1440, height: 900 },
        colorScheme: dark ? 'dark' : 'light',
        reducedMotion: reducedMotion ? 'reduce' : 'no-preference',
        locale: language === 'sv' ? 'sv-SE' : 'en-GB',
        permissions: ['microphone']
      });
      context.setDefaultTimeout(10_000);
      const errors: string[] = [];
      const hear = (text: string) => {
        if (!expectedErrors.some((expected) => expected.test(text))) errors.push(text);
      };
      context.on('console', (message) => {
        if (message.type() === 'error') hear(`${message.text()} (${message.location().url})`);
      });
      context.on('weberror', (error) => hear(String(error.error())));
      const end = async () => {
        await context.close();
        if (errors.length > 0) throw new Error(`the page wrote errors:\n${errors.join('\n')}`);
      };
      if (TestRunner.getCurrentTest()) onTestFinished(end);
      else left.push(end);
      return context;
    },
    async close() {
      try {
        for (const end of left) await end();
      } finally {
        await browser.close();
      }
    }
  };
}

/** Through the page, as a person does; ends on the page that is this role's home. */
export async function signIn(page: Page, email: string, password = testPassword): Promise<void> {
  await page.goto('/sign-in');
  await fillSignIn(page, email, password);
  await page.waitForURL((url) => url.pathname !== '/sign-in');
}

export async function fillSignIn(page: Page, email: string, password: string): Promise<void> {
  await page.locator('input[name=email]').fill(email);
  await page.locator('input[name=password]').fill(password);
  await page.locator('main button[type=submit]').click();
}
