import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { writeTone } from '../../pbx/carrier/tone.ts';
import type { CarrierCall } from '../../pbx/carrier/carrier.ts';
import type { Fact } from '#lib/acd/facts.ts';
import { openBrowser, signIn } from './browser.ts';
import { openDesk, type TestDesk } from './desk.ts';
import { agentTone, allTones, callerTone } from './sounds.ts';
import { longestGapMs, toneTimeline } from './tones.ts';
import { createWorld, type TestAgent, type TestQueue, type World } from './world.ts';

/** What a browser that talks may lose to its own scheduling on a busy machine; a call that was broken loses seconds. */
export const glitchMs = 120;

/** A world with callers who record what they hear and a desk in Chromium: for faults that nobody may notice. */
export interface FaultWorld {
  world: World;
  /** One call talks with a desk in Chromium, for the tones to be heard at the carrier. */
  talking(queue: TestQueue, name: string): Promise<Talk>;
  /** A caller, whatever becomes of them. */
  calling(queue: TestQueue, name: string): Promise<Waiting>;
  /** A minute of a tone, for somebody to say. */
  saying(name: string, hz: number): Promise<string>;
  /** A caller who waits in the queue. */
  waiting(queue: TestQueue, name: string): Promise<Waiting>;
  /** On shift, and out of reach: the next worker finds a phone that has come back, and so who would have been offered. */
  outOfReach(name: string, queue: TestQueue): Promise<TestAgent>;
  /** The longest time without the tone, from its first to its last, in what was recorded under the name. */
  gapOf(name: string, hz: number): Promise<number>;
  /** What a supervisor sees of all queues. */
  wallboard(): Promise<Page>;
  facts<T extends Fact['type']>(type: T, queue: TestQueue): Extract<Fact, { type: T }>[];
  close(): Promise<void>;
}
export interface Waiting {
  call: CarrierCall;
  from: string;
  hangUp(): Promise<void>;
}
export interface Talk {
  call: CarrierCall;
  agent: TestAgent;
  desk: TestDesk;
  /** By the agent, at the desk. */
  end(): Promise<void>;
}

export async function createFaultWorld(expectedErrors: RegExp[] = []): Promise<FaultWorld> {
  const folder = await mkdtemp(join(tmpdir(), 'vaxel-test-'));
  const says = join(folder, 'caller');
  await writeTone(`${says}.wav`, callerTone, 90);
  await writeTone(join(folder, 'agent.wav'), agentTone, 90, 48_000);
  const world = await createWorld();
  const browser = await openBrowser({ microphone: join(folder, 'agent.wav') });
  const recording = (name: string) => join(folder, `${name}.wav`);
  let number = 0;
  async function calling(queue: TestQueue, name: string): Promise<Waiting> {
    const from = `+4670777${String((number += 1)).padStart(4, '0')}`;
    const call = await world.call(queue, { from, record: recording(name) });
    return {
      call,
      from,
      async hangUp() {
        await call.hangUp();
        await call.ended;
      }
    };
  }

  return {
    world,
    async talking(queue, name) {
      const agent = await world.agent(name, [queue]);
      const desk = await openDesk(browser, world, agent, expectedErrors);
      const call = await world.call(queue, { record: recording(name), play: says });
      await desk.answer();
      await world.fact('talk-started', ({ agentId }) => agentId === agent.userId);
      return {
        agent,
        desk,
        call,
        async end() {
          await desk.hangUp();
          await call.ended;
        }
      };
    },
    async saying(name, hz) {
      const file = join(folder, name);
      await writeTone(`${file}.wav`, hz, 60);
      return file;
    },
    async waiting(queue, name) {
      const waiting = await calling(queue, name);
      await waiting.call.answered;
      return waiting;
    },
    calling,
    async outOfReach(name, queue) {
      const agent = await world.agent(name, [queue]);
      const phone = await agent.start();
      await phone.stop();
      await world.fact('agent-state', (fact) => fact.agentId === agent.userId && fact.state === 'unreachable');
      return agent;
    },
    async wallboard() {
      const page = await (await browser.context({ expectedErrors })).newPage();
      await signIn(page, (await world.user('supervisor', 'Sven Syn')).email);
      return page;
    },
    async gapOf(name, hz) {
      const spans = await toneTimeline(recording(name), allTones);
      const first = spans.find((span) => span.hz === hz);
      const last = spans.findLast((span) => span.hz === hz);
      if (!first || !last) throw new Error(`${hz} Hz is not heard: ${JSON.stringify(spans)}`);
      return longestGapMs(spans, hz, first.fromMs, last.toMs);
    },
    facts: <T extends Fact['type']>(type: T, queue: TestQueue) =>
      world
        .facts()
        .filter(
          (fact): fact is Extract<Fact, { type: T }> =>
            fact.type === type && 'queueId' in fact && fact.queueId === queue.id
        ),
    async close() {
      await browser.close();
      await world.close();
      await rm(folder, { recursive: true, force: true });
    }
  };
}
