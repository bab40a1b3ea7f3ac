import { parentPort, workerData } from 'node:worker_threads';
import { simulate } from '#lib/simulation/simulate.ts';
import type { SeedMessage, SeedSettings } from './sim-threads.ts';

/** Runs the seeds it is told. Whatever is thrown ends the thread, and its parent tells it. */
const { whole, trace } = workerData as SeedSettings;
const port = parentPort!;
const tell = (message: SeedMessage) => port.postMessage(message);

port.on('message', async (seed: number) => {
  const result = await simulate(seed, {
    wholeShare: whole ? 1 : undefined,
    trace: trace ? (line) => tell({ line }) : undefined
  });
  tell({ result });
});
