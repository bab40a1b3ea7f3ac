import { spawn } from 'node:child_process';
import { mkdtemp, mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { id } from '#lib/acd/ids.ts';
import { softphonePassword } from '#lib/server/auth/softphone.ts';
import { writeTone } from '../../pbx/carrier/tone.ts';
import type { Bench, Figure } from '../../src/cli/bench.ts';
import { root } from '../../src/runtime/paths.ts';
import { freeTcpPort, freeUdpPort } from '../../src/runtime/ports.ts';
import { runOrThrow } from '../../src/runtime/run.ts';
import { openBrowser, signIn, type TestBrowser } from '../support/browser.ts';
import { env } from '../support/environment.ts';
import { startRig } from '../support/sip-rig/index.ts';
import { derive } from '../support/sip-rig/observations.ts';
import { agentTone, callerTone } from '../support/sounds.ts';
import { toneTimeline } from '../support/tones.ts';
import { startTestStack } from '../support/test-stack.ts';
import { createWorld, type World } from '../support/world.ts';
import { atMost } from './statistics.ts';

/**
 * The path of a call, each figure from outside: what SIP, the caller's recording and the browser's own clock say. All
 * run on one machine, so that one clock serves both ends.
 */
const callPath: Bench = async (note) => {
  const figures: Figure[] = [];
  const trunkPort = await freeUdpPort();
  const stack = await startTestStack('bench', note, { trunkAlso: trunkPort });
  Object.assign(process.env, stack.environment);
  const folder = await mkdtemp(join(tmpdir(), 'vaxel-bench-'));
  await writeTone(join(folder, 'caller.wav'), callerTone, 60);
  await writeTone(join(folder, 'agent.wav'), agentTone, 60, 48_000);
  const world = await createWorld();
  const browser = await openBrowser({ microphone: join(folder, 'agent.wav') });
  try {
    note('free agent and waiting call → INVITE');
    figures.push(
      atMost(
        'free agent and waiting call → INVITE to the agent’s device, p99',
        await invites(world, trunkPort),
        0.99,
        25,
        200
      )
    );
    note('answer → audio both ways');
    figures.push(
      atMost('agent presses answer → audio both ways, p95', await answers(world, browser, folder, 30), 0.95, 500, 20)
    );
    note('Asterisk event → pixel on the wallboard');
    figures.push(
      atMost('Asterisk event → pixel on the wallboard, p99', await pixels(world, browser, 120), 0.99, 150, 100)
    );
    note('click → confirmed');
    figures.push(atMost('click (pause) → confirmed on the desk, p95', await clicks(world, browser, 60), 0.95, 100, 40));
  } finally {
    await browser.close();
    await world.close();
    await stack.stop();
    await rm(folder, { recursive: true, force: true });
  }
  note('npm start, second time');
  figures.push(await secondStart());
  return figures;
};
export default callPath;

/** As in `bench queue`. */
const warmUpMs = 10_000;

/**
 * From the moment when both hold (a call waits, the agent is free) to the INVITE at the agent's device: seen by SIP at
 * both ends. Calls come at random, so that sometimes the one comes last and sometimes the other: the call's own INVITE,
 * with the whole way in, or the agent's BYE. The first seconds, with cold code everywhere, are left out.
 */
async function invites(world: World, trunkPort: number): Promise<number[]> {
  const queue = await world.queue({ wrapUpSeconds: 0 });
  const agent = await world.agent('Bench Ett', [queue]);
  const rig = await startRig({
    sipPort: Number(env('VAXEL_SIP_PORT')),
    devicesUrl: `${env('VAXEL_ARI').replace('http', 'ws')}/ws`,
    trunkPort,
    number: queue.number,
    agents: [{ username: agent.deviceId, password: softphonePassword(env('VAXEL_SECRET'), agent.deviceId, 1) }],
    devices: 'ws',
    answerAfterMs: 20,
    talkMs: 150,
    talk: 'fixed',
    rate: 2.5,
    seconds: 160,
    drainMs: 20_000,
    seed: 1
  });
  try {
    const reply = await agent.click({ type: 'start-shift', deviceId: id.device(agent.deviceId) });
    if (!reply.ok) throw new Error(`the shift did not start: ${reply.code}`);
    const { observations, fromMs } = await rig.run();
    const derived = derive(observations, 1, fromMs + warmUpMs);
    if (derived.failed + derived.doubleOffers > 0) throw new Error(`${derived.failed} calls failed`);
    return derived.freeBesideWaitingMs;
  } finally {
    await rig.close();
  }
}

/** From the key press to the later of: the caller's tone in the browser, the agent's tone in the caller's recording. */
async function answers(world: World, browser: TestBrowser, folder: string, count: number): Promise<number[]> {
  const queue = await world.queue();
  const agent = await world.agent('Bench Två', [queue]);
  const context = await browser.context({ language: 'en' });
  await context.addInitScript(listenForTone, callerTone);
  const page = await context.newPage();
  await signIn(page, agent.email);
  await page.getByRole('button', { name: 'Start shift' }).click();
  await page.getByText('You are free. The next call rings here.').waitFor();
  const samples: number[] = [];
  for (let index = 0; index < count; index++) {
    const record = join(folder, `answer-${index}.wav`);
    const call = await world.call(queue, { play: join(folder, 'caller'), record });
    await page.getByText('Incoming', { exact: true }).waitFor();
    await page.locator('section.offered .primary:enabled').waitFor();
    const pressedAtMs = await page.evaluate(() => {
      (window as unknown as BenchWindow).heardAtMs = null;
      const atMs = performance.timeOrigin + performance.now();
      document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true }));
      return atMs;
    });
    await page.waitForFunction(() => (window as unknown as BenchWindow).heardAtMs !== null, null, { timeout: 10_000 });
    const here = await page.evaluate(() => (window as unknown as BenchWindow).heardAtMs ?? 0);
    // The caller needs to have heard it for a while, so that the recording has it.
    await page.waitForTimeout(600);
    await page.keyboard.press('Shift+Escape');
    const report = await call.ended;
    const spans = await toneTimeline(record, [agentTone]);
    const first = spans.find(({ hz, toMs }) => hz === agentTone && (report.recordedFromMs ?? 0) + toMs > pressedAtMs);
    const there = (report.recordedFromMs ?? 0) + (first?.fromMs ?? Infinity);
    samples.push(Math.max(here, there) - pressedAtMs);
    await page.getByText('You are free. The next call rings here.').waitFor();
  }
  await context.close();
  return samples;
}

/** From the carrier's INVITE to the frame in which the wallboard shows one more (or one less) waiting. */
async function pixels(world: World, browser: TestBrowser, count: number): Promise<number[]> {
  const queue = await world.queue();
  const supervisor = await world.user('supervisor', 'Bench Tavla');
  const context = await browser.context({ language: 'en', viewport: { width: 1920, height: 1080 } });
  const page = await context.newPage();
  await signIn(page, supervisor.email);
  await page.goto(`http://localhost:${process.env.PORT}/wallboard`);
  const cell = `[data-queue="${queue.id}"] [data-figure="waiting"]`;
  await page.locator(cell).waitFor();
  const samples: number[] = [];
  for (let index = 0; index < count; index++) {
    const shown = frameWith(page, cell, '1');
    const call = await world.call(queue);
    samples.push((await shown) - call.dialledAtMs);
    const gone = frameWith(page, cell, '0');
    await call.hangUp();
    await gone;
  }
  await context.close();
  return samples;
}

/** The epoch ms of the frame in which the element first has the text. */
function frameWith(page: Page, selector: string, text: string): Promise<number> {
  return page.evaluate(
    ([where, wanted]) =>
      new Promise<number>((resolve) => {
        const look = () => {
          if (document.querySelector(where ?? '')?.textContent?.trim() === wanted)
            resolve(performance.timeOrigin + performance.now());
          else requestAnimationFrame(look);
        };
        look();
      }),
    [selector, text]
  );
}

/** From the click to the frame in which the desk shows the other state, as the worker has confirmed it. */
async function clicks(world: World, browser: TestBrowser, count: number): Promise<number[]> {
  const queue = await world.queue();
  const agent = await world.agent('Bench Tre', [queue]);
  const context = await browser.context({ language: 'en' });
  const page = await context.newPage();
  await signIn(page, agent.email);
  await page.getByRole('button', { name: 'Start shift' }).click();
  await page.getByText('You are free. The next call rings here.').waitFor();
  const samples: number[] = [];
  for (let index = 0; index < count; index++) {
    const wanted = index % 2 === 0 ? 'paused' : 'free';
    samples.push(
      await page.evaluate(async (state) => {
        const button = [...document.querySelectorAll('header button')].find((one) =>
          /Pause|Resume/.test(one.textContent ?? '')
        ) as HTMLElement;
        const from = performance.now();
        button.click();
        while (document.querySelector('header [data-state]')?.getAttribute('data-state') !== state)
          await new Promise(requestAnimationFrame);
        return performance.now() - from;
      }, wanted)
    );
    // The control is pending until the view has come; the next click comes after that.
    await page.locator('header button[aria-busy]').waitFor({ state: 'detached' });
  }
  await context.close();
  return samples;
}

/** In the page: notes when the tone is first heard in any call's audio. Runs before the page's own script. */
interface BenchWindow {
  heardAtMs: number | null;
}
function listenForTone(hz: number): void {
  if (location.protocol === 'http:') localStorage.setItem('vaxel.audio-processing', 'off');
  const target = window as unknown as BenchWindow;
  target.heardAtMs = null;
  const Original = RTCPeerConnection;
  window.RTCPeerConnection = class extends Original {
    constructor(...args: ConstructorParameters<typeof RTCPeerConnection>) {
      super(...args);
      this.addEventListener('track', ({ track }) => {
        const context = new AudioContext();
        const analyser = context.createAnalyser();
        analyser.fftSize = 1024;
        analyser.smoothingTimeConstant = 0;
        context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
        const levels = new Float32Array(analyser.frequencyBinCount);
        const bin = Math.round((hz * analyser.fftSize) / context.sampleRate);
        const timer = setInterval(() => {
          analyser.getFloatFrequencyData(levels);
          if ((levels[bin] ?? -200) < -55) return;
          target.heardAtMs ??= performance.timeOrigin + performance.now();
          clearInterval(timer);
          void context.close();
        }, 5);
      });
    }
  };
}

/** A start of everything with the tools, the build and the data there, up to the line that says the address. */
async function secondStart(): Promise<Figure> {
  const port = String(await freeTcpPort());
  const run = () => timedStart(port);
  await mkdir(join(root, '.vaxel'), { recursive: true });
  await run();
  const samples = [await run(), await run(), await run()];
  const value = Math.round(Math.max(...samples) * 10) / 10;
  return {
    name: '`npm start`, second time',
    unit: 's',
    value,
    aim: '<= 15',
    holds: value <= 15,
    samples: samples.length
  };
}

async function timedStart(port: string): Promise<number> {
  const env = { ...process.env, PORT: port, VAXEL_STACK: 'test-bench-start' };
  const from = performance.now();
  const child = spawn('npm', ['start'], { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const seconds = await new Promise<number>((resolve, reject) => {
    let output = '';
    const take = (chunk: Buffer) => {
      output += chunk.toString('utf8');
      if (output.includes('runs at')) resolve((performance.now() - from) / 1000);
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    child.once('exit', () => reject(new Error(`npm start did not come up:\n${output.slice(-800)}`)));
  });
  await runOrThrow('npm', ['stop'], { cwd: root, env });
  await ended;
  return seconds;
}
