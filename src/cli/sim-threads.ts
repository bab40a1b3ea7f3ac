import { Worker } from 'node:worker_threads';
import type { SimulationResult } from '#lib/simulation/simulate.ts';

/** As in `sim.ts`. */
export interface SeedSettings {
  whole: boolean;
  trace: boolean;
}
/** What a thread tells: a line of its trace, or that its seed is done. */
export type SeedMessage = { line: string } | { result: SimulationResult };

export interface SeedsOptions {
  from: number;
  seeds: number;
  threads: number;
  settings: SeedSettings;
  /** In order of seed. */
  tell: (result: SimulationResult) => void;
  line: (text: string) => void;
  /** For tests. */
  thread?: URL;
  limitMs?: number;
}

/** A seed takes a fifth of a second, a whole one most of a second: one that takes so long will never end. */
const seedLimitMs = 120_000;

/** Many seeds on many threads. One that takes its thread with it has failed; another thread goes on with the rest. */
export async function runSeeds(options: SeedsOptions): Promise<void> {
  const { from, seeds, threads, settings, tell, line, limitMs = seedLimitMs } = options;
  const file = options.thread ?? new URL('./sim-thread.ts', import.meta.url);
  const early = new Map<number, SimulationResult>();
  let toRun = from;
  let toTell = from;

  function settle(result: SimulationResult): void {
    early.set(result.seed, result);
    for (let due = early.get(toTell); due; due = early.get(toTell)) {
      early.delete(toTell);
      toTell += 1;
      tell(due);
    }
  }

  /** One seed at a time, so that the one a thread ended at is known: what it told just before may be lost with it. */
  function run(thread: Worker, seed: number): Promise<SimulationResult> {
    return new Promise((resolve, reject) => {
      const end = () => {
        clearTimeout(limit);
        thread.off('message', take).off('error', fail).off('exit', ended);
      };
      const fail = (error: Error) => {
        end();
        reject(error);
      };
      const take = (message: SeedMessage) => {
        if ('line' in message) return line(message.line);
        end();
        resolve(message.result);
      };
      const ended = (code: number) => fail(new Error(`its thread ended with ${code}`));
      const limit = setTimeout(() => fail(new Error(`no result within ${limitMs / 1_000} s`)), limitMs);
      thread.on('message', take).on('error', fail).on('exit', ended);
      thread.postMessage(seed);
    });
  }

  async function work(): Promise<void> {
    let thread = new Worker(file, { workerData: settings });
    while (toRun < from + seeds) {
      const seed = toRun;
      toRun += 1;
      try {
        settle(await run(thread, seed));
      } catch (error) {
        settle(without(seed, String(error)));
        await thread.terminate();
        thread = new Worker(file, { workerData: settings });
      }
    }
    await thread.terminate();
  }
  await Promise.all(Array.from({ length: threads }, work));
}

/** Of a seed that took its thread with it. */
function without(seed: number, why: string): SimulationResult {
  const nothing = { rule: null, events: 0, virtualMs: 0, digest: '', calls: 0, answered: 0, restarts: 0 };
  return { seed, failures: [`the simulator itself failed: ${why}`], ...nothing };
}
