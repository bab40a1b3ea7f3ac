import { connectAri } from '#lib/server/pbx/asterisk/ari-client.ts';
import { id } from '#lib/acd/ids.ts';
import { softphonePassword } from '#lib/server/auth/softphone.ts';
import type { Bench, Figure } from '../../src/cli/bench.ts';
import { stackPaths } from '../../src/runtime/paths.ts';
import { freeUdpPort } from '../../src/runtime/ports.ts';
import { createSteps } from '../../src/runtime/steps.ts';
import { bringTools } from '../../src/runtime/tools.ts';
import { env } from '../support/environment.ts';
import { startRig, type RigOptions } from '../support/sip-rig/index.ts';
import { derive, type Derived } from '../support/sip-rig/observations.ts';
import { startTestStack } from '../support/test-stack.ts';
import { createWorld, type TestAgent } from '../support/world.ts';
import { asDeskPhone, startAppQueue } from './app-queue.ts';
import { cpuSeconds } from './cpu.ts';
import { percentile } from './statistics.ts';

interface Load {
  agents: number;
  talkSeconds: number;
  callsPerSecond: number;
  seconds: number;
}
interface Run extends Derived {
  cpuPerCallMs: number;
  /** The same by process. */
  cpuOf: string;
}
interface System {
  rig: Pick<RigOptions, 'sipPort' | 'devicesUrl' | 'trunkPort' | 'number' | 'agents'>;
  processes(): { name: string; pid: number }[];
  /** Once the devices are registered. */
  begin(): Promise<void>;
  stop(): Promise<void>;
}

/** A call centre that is busy, and one that is flooded. */
const busy: Load = { agents: 20, talkSeconds: 5, callsPerSecond: 3.4, seconds: 270 };
const flood: Load = { agents: 100, talkSeconds: 0.5, callsPerSecond: 120, seconds: 60 };
/** The first calls find an empty system and cold code. */
const warmUpMs = 10_000;
const leastSamples = 50;

/**
 * The same SIP load on Asterisk's app_queue and on Växel, on the same Asterisk build, one after the other: the same
 * calls at the same times with the same talk, seen by the same observer from outside, by SIP alone. On Växel Redis and
 * Postgres are in the path. Agents have desk phones on both (see `asDeskPhone`).
 *
 * `--agents N --talk S --rate R --seconds T`: a load of one's own instead of the two.
 */
const queue: Bench = async (note, options) => {
  const own = options.size > 0;
  const load = {
    agents: options.get('agents') ?? busy.agents,
    talkSeconds: options.get('talk') ?? busy.talkSeconds,
    callsPerSecond: options.get('rate') ?? busy.callsPerSecond,
    seconds: options.get('seconds') ?? busy.seconds
  };
  const figures = await compare(note, load);
  return own ? figures.busy : [...figures.busy, ...(await compare(note, flood)).flood];
};
export default queue;

async function compare(note: (text: string) => void, load: Load): Promise<{ busy: Figure[]; flood: Figure[] }> {
  const ours = await measure(note, 'Växel', load, await startVaxel(note, load));
  const theirs = await measure(note, 'app_queue', load, await startPeer(note, load));
  if (Math.min(ours.freeBesideWaitingMs.length, theirs.freeBesideWaitingMs.length) < leastSamples)
    throw new Error(`${ours.freeBesideWaitingMs.length} and ${theirs.freeBesideWaitingMs.length} offers are too few`);
  const at = `${load.agents} agents, ${load.talkSeconds} s talk, ${load.callsPerSecond} calls/s, ${load.seconds} s`;
  const p99 = (run: Run) => percentile(run.freeBesideWaitingMs, 0.99);
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const longest = (run: Run) => (100 * run.toLongestIdle) / Math.max(1, run.choices);
  const samples = ours.freeBesideWaitingMs.length;
  const round = (value: number) => Math.round(value * 100) / 100;
  const figure = (name: string, unit: string, value: number, aim: string, holds: boolean, of = samples): Figure => ({
    name,
    unit,
    value: round(value),
    aim,
    holds,
    samples: of
  });
  const times = p99(theirs) / p99(ours);
  const waits = mean(ours.waitsMs) / mean(theirs.waitsMs);
  const cpu = ours.cpuPerCallMs / theirs.cpuPerCallMs;
  note(
    `${at}: an agent free beside a waiting call, mean ${round(mean(ours.freeBesideWaitingMs))} ms (app_queue ${round(mean(theirs.freeBesideWaitingMs))}); ` +
      `mean wait ${round(mean(ours.waitsMs))} ms (${round(mean(theirs.waitsMs))}); CPU per call ${round(ours.cpuPerCallMs)} ms: ${ours.cpuOf} (${round(theirs.cpuPerCallMs)})`
  );
  return {
    busy: [
      figure('an agent is free while a call waits, p99', 'ms', p99(ours), '<= 25', p99(ours) <= 25),
      figure('the same, app_queue ÷ Växel', '×', times, '>= 40', times >= 40),
      figure('mean wait, Växel ÷ app_queue', '×', waits, '<= 0.4', waits <= 0.4, ours.waitsMs.length),
      figure('offered to the truly longest idle', '%', longest(ours), '>= 99.9', longest(ours) >= 99.9, ours.choices),
      figure('app_queue: to the truly longest idle', '%', longest(theirs), 'for comparison', true, theirs.choices)
    ],
    flood: [
      figure(`failed calls at ${load.callsPerSecond}/s`, '', ours.failed, '<= 0', ours.failed === 0, ours.calls),
      figure('double offers', '', ours.doubleOffers, '<= 0', ours.doubleOffers === 0, ours.offers),
      figure('CPU per call, Växel ÷ app_queue', '×', cpu, '<= 1.6', cpu <= 1.6, ours.calls)
    ]
  };
}

async function measure(note: (text: string) => void, name: string, load: Load, system: System): Promise<Run> {
  try {
    const rig = await startRig({
      ...system.rig,
      devices: 'udp',
      answerAfterMs: 0,
      talkMs: load.talkSeconds * 1_000,
      talk: 'exponential',
      rate: load.callsPerSecond,
      seconds: load.seconds,
      drainMs: 30_000,
      seed: 1
    });
    try {
      await system.begin();
      note(`${name}: ${load.callsPerSecond} calls/s for ${load.seconds} s`);
      const processes = system.processes();
      const cpu = () => Promise.all(processes.map(({ pid }) => cpuSeconds([pid])));
      const before = await cpu();
      const { observations, fromMs } = await rig.run();
      const usedMs = (await cpu()).map((seconds, at) => (seconds - (before[at] ?? 0)) * 1_000);
      const calls = observations.filter(({ kind }) => kind === 'call').length;
      const skip = Math.min(warmUpMs, (load.seconds * 1_000) / 10);
      const perCall = usedMs.map((ms) => ms / Math.max(1, calls));
      return {
        ...derive(observations, load.agents, fromMs + skip),
        cpuPerCallMs: perCall.reduce((sum, ms) => sum + ms, 0),
        cpuOf: processes.map(({ name: process }, at) => `${process} ${(perCall[at] ?? 0).toFixed(1)}`).join(', ')
      };
    } finally {
      await rig.close();
    }
  } finally {
    await system.stop();
  }
}

async function startVaxel(note: (text: string) => void, load: Load): Promise<System> {
  const trunkPort = await freeUdpPort();
  const stack = await startTestStack('bench', note, { trunkAlso: trunkPort });
  try {
    Object.assign(process.env, stack.environment);
    const world = await createWorld();
    const queueOfAll = await world.queue({ wrapUpSeconds: 0, logoutAfterUnanswered: 0 });
    const agents: TestAgent[] = [];
    for (let n = 0; n < load.agents; n += 1) agents.push(await world.agent(`Bench ${letters(n)}`, [queueOfAll]));
    const ari = await connectAri({
      url: env('VAXEL_ARI'),
      user: 'vaxel',
      password: env('VAXEL_ARI_PASSWORD'),
      app: 'bench',
      event: () => undefined,
      closed: () => undefined
    });
    for (const { deviceId } of agents) await asDeskPhone((...args) => ari.request(...args), deviceId);
    ari.close();
    world.leaveFacts();
    return {
      rig: {
        sipPort: Number(env('VAXEL_SIP_PORT')),
        devicesUrl: `${env('VAXEL_ARI').replace('http', 'ws')}/ws`,
        trunkPort,
        number: queueOfAll.number,
        agents: agents.map(({ deviceId }) => ({
          username: deviceId,
          password: softphonePassword(env('VAXEL_SECRET'), deviceId, 1)
        }))
      },
      // The carrier plays the public network, here as there.
      processes: () => stack.supervisor.pids().filter(({ name }) => name !== 'carrier'),
      async begin() {
        for (const agent of agents) {
          const reply = await agent.click({ type: 'start-shift', deviceId: id.device(agent.deviceId) });
          if (!reply.ok) throw new Error(`a shift did not start: ${reply.code}`);
        }
      },
      async stop() {
        await world.close();
        await stack.stop();
      }
    };
  } catch (error) {
    await stack.stop();
    throw error;
  }
}

/** Names without figures: their addresses are made of the letters. */
const letters = (n: number) => String.fromCodePoint(97 + Math.floor(n / 26), 97 + (n % 26));

async function startPeer(note: (text: string) => void, load: Load): Promise<System> {
  const [trunkPort, sipPort] = await Promise.all([freeUdpPort(), freeUdpPort()]);
  const devices = Array.from({ length: load.agents }, (_, n) => ({
    deviceId: id.device(`bench${n}`),
    kind: 'softphone' as const,
    username: `bench${n}`,
    password: `secret-${n}`
  }));
  const steps = createSteps({ tty: false, write: (text) => note(text.trim()) });
  const tools = await bringTools(stackPaths('test-bench-app-queue'), 'telephony', steps);
  const peer = await startAppQueue({ tools, sipPort, trunkPort, devices, note });
  return {
    rig: {
      sipPort,
      devicesUrl: peer.devicesUrl,
      trunkPort,
      number: '+46850000000',
      agents: devices.map(({ username, password }) => ({ username, password }))
    },
    processes: () => peer.processes(),
    begin: () => Promise.resolve(),
    stop: () => peer.stop()
  };
}
