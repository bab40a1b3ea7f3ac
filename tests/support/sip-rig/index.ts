import { Worker } from 'node:worker_threads';
import type { Observation } from './observations.ts';

export interface RigOptions {
  /** Of the PBX: where calls go, `ws://…/ws` for devices, and the UDP port of ours that it takes for its trunk. */
  sipPort: number;
  devicesUrl: string;
  trunkPort: number;
  /** As dialled. */
  number: string;
  agents: { username: string; password: string }[];
  /** `ws`: as a browser's softphone (SIP over WebSocket, a WebRTC answer); `udp`: as a desk phone. */
  devices: 'ws' | 'udp';
  answerAfterMs: number;
  /** Of every call, or the mean. The agent hangs up. */
  talkMs: number;
  talk: 'fixed' | 'exponential';
  /** Calls per second (Poisson), for so long. */
  rate: number;
  seconds: number;
  /** Calls still there so long after the last one came are hung up. */
  drainMs: number;
  /** Same seed, same calls: when they come and how long they talk. */
  seed: number;
}

export interface Rig {
  /** Runs the load to its end. Observations are in order of time, from `fromMs` (epoch) on. */
  run(): Promise<{ observations: Observation[]; fromMs: number }>;
  close(): Promise<void>;
}

/** Callers and agents by SIP alone, in a thread of their own. Resolves when all devices are registered. */
export async function startRig(options: RigOptions): Promise<Rig> {
  const worker = new Worker(new URL('./rig.ts', import.meta.url), { workerData: options });
  const next = () =>
    new Promise<Record<string, unknown>>((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
    });
  const first = await next();
  if (first.type !== 'ready') throw new Error('the rig did not become ready');
  return {
    async run() {
      const done = next();
      worker.postMessage('start');
      const { observations, fromMs } = (await done) as unknown as { observations: Observation[]; fromMs: number };
      return { observations, fromMs };
    },
    async close() {
      await worker.terminate();
    }
  };
}
